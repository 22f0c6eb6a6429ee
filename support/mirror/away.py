"""Whether Freshdesk is away: asked once in a few seconds for everybody, so that pages of the desk cost no query for saying so."""

from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache

from support import sync
from support.sync import account

FRESH = 5  # seconds


@dataclass(frozen=True)
class Away:
    """Since when Freshdesk does not answer, or takes our key no more."""

    since: datetime | None
    is_key_refused: bool


def away() -> Away | None:
    """None while Freshdesk answers, and on a desk that works alone."""
    if not sync.is_connected():
        return None
    known: Away | None = cache.get_or_set(f"freshdesk-away:{account.account_name()}", _ask, FRESH)
    return known


def _ask() -> Away | None:
    standing = account.standing()
    return Away(since=standing.since, is_key_refused=standing.key_refused_at is not None) if standing.is_away else None
