"""Out of the desk's way until a moment, or until the requester writes."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from celery import shared_task
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from ground.actors import Actor
from support import tickets
from support.models import Ticket, TicketEvent

MORNING = time(9)
MONDAY = 0
BATCH = 500
FARTHEST = timedelta(days=366)


def choices(now: datetime, zone: str) -> Mapping[str, datetime]:
    """The moments offered, in a person's own mornings. Pure."""
    here = now.astimezone(ZoneInfo(zone))
    to_monday = (MONDAY - here.weekday()) % 7 or 7
    days = {"tomorrow": 1, "monday": to_monday, "week": 7}
    return {"hour": now + timedelta(hours=1)} | {key: _morning(here, days=number) for key, number in days.items()}


def snooze(ticket: Ticket, *, until: datetime, by: Actor) -> Ticket:
    """Keep it out of the way until then."""
    return tickets.update(ticket, by=by, snoozed_until=until)


def wake(ticket: Ticket, *, by: Actor) -> Ticket:
    """Have it back now."""
    return tickets.update(ticket, by=by, snoozed_until=None)


@shared_task
def wake_due() -> int:
    """Wake what has slept long enough, many at once."""
    total = 0
    while woken := _wake_some(timezone.now()):
        total += woken
    return total


@transaction.atomic
def _wake_some(now: datetime) -> int:
    """Three queries, however many there are."""
    rows = Ticket.objects.select_for_update(skip_locked=True).filter(snoozed_until__lte=now).order_by("snoozed_until")
    due = list(rows.only("pk", "version", "snoozed_until")[:BATCH])
    by = Actor.system()
    Ticket.objects.filter(pk__in=[row.pk for row in due]).update(snoozed_until=None, version=F("version") + 1, updated_at=now)
    TicketEvent.objects.bulk_create(
        TicketEvent(
            ticket=row,
            field="snoozed_until",
            before=str(row.snoozed_until),
            actor_role=by.role,
            actor_label=by.label,
            ticket_version=row.version + 1,
            at=now,
        )
        for row in due
    )
    return len(due)


def _morning(here: datetime, *, days: int) -> datetime:
    return datetime.combine(here.date() + timedelta(days=days), MORNING, here.tzinfo)
