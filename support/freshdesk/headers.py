"""What Freshdesk says beside its answers: credits, how long to wait, whether there is another page. Pure."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

NEXT_PAGE = re.compile(r"<\s*[^>]*>\s*;\s*rel=\"?next\"?", re.IGNORECASE)


@dataclass(frozen=True)
class Credits:
    """The account's budget as one answer shows it; None where the header is missing."""

    used: float = 1.0
    remaining: float | None = None
    total: float | None = None


def credits_in(headers: Mapping[str, str]) -> Credits:
    """Rate headers are float strings ("45.0"), integers in the docs, and sometimes absent."""
    used = _number(headers.get("x-ratelimit-used-currentrequest"))
    return Credits(
        used=1.0 if used is None else used,
        remaining=_number(headers.get("x-ratelimit-remaining")),
        total=_number(headers.get("x-ratelimit-total")),
    )


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait: a number, or a date counted from the answer's own date."""
    value = headers.get("retry-after", "")
    seconds = _number(value)
    if seconds is not None:
        return seconds
    until, now = _moment(value), answered_at(headers)
    if until is None:
        return None
    return max((until - (now or datetime.now(UTC))).total_seconds(), 0.0)


def answered_at(headers: Mapping[str, str]) -> datetime | None:
    """The server's clock, which cursors trust instead of ours."""
    return _moment(headers.get("date", ""))


def has_next_page(headers: Mapping[str, str]) -> bool:
    return bool(NEXT_PAGE.search(headers.get("link", "")))


def _number(value: str | None) -> float | None:
    """A figure that can be counted with; "inf", a negative or a word is none."""
    try:
        figure = float(value or "")
    except ValueError:
        return None
    return figure if math.isfinite(figure) and figure >= 0 else None


def _moment(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
