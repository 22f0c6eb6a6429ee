"""What became of a row that went outside, written on the row: sent, waiting, uncertain, refused.

What is created is marked `attempted_at` before it leaves. A row that still carries the mark may have arrived: it is
looked for at growing distances, and sent again only after the last look has found nothing (§11.4 of the fact sheet).
"""

from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum
from typing import TypeVar

from django.utils import timezone

from ground.errors import Rejected, Unavailable
from ground.outbox import backoff
from support.models import Message, Ticket
from support.states import GoneReason, SyncState
from support.sync import ledger

LOOKS = (5, 15, 60, 300)  # seconds after it left
PATIENT_ATTEMPTS = 7  # an outage is no reason to give up: from here on every five minutes
KEY_REFUSED = 401
NOT_NOW = frozenset({404, 405})  # the ticket is not there, or in the trash: it may come back
PAUSE_WHILE_GONE = 600.0
COMES_BACK = ("", GoneReason.DELETED, GoneReason.SPAM)

Sent = TypeVar("Sent")
Row = Ticket | Message


class Outcome(StrEnum):
    """What a push or a fetch came to."""

    NOTHING = "nothing"
    PUSHED = "pushed"
    PULLED = "pulled"
    WAITING = "waiting"
    UNKNOWN = "unknown"
    DEAD = "dead"


class Taken(Exception):
    """Another worker is sending this row, or has sent it."""


def send(row: Row, post: Callable[[], Sent]) -> Sent:
    """Create something outside, once. The mark is committed first and falls only when it certainly did not happen. Raises Taken."""
    now = timezone.now()
    free = type(row)._base_manager.filter(pk=row.pk, attempted_at=row.attempted_at, freshdesk_id=None)
    if not free.update(attempted_at=now):
        raise Taken
    row.attempted_at = now
    try:
        return post()
    except Unavailable as error:
        if not error.outcome_unknown:
            _keep(row, attempted_at=None)
        raise
    except Rejected:
        _keep(row, attempted_at=None)
        raise


def attempt(row: Row, push: Callable[[], Outcome]) -> Outcome:
    """Push, and write on the row what came of it."""
    try:
        return push()
    except Taken:
        return Outcome.WAITING
    except Unavailable as error:
        return unavailable(row, error)
    except Rejected as error:
        return rejected(row, error)


def may_have_arrived(row: Row) -> bool:
    return row.attempted_at is not None


def was_the_last_look(row: Row) -> bool:
    """Whether so much time has passed that what is not there never arrived."""
    return row.attempted_at is None or timezone.now() - row.attempted_at >= timedelta(seconds=LOOKS[-1])


def look_again(row: Row, error: object) -> Outcome:
    """Not found yet: it stays uncertain until the next look."""
    is_news = row.sync_state != SyncState.UNKNOWN
    _stand(row, SyncState.UNKNOWN)
    row.attempts = min(row.attempts, PATIENT_ATTEMPTS)
    row.retry_later(error, pause=_until_next_look(row))
    if is_news:
        _tell(row, ledger.Outcome.UNKNOWN, error)
    return Outcome.UNKNOWN


def unavailable(row: Row, error: Unavailable) -> Outcome:
    """Freshdesk is away: the row waits, however long."""
    if may_have_arrived(row):
        return look_again(row, error)
    row.attempts = min(row.attempts, PATIENT_ATTEMPTS)
    _stand(row, SyncState.QUEUED)
    row.retry_later(error, pause=max(backoff(row.attempts), timedelta(seconds=error.retry_after or 0)))
    return Outcome.WAITING


def rejected(row: Row, error: Rejected) -> Outcome:
    """Freshdesk said no. A refused key is nothing the row can help, and a ticket in the trash may come out of it: they wait."""
    if error.status == KEY_REFUSED:
        return unavailable(row, Unavailable(str(error), retry_after=300))
    if error.status in NOT_NOW and not _is_gone_for_good(row):
        return unavailable(row, Unavailable(str(error), retry_after=PAUSE_WHILE_GONE if _ticket_of(row).gone_reason else None))
    _keep(row, attempted_at=None)
    _stand(row, SyncState.DEAD)
    row.give_up(error)
    _tell(row, ledger.Outcome.DEAD, error)
    return Outcome.DEAD


def wait_for_turn(row: Row, reason: str) -> Outcome:
    """Something else has to go first."""
    row.attempts = min(row.attempts, PATIENT_ATTEMPTS)
    row.retry_later(reason)
    return Outcome.WAITING


def sent(row: Row) -> None:
    """A line in the ledger."""
    _tell(row, ledger.Outcome.SENT, "")


def _tell(row: Row, outcome: str, note: object) -> None:
    is_ticket = isinstance(row, Ticket)
    what = ledger.What.TICKET if is_ticket else ledger.What.MESSAGE
    ledger.went(what, outcome, ticket=_ticket_of(row), number=row.freshdesk_id, note=note)


def _ticket_of(row: Row) -> Ticket:
    return row if isinstance(row, Ticket) else row.ticket


def _is_gone_for_good(row: Row) -> bool:
    """What lies in the trash may be restored; what is nowhere, archived or merged away is not."""
    return Ticket.objects.filter(pk=_ticket_of(row).pk).exclude(gone_reason__in=COMES_BACK).exists()


def _until_next_look(row: Row) -> timedelta:
    gone = timezone.now() - row.attempted_at if row.attempted_at else timedelta(0)
    ahead = [timedelta(seconds=look) - gone for look in LOOKS if timedelta(seconds=look) > gone]
    return ahead[0] if ahead else timedelta(seconds=LOOKS[2])


def _stand(row: Row, state: SyncState) -> None:
    """How the row stands now; what is gone meanwhile stays so, and a clash stays in sight while its ticket merely waits."""
    kept = {SyncState.GONE, SyncState.CONFLICT} if state == SyncState.QUEUED else {SyncState.GONE}
    if type(row)._base_manager.filter(pk=row.pk).exclude(sync_state__in=kept).update(sync_state=state):
        row.sync_state = state


def _keep(row: Row, **values: object) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    type(row)._base_manager.filter(pk=row.pk).update(**values)
