"""Time that passes in the story: what happened so far happened that much earlier."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from support import timing
from support.models import Incident, IncidentEvent, IncidentUpdate, Message, SatisfactionRating, Ticket, TicketEvent, TimeEntry

OF_TICKET = ("created_at", "updated_at", "waiting_since", "first_replied_at", "solved_at", "last_message_at")


def let_pass(ticket: Ticket, *, hours: float) -> Ticket:
    """Move all that a ticket tells back, and turn its clocks again."""
    by = timedelta(hours=hours)
    _earlier(Ticket.objects.filter(pk=ticket.pk), by, *OF_TICKET)
    _earlier(Message.objects.filter(ticket=ticket), by, "created_at")
    _earlier(TicketEvent.objects.filter(ticket=ticket), by, "at")
    _earlier(TimeEntry.objects.filter(ticket=ticket), by, "spent_at")
    _earlier(SatisfactionRating.objects.filter(ticket=ticket), by, "created_at")
    told = Ticket.objects.select_related("status", "community", "requester", "assignee").get(pk=ticket.pk)
    timing.recompute([told], now=timezone.now())
    return told


def let_pass_since(incident: Incident, *, hours: float) -> Incident:
    """The same for what an incident tells."""
    by = timedelta(hours=hours)
    _earlier(Incident.objects.filter(pk=incident.pk), by, "began_at", "declared_at", "resolved_at")
    _earlier(IncidentUpdate.objects.filter(incident=incident), by, "at")
    _earlier(IncidentEvent.objects.filter(incident=incident), by, "at")
    return Incident.objects.get(pk=incident.pk)


def _earlier(rows: "QuerySet[Any]", by: timedelta, *names: str) -> None:
    """Moments that are not known stay unknown."""
    for row in rows.order_by().values("pk", *names):
        rows.model._base_manager.filter(pk=row["pk"]).update(**{name: row[name] - by for name in names if row[name]})
