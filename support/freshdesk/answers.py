"""What an answer of Freshdesk's means: good, to be asked again, or refused. Bodies come as JSON, as HTML from the edge, or not at all. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx

from ground.errors import Rejected, Unavailable
from support.freshdesk import headers

PAUSE_UNTOLD = 60.0  # seconds after a 429 that does not say how long


class Throttled(Unavailable):
    """Nothing was done: the account's minute is used up."""


@dataclass(frozen=True)
class Answer:
    """A good answer: its JSON (None when empty), the server's clock, whether there is another page."""

    status: int
    payload: Any
    at: datetime | None
    has_next_page: bool


def understand(response: httpx.Response, *, expect: type | None = None) -> Answer:
    """Raises Throttled, Unavailable or Rejected. `expect`: the JSON type without which an answer is not one."""
    changes = response.request.method != "GET"
    if response.status_code == 429:
        raise Throttled("Freshdesk asks us to slow down", retry_after=headers.retry_after(response.headers) or PAUSE_UNTOLD)
    if response.status_code >= 500:
        raise Unavailable(
            f"Freshdesk answered {response.status_code}", retry_after=headers.retry_after(response.headers), outcome_unknown=changes
        )
    if not response.is_success:
        raise _rejection(response)
    return Answer(
        status=response.status_code,
        payload=_content(response, expect, changes=changes),
        at=headers.answered_at(response.headers),
        has_next_page=headers.has_next_page(response.headers),
    )


def _content(response: httpx.Response, expect: type | None, *, changes: bool) -> Any:
    """What nobody waits for may be empty or odd; what somebody waits for is of its type."""
    try:
        content = response.json() if response.content else None
    except (ValueError, RecursionError) as error:
        if expect is None:
            return None
        raise Unavailable("Freshdesk answered something that is not JSON", outcome_unknown=changes) from error
    if expect is not None and not isinstance(content, expect):
        raise Unavailable(f"Freshdesk answered {type(content).__name__} in place of {expect.__name__}", outcome_unknown=changes)
    return content


def _rejection(response: httpx.Response) -> Rejected:
    body = _refusal_body(response)
    listed = body.get("errors")
    errors = [error for error in listed if isinstance(error, dict)] if isinstance(listed, list) else []
    words = body.get("message") or body.get("description") or response.reason_phrase
    details = "; ".join(f"{error.get('field', '')}: {error.get('message', '')} ({error.get('code', '')})" for error in errors)
    message = f"Freshdesk answered {response.status_code}: {words}"
    code = body.get("code") or next((error.get("code") for error in errors), "") or ""
    return Rejected(f"{message} ({details})" if details else message, status=response.status_code, errors=errors, code=str(code))


def _refusal_body(response: httpx.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}
