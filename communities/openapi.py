"""What the description of the API is about, and how it tells of the token."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension

Endpoint = tuple[str, str, str, Callable[..., Any]]


def only_ours(endpoints: list[Endpoint]) -> list[Endpoint]:
    """The API's own endpoints; Wagtail's editor has some that are nobody else's to call."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith("/api/v1/")]


class TokenScheme(OpenApiAuthenticationExtension):
    """`Authorization: Token …`."""

    target_class = "communities.tokens.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:  # noqa: ARG002  the package's signature
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": "`Token …`, made in your settings."}
