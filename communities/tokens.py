"""API tokens: Wagtail's rows (shown once, kept as a keyed hash), and DRF's way of reading them."""

from datetime import timedelta
from typing import cast

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from wagtail.models import APIToken

from communities.models import User
from ground.actors import ActingRequest, Actor


def mint(user: User, *, name: str) -> str:
    """Make a token of that person and return it; it cannot be read again."""
    plain: str = APIToken.create_token(user=user, name=name)[1]
    return plain


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Token …`. Staff make tokens on a page that wants their second factor, or at the shell, which has the site anyway."""

    def authenticate(self, request: Request) -> tuple[User, APIToken] | None:
        scheme, _space, value = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != "token":
            return None
        hashes = APIToken.candidate_key_hashes(value.strip())
        token = APIToken.objects.select_related("user").filter(key_hash__in=hashes, revoked_at__isnull=True, user__is_active=True).first()
        if token is None:
            raise AuthenticationFailed(_("This token is not known."))
        _mark_used(token)
        cast("ActingRequest", request._request).actor = Actor.token(token.user)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002  DRF's signature
        return "Token"


def _mark_used(token: APIToken) -> None:
    """Once in five minutes is often enough."""
    now = timezone.now()
    if token.last_used_at is None or token.last_used_at < now - timedelta(minutes=5):
        APIToken.objects.filter(pk=token.pk).update(last_used_at=now)
