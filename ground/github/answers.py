"""What an answer of GitHub's means: good, to be asked again later, or refused. Pure."""

from collections.abc import Mapping
from typing import Any

import httpx

from ground.errors import Rejected, Unavailable

PAUSE_UNTOLD = 60.0  # seconds after a limit that does not say how long, as GitHub advises
NOT_MODIFIED = 304


class Throttled(Unavailable):
    """Nothing was done: GitHub asks us to wait."""


def understand(response: httpx.Response, *, now: float) -> None:
    """Raises Throttled, Unavailable or Rejected unless the answer is a good one. `now` is in seconds since 1970."""
    if response.is_success or response.status_code == NOT_MODIFIED:
        return
    if is_limit(response):
        raise Throttled("GitHub asks us to slow down", retry_after=pause(response.headers, now=now))
    if response.status_code >= 500:
        raise Unavailable(f"GitHub answered {response.status_code}", outcome_unknown=response.request.method != "GET")
    raise _rejection(response)


def is_limit(response: httpx.Response) -> bool:
    """429, or a 403 that says so: by its headers, or by its words alone (the secondary limit)."""
    if response.status_code == 429:
        return True
    if response.status_code != 403:
        return False
    if "retry-after" in response.headers or response.headers.get("x-ratelimit-remaining") == "0":
        return True
    return "rate limit" in str(_body(response).get("message", "")).lower()


def pause(headers: Mapping[str, str], *, now: float) -> float:
    """Seconds to wait: Retry-After first, then the moment at which the limit is reset, else a minute."""
    told = headers.get("retry-after", "")
    if told.isascii() and told.isdigit():
        return float(told[:6])
    reset = headers.get("x-ratelimit-reset", "")
    if headers.get("x-ratelimit-remaining") == "0" and reset.isascii() and reset.isdigit():
        return min(max(float(reset[:12]) - now, 1.0), 3600.0)
    return PAUSE_UNTOLD


def content(response: httpx.Response, expect: type) -> Any:
    """The JSON, of the type that somebody waits for. Raises Unavailable."""
    changes = response.request.method != "GET"
    try:
        said = response.json()
    except (ValueError, RecursionError) as error:
        raise Unavailable("GitHub answered something that is not JSON", outcome_unknown=changes) from error
    if not isinstance(said, expect):
        raise Unavailable(f"GitHub answered {type(said).__name__} in place of {expect.__name__}", outcome_unknown=changes)
    return said


def _rejection(response: httpx.Response) -> Rejected:
    body = _body(response)
    listed = body.get("errors")
    errors = listed if isinstance(listed, list) else []
    words = body.get("message") or response.reason_phrase
    return Rejected(f"GitHub answered {response.status_code}: {words}", status=response.status_code, errors=errors)


def _body(response: httpx.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}
