"""What happened in an incident, line by line, and as a file for the look back."""

from collections.abc import Iterable

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ground.actors import Actor
from ground.exports import Column
from support.incidents.scope import affected_hubs
from support.models import Incident, IncidentEvent
from support.states import IncidentEventKind

TIMELINE: list[Column[IncidentEvent]] = [
    Column("at", _("When"), lambda row: row.at),
    Column("kind", _("Kind"), lambda row: row.get_kind_display()),
    Column("who", _("Who"), lambda row: row.actor_label),
    Column("what", _("What"), lambda row: row.said),
]


def write(incident: Incident, kind: IncidentEventKind, text: str, *, by: Actor) -> IncidentEvent:
    """Add a line."""
    return IncidentEvent.objects.create(incident=incident, kind=kind, text=text, actor=by.user, actor_label=by.label, at=timezone.now())


def note(incident: Incident, *, text: str, by: Actor) -> IncidentEvent:
    """What somebody saw or did, for the desk and the look back alone."""
    return write(incident, IncidentEventKind.NOTE, text, by=by)


def as_markdown(incident: Incident) -> str:
    """The whole story, to be worked on. It holds what only the desk may read."""
    context = {
        "incident": incident,
        "events": lines(incident),
        "duties": incident.duties.select_related("user"),
        "updates": incident.updates.all(),
        "follow_ups": incident.follow_ups.select_related("owner"),
        "hubs": affected_hubs(incident),
    }
    return render_to_string("support/incidents/timeline.md", context).strip() + "\n"


def lines(incident: Incident) -> "Iterable[IncidentEvent]":
    return incident.events.order_by("at", "pk")
