"""Both sides compared ticket by ticket; what may be repaired is read again, what would be a mass disappearance is left to a person."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from support.freshdesk import Freshdesk
from support.freshdesk.client import Page
from support.freshdesk.shapes import Ticket as RemoteTicket
from support.models import Clash, Message, SyncPass, Ticket
from support.states import GoneReason, StatusGroup, SyncState
from support.sync import disappearing, passes, refreshing
from support.sync.passes import Tally
from support.sync.pulling import pull_many
from support.sync.walking import BEGINNING, LAST_PAGE, SECOND
from support.sync.writing import Pulled

ACTIVE = timedelta(days=7)  # edits and deletions of conversations leave no trace on the ticket (fact sheet §9): these are read again
NOT_LISTED = (GoneReason.DELETED, GoneReason.SPAM, GoneReason.ARCHIVED, GoneReason.MISSING)
Tell = Callable[[int, int], None]
Facts = tuple[int | None, int | None, str, int | None, datetime | None]  # status, priority, subject, responder, last change


@dataclass(frozen=True)
class Reconciled:
    """How many tickets were compared, how many were brought in line, how many things are left for a person."""

    compared: int
    repaired: int
    left: int


def reconcile(freshdesk: Freshdesk, *, tell: Tell | None = None) -> Reconciled:
    """Raises Unavailable half-way; what was repaired stays repaired."""
    tally = Tally()
    with passes.recorded(SyncPass.Kind.RECONCILE, freshdesk, tally):
        refreshing.refresh(freshdesk, everything=True)
        return _reconcile(freshdesk, tally, tell)


def _reconcile(freshdesk: Freshdesk, tally: Tally, tell: Tell | None) -> Reconciled:
    theirs = {row.id or 0: _facts(row) for row in _everything(freshdesk)}
    ours = {row.number: row for row in _ours()}
    differing = [number for number, remote in theirs.items() if number not in ours or ours[number].differs(remote)]
    vanished = [number for number, row in ours.items() if number not in theirs and row.should_be_listed]
    are_trusted = not disappearing.are_many(also=len(vanished))
    if are_trusted:
        disappearing.suspect(vanished)
    again = [number for number, row in ours.items() if number in theirs and row.is_active and number not in set(differing)]
    suspects = [*differing, *(vanished if are_trusted else [])]
    repaired = _read_again(freshdesk, [*suspects, *again], tally, tell)
    unproven = disappearing.missing().count() if are_trusted else len(vanished)
    return Reconciled(compared=len(theirs.keys() | ours.keys()), repaired=repaired, left=unproven + _stuck())


@dataclass(frozen=True)
class Seen:
    """What tells our row from theirs."""

    number: int
    status: int
    priority: int
    subject: str
    responder: int | None
    changed_at: datetime | None
    waits: bool
    gone: str
    is_active: bool

    @property
    def should_be_listed(self) -> bool:
        return self.gone not in NOT_LISTED

    def differs(self, there: Facts) -> bool:
        """A row that still waits to be sent may differ; its own push will tell."""
        if self.waits:
            return False
        here = (self.status, self.priority, self.subject, self.responder, self.changed_at)
        return here != there or not self.should_be_listed


def _facts(remote: RemoteTicket) -> Facts:
    return (remote.status, remote.priority, remote.subject[:255], remote.responder_id, remote.updated_at)


def _ours() -> Iterator[Seen]:
    lately = timezone.now() - ACTIVE
    rows = Ticket.objects.exclude(freshdesk_id=None).order_by()
    columns = ("freshdesk_id", "status_id", "priority", "subject", "remote_raw__responder_id", "remote_updated_at", "next_attempt_at")
    for row in rows.values_list(*columns, "gone_reason", "updated_at", "status__group").iterator():
        number, status, priority, subject, responder, changed_at, attempt, gone, updated_at, group = row
        is_active = updated_at >= lately or group in {StatusGroup.OPEN, StatusGroup.WAITING}
        yield Seen(number or 0, status, priority, subject, responder, changed_at, attempt is not None, gone, is_active)


def _everything(freshdesk: Freshdesk) -> Iterator[RemoteTicket]:
    """Every listed ticket, walked so that nothing is skipped."""
    window, number = BEGINNING, 1
    while True:
        page: Page[RemoteTicket] = freshdesk.tickets(updated_since=window, page=number)
        yield from page.items
        newest = max((row.updated_at for row in page.items if row.updated_at), default=window)
        if not page.has_next:
            return
        if newest <= window and number >= LAST_PAGE:
            newest = window + SECOND
        window, number = (newest, 1) if newest > window else (window, number + 1)


def _read_again(freshdesk: Freshdesk, numbers: list[int], tally: Tally, tell: Tell | None) -> int:
    repaired = done = 0
    for outcomes in pull_many(freshdesk, numbers):
        tally.pulled += len(outcomes)
        repaired += sum(outcome != Pulled.UNCHANGED for outcome in outcomes)
        done += len(outcomes)
        tally.updated = repaired
        if tell:
            tell(done, len(numbers))
    return repaired


def _stuck() -> int:
    dead = sum(model.objects.filter(sync_state=SyncState.DEAD).count() for model in (Ticket, Message))
    return dead + Clash.objects.open().values("ticket").distinct().count()
