"""One account's connection: authorised, timed, counted, and what goes wrong translated."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

import httpx
import stamina

from ground.errors import Rejected, Unavailable
from support.freshdesk import headers

TIMEOUT = httpx.Timeout(30, connect=5)
ATTEMPTS = 3
PATIENCE = 5.0  # seconds worth waiting in place; beyond that the caller comes back later
NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


@dataclass(frozen=True)
class Answer:
    """A good answer: its JSON (None when empty), the server's clock, whether there is another page."""

    status: int
    payload: Any
    at: datetime | None
    has_next_page: bool


class Wire:
    """Requests below one API address; the key goes nowhere else, since only relative paths are accepted and redirects are not followed."""

    def __init__(self, base_url: str, api_key: str, *, transport: httpx.BaseTransport | None = None, patience: float = PATIENCE) -> None:
        self._http = httpx.Client(
            base_url=f"{base_url.rstrip('/')}/api/v2/",
            auth=(api_key, "X"),
            timeout=TIMEOUT,
            transport=transport,
            follow_redirects=False,
            headers={"Accept": "application/json"},
        )
        self._patience = patience
        self.credits_used = 0.0
        self.budget = headers.Credits()

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> Answer:
        """Read; tried again when Freshdesk stumbles."""
        return self._again("GET", path, params=params)

    def put(self, path: str, payload: Mapping[str, Any]) -> Answer:
        """Change to absolute values; saying it twice is the same, so it is tried again."""
        return self._again("PUT", path, json=payload)

    def post(self, path: str, payload: Mapping[str, Any]) -> Answer:
        """Create, once. Unavailable with `outcome_unknown` means: look before asking again."""
        return self._send("POST", path, json=payload)

    def close(self) -> None:
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _again(self, method: str, path: str, **content: Any) -> Answer:
        for attempt in stamina.retry_context(
            on=self._worth_another_try, attempts=ATTEMPTS, timeout=None, wait_initial=0.2, wait_max=2, wait_jitter=0.3
        ):
            with attempt:
                return self._send(method, path, **content)
        raise AssertionError("stamina raises the last error")

    def _send(self, method: str, path: str, **content: Any) -> Answer:
        if "://" in path or path.startswith("/"):
            raise ValueError(f"{path!r} is not relative to the API")
        try:
            response = self._http.request(method, path, **content)
        except NOT_SENT as error:
            raise Unavailable(f"Freshdesk cannot be reached: {error or type(error).__name__}") from error
        except httpx.TransportError as error:
            raise Unavailable(f"Freshdesk broke off: {error or type(error).__name__}", outcome_unknown=method != "GET") from error
        self._count(response)
        return _understand(response)

    def _worth_another_try(self, error: Exception) -> bool | float:
        if not isinstance(error, Unavailable):
            return False
        if error.retry_after is None:
            return True
        return error.retry_after if error.retry_after <= self._patience else False

    def _count(self, response: httpx.Response) -> None:
        self.budget = headers.credits_in(response.headers)
        self.credits_used += self.budget.used


def _understand(response: httpx.Response) -> Answer:
    changes = response.request.method != "GET"
    if response.status_code == 429:
        raise Unavailable("Freshdesk asks us to slow down", retry_after=headers.retry_after(response.headers) or 60.0)
    if response.status_code >= 500:
        raise Unavailable(
            f"Freshdesk answered {response.status_code}", retry_after=headers.retry_after(response.headers), outcome_unknown=changes
        )
    if not response.is_success:
        raise _rejection(response)
    return Answer(
        status=response.status_code,
        payload=_content(response, changes=changes),
        at=headers.answered_at(response.headers),
        has_next_page=headers.has_next_page(response.headers),
    )


def _content(response: httpx.Response, *, changes: bool) -> Any:
    if not response.content:
        return None
    try:
        return response.json()
    except ValueError as error:
        raise Unavailable("Freshdesk answered something that is not JSON", outcome_unknown=changes) from error


def _rejection(response: httpx.Response) -> Rejected:
    body = _refusal_body(response)
    errors = [error for error in body.get("errors") or [] if isinstance(error, dict)]
    words = body.get("message") or body.get("description") or response.reason_phrase
    details = "; ".join(f"{error.get('field', '')}: {error.get('message', '')} ({error.get('code', '')})" for error in errors)
    message = f"Freshdesk answered {response.status_code}: {words}"
    return Rejected(f"{message} ({details})" if details else message, status=response.status_code, errors=errors)


def _refusal_body(response: httpx.Response) -> dict[str, Any]:
    """Refusals come as JSON, as HTML from the edge, or empty."""
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
