"""The walk through Freshdesk's ticket list, oldest change first, that never skips and can stop anywhere.

After each page the window starts again at the newest change seen: a row that is changed during the walk moves to the end
and is met there, and no row can slip to a page already read. Only where a whole page shares one second do pages count on;
such a second is walked again until a walk meets nothing new, since the order within it means nothing (fact sheet §11.3).

What was taken in is known by our own rows: a ticket is unseen while its change is newer than the one we hold, or while we
read it so soon after the change that another may have followed within the same second.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.utils import timezone

from support.freshdesk import Freshdesk
from support.freshdesk.client import Page
from support.freshdesk.shapes import Ticket as RemoteTicket
from support.freshdesk.shapes import moment
from support.models import SyncCursor, Ticket
from support.states import GoneReason
from support.sync import disappearing, leases, ledger
from support.sync.pulling import Pulled, pull_listed, pull_many, pull_ticket

BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)
OVERLAP = timedelta(seconds=120)
QUIET = timedelta(minutes=5)  # after which nothing can still appear behind the newest change
SETTLED = timedelta(seconds=10)  # between a change and a reading that surely holds everything of its second
PAUSE = timedelta(seconds=2)  # before such a reading is tried again
LEASE = timedelta(minutes=5)  # longer than one batch's answers; whose holder died on this machine is free at once
LAST_PAGE = 290  # Freshdesk refuses the 301st
WALKS_OF_A_SECOND = 10
SWEEPS = ("deleted", "spam")
CURSOR = "tickets"
Tell = Callable[[int, datetime], None]


@dataclass
class Walked:
    """What a walk came to, ticket by ticket."""

    counts: dict[Pulled, int] = field(default_factory=lambda: dict.fromkeys(Pulled, 0))
    tell: Tell | None = None

    def count(self, outcomes: Collection[Pulled]) -> None:
        for outcome in outcomes:
            self.counts[outcome] += 1

    @property
    def pulled(self) -> int:
        return sum(self.counts.values())

    @property
    def news(self) -> int:
        return self.pulled - self.counts[Pulled.UNCHANGED]


def pull_changes(freshdesk: Freshdesk, *, from_beginning: bool = False, tell: Tell | None = None, wait: bool = False) -> Walked:
    """Bring in every ticket changed since the last walk, and every one deleted or marked as spam. Raises Unavailable half-way, losing nothing.

    `tell` hears after each page how many tickets were taken in and up to which change. `wait` until another walk has ended;
    otherwise nothing is done while there is one.
    """
    walked = Walked(tell=tell)
    cursor = leases.take_when_free(CURSOR, lease=LEASE) if wait else leases.take(CURSOR, lease=LEASE)
    if cursor is None:
        return walked
    try:
        if from_beginning:
            cursor.value = {**leases.held(cursor), "again_before": timezone.now().isoformat()}
        _Walk(freshdesk, cursor, walked).whole()
        for place in SWEEPS:
            _sweep(freshdesk, cursor, place, walked)
        for number in _missing():
            walked.count([pull_ticket(freshdesk, number)])
    finally:
        leases.release(cursor)
    return walked


def is_first(cursor: SyncCursor | None = None) -> bool:
    """Whether no walk has come to an end yet: the first import."""
    known = cursor or SyncCursor.objects.filter(name=CURSOR).first()
    return known is None or "whole_at" not in known.value


@dataclass
class _Walk:
    """One walk from the cursor to the end of the list."""

    freshdesk: Freshdesk
    cursor: SyncCursor
    walked: Walked
    crowded: list[datetime] = field(default_factory=list)

    def whole(self) -> None:
        window, number = self._start(), 1
        include = ("description",) if self._is_lean() else ()
        while True:
            asked_at = timezone.now()
            page = self.freshdesk.tickets(updated_since=window, page=number, include=include)
            newest = max((row.updated_at for row in page.items if row.updated_at), default=window)
            self._take_in(page, listed_at=asked_at if include else None)
            self._keep(min(newest, page.at or asked_at))
            if newest <= window and page.has_next:
                self._crowd(window)
            if not page.has_next:
                break
            if newest <= window and number >= LAST_PAGE:
                self._from_every_end(window)
                newest = window + SECOND
            window, number = (newest, 1) if newest > window else (window, number + 1)
        for second in self.crowded:
            self._again(second)
        self._finish()

    def _start(self) -> datetime:
        """The newest change taken in, less what may still appear behind it."""
        since, reached = self._moment("since"), self._moment("reached_at")
        if since is None:
            return BEGINNING
        is_quiet = reached is not None and timezone.now() - reached >= QUIET
        return since + SECOND if is_quiet and "whole_at" in self.cursor.value else since - OVERLAP

    def _is_lean(self) -> bool:
        """Without the files of descriptions a first import needs no ticket by itself: half the credits (fact sheet §11.6, route A)."""
        return is_first(self.cursor) and not settings.FRESHDESK_TICKET_FILES

    def _take_in(self, page: Page[RemoteTicket], *, listed_at: datetime | None = None) -> int:
        """Fetch what is unseen, and hold the lease meanwhile; how many there were. `listed_at`: the page itself holds the descriptions."""
        unseen = self._unseen(page)
        rows = pull_listed(self.freshdesk, unseen, at=page.at, asked_at=listed_at) if listed_at else None
        for outcomes in rows or pull_many(self.freshdesk, [row.id or 0 for row in unseen]):
            self.walked.count(outcomes)
            leases.renew(self.cursor, lease=LEASE)
        return len(unseen)

    def _unseen(self, page: Page[RemoteTicket]) -> list[RemoteTicket]:
        numbers = [row.id or 0 for row in page.items if row.id]
        ours = {each.freshdesk_id: each for each in Ticket.objects.filter(freshdesk_id__in=numbers).only(*SEEN_BY)}
        again = self._moment("again_before")
        return [row for row in page.items if row.id and _is_unseen(row, ours.get(row.id), again)]

    def _keep(self, newest: datetime) -> None:
        """Move on after a whole page: from here a crash goes on. `newest` is never ahead of the server's clock, or what changes until then is lost."""
        since = self._moment("since")
        if since is None or newest > since:
            self.cursor.value = {**self.cursor.value, "since": newest.isoformat(), "reached_at": timezone.now().isoformat()}
        leases.keep(self.cursor, lease=LEASE)
        if self.walked.tell:
            self.walked.tell(self.walked.pulled, newest)

    def _crowd(self, second: datetime) -> None:
        if second not in self.crowded:
            self.crowded.append(second)

    def _again(self, second: datetime) -> None:
        """A second that filled more than a page, until a walk through it meets nothing new."""
        for _ in range(WALKS_OF_A_SECOND):
            if not sum(self._take_in(page) for page in self._pages_of(second)):
                return
        ledger.alert(f"The second {second:%Y-%m-%d %H:%M:%S} of Freshdesk's list does not come to rest.")

    def _pages_of(self, second: datetime) -> Iterator[Page[RemoteTicket]]:
        for number in range(1, LAST_PAGE + 1):
            page = self.freshdesk.tickets(updated_since=second, page=number)
            yield page
            if not page.has_next or all(row.updated_at and row.updated_at > second for row in page.items):
                return

    def _from_every_end(self, second: datetime) -> None:
        """More tickets share one second than the list shows: look at it from its other ends, where other rows come first."""
        for order_by, order_type in OTHER_ENDS:
            for number in range(1, LAST_PAGE + 1):
                page = self.freshdesk.tickets(updated_since=second, page=number, order_by=order_by, order_type=order_type)
                if (not self._take_in(page) and order_by == "updated_at") or not page.has_next:
                    return  # met what the walk from the front has seen, or the other end: nothing lies between
        ledger.alert(f"More tickets changed within {second:%Y-%m-%d %H:%M:%S} than Freshdesk lists; compare both sides.")

    def _finish(self) -> None:
        value = {key: kept for key, kept in self.cursor.value.items() if key != "again_before"}
        self.cursor.value = {**value, "whole_at": timezone.now().isoformat()}

    def _moment(self, name: str) -> datetime | None:
        return moment(self.cursor.value.get(name, ""))


SEEN_BY = ("freshdesk_id", "remote_updated_at", "read_at", "synced_at", "gone_reason")
OTHER_ENDS = (("updated_at", "desc"), ("created_at", "asc"), ("created_at", "desc"))
BATCH_OF_MISSING = 20


def _missing() -> list[int]:
    """Whom to ask for once more; one alone while so many are missing that the key must have lost its scope."""
    due = disappearing.due().order_by("missing_since", "pk")
    if not due.exists():
        return []
    most = 1 if disappearing.are_many() else BATCH_OF_MISSING
    return [number or 0 for number in due.values_list("freshdesk_id", flat=True)[:most]]


def _is_unseen(row: RemoteTicket, ours: Ticket | None, again: datetime | None) -> bool:
    """Whether there may be something in it that we have not read. `again`: everything read before that moment is to be read once more."""
    if ours is None or ours.remote_updated_at is None or ours.read_at is None:
        return True
    if ours.gone_reason and ours.gone_reason != GoneReason.MERGED:  # listed, so it is back
        return True
    if row.updated_at is None or row.updated_at > ours.remote_updated_at:
        return True
    if again is not None and (ours.synced_at is None or ours.synced_at < again):
        return True
    is_settled = ours.read_at - ours.remote_updated_at >= SETTLED
    return not is_settled and (ours.synced_at is None or timezone.now() - ours.synced_at >= PAUSE)


def _sweep(freshdesk: Freshdesk, cursor: SyncCursor, place: str, walked: Walked) -> None:
    """The plain list leaves out what was deleted or marked as spam: ask for it, and pull what we did not know to be gone."""
    since = moment(cursor.value.get(place, "")) or timezone.now() - timedelta(days=30)
    page, newest = 1, since
    while True:
        found = freshdesk.tickets(updated_since=since - OVERLAP, page=page, filter_name=place)
        ids = [row.id for row in found.items]
        known = Ticket.objects.filter(freshdesk_id__in=ids, gone_reason="").values_list("freshdesk_id", flat=True)
        for outcomes in pull_many(freshdesk, [number or 0 for number in known]):
            walked.count(outcomes)
        newest = max([newest, *(row.updated_at for row in found.items if row.updated_at)])
        if not found.has_next or page >= LAST_PAGE:
            break
        page += 1
    cursor.value = {**cursor.value, place: newest.isoformat()}
