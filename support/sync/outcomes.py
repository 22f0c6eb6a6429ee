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
from support.states import SyncState

LOOKS = (5, 15, 60, 300)  # seconds after it left
PATIENT_ATTEMPTS = 7  # an outage is no reason to give up: from here on every five minutes
KEY_REFUSED = 401

Sent = TypeVar("Sent")
Row = Ticket | Message


class Outcome(StrEnum):
    """What a push came to."""

    NOTHING = "nothing"
    PUSHED = "pushed"
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


def may_have_arrived(row: Row) -> bool:
    return row.attempted_at is not None


def was_the_last_look(row: Row) -> bool:
    """Whether so much time has passed that what is not there never arrived."""
    return row.attempted_at is None or timezone.now() - row.attempted_at >= timedelta(seconds=LOOKS[-1])


def look_again(row: Row, error: object) -> Outcome:
    """Not found yet: it stays uncertain until the next look."""
    _keep(row, sync_state=SyncState.UNKNOWN)
    row.attempts = min(row.attempts, PATIENT_ATTEMPTS)
    row.retry_later(error, pause=_until_next_look(row))
    return Outcome.UNKNOWN


def unavailable(row: Row, error: Unavailable) -> Outcome:
    """Freshdesk is away: the row waits, however long."""
    if may_have_arrived(row):
        return look_again(row, error)
    row.attempts = min(row.attempts, PATIENT_ATTEMPTS)
    _keep(row, sync_state=SyncState.QUEUED)
    row.retry_later(error, pause=max(backoff(row.attempts), timedelta(seconds=error.retry_after or 0)))
    return Outcome.WAITING


def rejected(row: Row, error: Rejected) -> Outcome:
    """Freshdesk said no. A refused key is nothing the row can help: it waits for a better one."""
    if error.status == KEY_REFUSED:
        return unavailable(row, Unavailable(str(error), retry_after=300))
    _keep(row, sync_state=SyncState.DEAD, attempted_at=None)
    row.give_up(error)
    return Outcome.DEAD


def wait_for_turn(row: Row, reason: str) -> Outcome:
    """Something else has to go first."""
    row.attempts = min(row.attempts, PATIENT_ATTEMPTS)
    row.retry_later(reason)
    return Outcome.WAITING


def _until_next_look(row: Row) -> timedelta:
    gone = timezone.now() - row.attempted_at if row.attempted_at else timedelta(0)
    ahead = [timedelta(seconds=look) - gone for look in LOOKS if timedelta(seconds=look) > gone]
    return ahead[0] if ahead else timedelta(seconds=LOOKS[2])


def _keep(row: Row, **values: object) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    type(row)._base_manager.filter(pk=row.pk).update(**values)
