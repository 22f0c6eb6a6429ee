"""The walk through Freshdesk's ticket list, oldest change first, that never skips and can stop anywhere.

After each page the window starts again at the newest change seen: a row that is changed during the walk moves to the end
and is met there, and no row can slip to a page already read. Only when a whole page shares one second do pages count on.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from support.freshdesk import Freshdesk
from support.freshdesk.client import Page
from support.freshdesk.shapes import Ticket as RemoteTicket
from support.freshdesk.shapes import moment
from support.models import SyncCursor, Ticket
from support.sync.pulling import Pulled, pull_ticket

BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
OVERLAP = timedelta(seconds=120)
LEASE = timedelta(seconds=45)  # longer than one ticket's two answers
LAST_PAGE = 290  # Freshdesk refuses the 301st
SWEEPS = ("deleted", "spam")


@dataclass
class Walked:
    """What a walk came to, pull by pull."""

    counts: dict[Pulled, int] = field(default_factory=lambda: dict.fromkeys(Pulled, 0))

    def count(self, pulled: Pulled) -> None:
        self.counts[pulled] += 1

    @property
    def pulled(self) -> int:
        return sum(self.counts.values())


def pull_changes(freshdesk: Freshdesk, *, from_beginning: bool = False) -> Walked:
    """Bring in every ticket changed since the last walk, and every one deleted or marked as spam. Raises Unavailable half-way, losing nothing."""
    walked = Walked()
    cursor = _take("tickets")
    if cursor is None:
        return walked
    try:
        if from_beginning:
            cursor.value = {}
        while _walk(freshdesk, cursor, walked):
            pass
        for place in SWEEPS:
            _sweep(freshdesk, cursor, place, walked)
    finally:
        cursor.leased_until = None
        cursor.save(update_fields=["value", "leased_until", "updated_at"])
    return walked


def _walk(freshdesk: Freshdesk, cursor: SyncCursor, walked: Walked) -> bool:
    """One pass from the cursor to the end; whether it met anything new, so that another pass is worth its credit."""
    start = _since(cursor) - OVERLAP
    window, page, met = start, 1, False
    while True:
        found = freshdesk.tickets(updated_since=window, page=page)
        fresh = _unseen(cursor, found)
        for row in fresh:
            walked.count(pull_ticket(freshdesk, row.id or 0))
            _saw(cursor, row)
        met = met or bool(fresh)
        newest = max((row.updated_at for row in found.items if row.updated_at), default=window)
        _keep(cursor, found, newest)
        if not found.has_next or page >= LAST_PAGE:
            return met
        window, page = (newest, 1) if newest > window else (window, page + 1)


def _sweep(freshdesk: Freshdesk, cursor: SyncCursor, place: str, walked: Walked) -> None:
    """The plain list leaves out what was deleted or marked as spam: ask for it, and pull what we did not know to be gone."""
    since = moment(cursor.value.get(place, "")) or _since(cursor) - timedelta(days=30)
    page, newest = 1, since
    while True:
        found = freshdesk.tickets(updated_since=since - OVERLAP, page=page, filter_name=place)
        ids = [row.id for row in found.items]
        for freshdesk_id in Ticket.objects.filter(freshdesk_id__in=ids, gone_reason="").values_list("freshdesk_id", flat=True):
            walked.count(pull_ticket(freshdesk, freshdesk_id or 0))
        newest = max([newest, *(row.updated_at for row in found.items if row.updated_at)])
        if not found.has_next or page >= LAST_PAGE:
            break
        page += 1
    cursor.value[place] = newest.isoformat()
    cursor.save(update_fields=["value", "updated_at"])


def _take(name: str) -> SyncCursor | None:
    """The cursor, for as long as the lease; None while another walk holds it."""
    SyncCursor.objects.get_or_create(name=name)
    now = timezone.now()
    free = Q(leased_until=None) | Q(leased_until__lt=now)
    taken = SyncCursor.objects.filter(free, name=name).update(leased_until=now + LEASE)
    return SyncCursor.objects.get(name=name) if taken else None


def _since(cursor: SyncCursor) -> datetime:
    return moment(cursor.value.get("since", "")) or BEGINNING + OVERLAP


def _unseen(cursor: SyncCursor, found: Page[RemoteTicket]) -> list[RemoteTicket]:
    seen = {tuple(each) for each in cursor.value.get("seen", ())}
    return [row for row in found.items if (row.id, _written(row)) not in seen]


def _saw(cursor: SyncCursor, row: RemoteTicket) -> None:
    """A walk that breaks off within a page does not pull the same tickets again."""
    cursor.value = {**cursor.value, "seen": [*cursor.value.get("seen", ()), [row.id, _written(row)]]}
    SyncCursor.objects.filter(pk=cursor.pk).update(leased_until=timezone.now() + LEASE)


def _keep(cursor: SyncCursor, found: Page[RemoteTicket], newest: datetime) -> None:
    """Move on after a whole page: never past the server's clock less the overlap, so that what lags behind is met again."""
    ceiling = found.at - OVERLAP if found.at else newest
    since = max(_since(cursor), min(newest, ceiling))
    seen = {tuple(each) for each in cursor.value.get("seen", ())} | {(row.id, _written(row)) for row in found.items}
    recent = sorted(each for each in seen if (moment(each[1]) or newest) >= since - OVERLAP)
    cursor.value = {**cursor.value, "since": since.isoformat(), "seen": [list(each) for each in recent]}
    cursor.leased_until = timezone.now() + LEASE
    cursor.save(update_fields=["value", "leased_until", "updated_at"])


def _written(row: RemoteTicket) -> str:
    return row.updated_at.isoformat() if row.updated_at else ""
