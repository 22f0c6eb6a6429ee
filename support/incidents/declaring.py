"""Declaring an incident, saying what it affects, and which tickets tell of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from communities.models import User
from ground.actors import Actor
from ground.references import new_reference
from ground.texts import Text
from hubs.models import Cluster, Hub
from support import recording
from support.incidents import duties
from support.incidents.timeline import write
from support.models import Incident, StatusComponent, Ticket
from support.states import IncidentEventKind, IncidentRole, IncidentState, Severity

AT_ONCE = timedelta(minutes=5)
"""What comes again within this was sent twice."""


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """What is known of an incident besides its updates."""

    title: Text
    severity: str = Severity.MAJOR
    summary: str = ""
    is_public: bool = True
    cluster: Cluster | None = None
    hubs: Sequence[Hub] = ()
    components: Sequence[StatusComponent] = field(default=())


@transaction.atomic
def declare(declaration: Declaration, *, by: Actor, ticket: Ticket | None = None) -> Incident:
    """Begin it, of a ticket or by hand. Who declares it leads it until somebody else does; nobody is told yet. Sent twice it is one."""
    now = timezone.now()
    if declared := _declared_already(declaration, by=by, ticket=ticket):
        return declared
    incident = Incident.objects.create(
        reference=new_reference("I"),
        state=IncidentState.INVESTIGATING,
        severity=declaration.severity,
        title=dict(declaration.title),
        summary=declaration.summary,
        is_public=declaration.is_public,
        cluster=declaration.cluster,
        declared_from=ticket,
        declared_by=by.user,
        began_at=min(now, ticket.created_at) if ticket else now,
        declared_at=now,
    )
    incident.hubs.set(declaration.hubs)
    incident.components.set(declaration.components)
    write(incident, IncidentEventKind.DECLARED, _scope_in_words(declaration), by=by)
    if by.user is not None:
        duties.give_role(incident, role=IncidentRole.LEAD, to=by.user, by=by)
    if ticket is not None:
        attach(ticket, incident=incident, by=by)
    return incident


@transaction.atomic
def rescope(incident: Incident, declaration: Declaration, *, by: Actor) -> Incident:
    """Say anew what is affected and how badly."""
    Incident.objects.select_for_update().get(pk=incident.pk)
    for name in ("severity", "summary", "is_public", "cluster"):
        setattr(incident, name, getattr(declaration, name))
    incident.title = dict(declaration.title)
    incident.save(update_fields=["severity", "summary", "is_public", "cluster", "title"])
    incident.hubs.set(declaration.hubs)
    incident.components.set(declaration.components)
    write(incident, IncidentEventKind.SCOPE, _scope_in_words(declaration), by=by)
    return incident


@transaction.atomic
def attach(ticket: Ticket, *, incident: Incident, by: Actor) -> Ticket:
    """The ticket tells of this incident: its requester hears of every update from now on."""
    held = recording.locked(ticket.pk)
    if recording.change(held, by=by, incident=incident):
        write(incident, IncidentEventKind.TICKET, f"+ {held.reference}", by=by)
    return held


@transaction.atomic
def detach(ticket: Ticket, *, by: Actor) -> Ticket:
    """The ticket tells of something else."""
    held = recording.locked(ticket.pk)
    left = held.incident
    if left is not None and recording.change(held, by=by, incident=None):
        write(left, IncidentEventKind.TICKET, f"− {held.reference}", by=by)
    return held


def _declared_already(declaration: Declaration, *, by: Actor, ticket: Ticket | None) -> Incident | None:
    """What the same person has just declared under the same title, of the same cluster. Their row is held, so that the second waits for the first."""
    if by.user is None:
        return None
    User.objects.select_for_update(no_key=True).get(pk=by.user.pk)
    lately = Incident.objects.open().filter(
        declared_by=by.user, declared_from=ticket, cluster=declaration.cluster, declared_at__gt=timezone.now() - AT_ONCE
    )
    return next((incident for incident in lately if incident.title == dict(declaration.title)), None)


def _scope_in_words(declaration: Declaration) -> str:
    """What it is of, for the desk."""
    places = [declaration.cluster.name] if declaration.cluster else []
    return " · ".join(
        [str(declaration.title.get("en", "")), declaration.severity, *places, *(hub.domain or hub.name for hub in declaration.hubs)]
    )
