"""Clocks that are due soon, or late, said once in the ticket's history: who is to know is told from there.

A `clock_warned` or `clock_missed` event names the clock in `after` and when it is due in `note` (ISO 8601); the ticket's version goes
one on, so that it is followed.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from ground.actors import Actor
from support.models import ClockRun, Ticket, TicketEvent
from support.states import SyncState

WARNED, MISSED = "clock_warned", "clock_missed"
BATCH = 500
SYSTEM = Actor.system()


def warn(*, now: datetime | None = None) -> int:
    """Say of every clock that its warning is due; the number. What is late already is not warned of any more."""
    at = now or timezone.now()
    near = ClockRun.objects.filter(ended_at=None, warned_at=None, warn_at__lte=at, due_at__gt=at)
    return _say(near, WARNED, "warned_at", at=at)


def miss(*, now: datetime | None = None) -> int:
    """Say of every clock that it is late; the number."""
    at = now or timezone.now()
    return _say(ClockRun.objects.filter(ended_at=None, missed_at=None, due_at__lte=at), MISSED, "missed_at", at=at)


def _say(rows: QuerySet[ClockRun], field: str, column: str, *, at: datetime) -> int:
    said = 0
    while batch := _say_some(rows, field, column, at=at):
        said += batch
        if batch < BATCH:
            break
    return said


@transaction.atomic
def _say_some(rows: QuerySet[ClockRun], field: str, column: str, *, at: datetime) -> int:
    """The tickets are held before their clocks, as whoever answers one holds them."""
    due = list(rows.exclude(ticket__sync_state=SyncState.GONE).order_by("due_at", "pk").values_list("pk", "ticket_id")[:BATCH])
    versions = dict(
        Ticket.objects.select_for_update().filter(pk__in={ticket for _run, ticket in due}).order_by("pk").values_list("pk", "version")
    )
    held = list(rows.filter(pk__in=[run for run, _ticket in due]).order_by("pk"))
    ClockRun.objects.filter(pk__in=[run.pk for run in held]).update(**{column: at})
    Ticket.objects.filter(pk__in={run.ticket_id for run in held}).update(version=F("version") + 1)
    TicketEvent.objects.bulk_create(_events(held, versions, field, at=at))
    return len(held)


def _events(runs: Sequence[ClockRun], versions: dict[int, int], field: str, *, at: datetime) -> list[TicketEvent]:
    return [
        TicketEvent(
            ticket_id=run.ticket_id,
            field=field,
            after=run.clock,
            note=run.due_at.isoformat() if run.due_at else "",
            actor_role=SYSTEM.role,
            actor_label=SYSTEM.label,
            ticket_version=versions[run.ticket_id] + 1,
            at=at,
        )
        for run in runs
    ]
