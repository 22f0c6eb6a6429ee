"""An update: written once, kept for everybody, and on its way to each affected community in the same commit."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from ground.actors import Actor
from ground.texts import Text
from support.incidents import tasks
from support.incidents.declaring import AT_ONCE
from support.incidents.scope import affected, has_tickets_of_nobody
from support.incidents.timeline import write
from support.models import Incident, IncidentTelling, IncidentUpdate
from support.states import IncidentEventKind, IncidentState


@transaction.atomic
def say(incident: Incident, *, text: Text, state: str, by: Actor, solves: bool = False) -> IncidentUpdate:
    """Say how it stands. With RESOLVED and `solves`, the tickets it is written into are solved with these words. Raises `WrongState`.

    The newest update sent once more, in the same words by the same person, stays one update.
    """
    held = Incident.objects.select_for_update().get(pk=incident.pk)
    if said := _said_already(held, text=text, state=state, solves=solves, by=by):
        return said
    if state != held.state:
        _move(held, state, by=by)
    update = IncidentUpdate.objects.create(
        incident=held,
        state=state,
        text=dict(text),
        solves=solves and state == IncidentState.RESOLVED,
        by=by.user,
        by_label=by.label,
        at=timezone.now(),
    )
    write(held, IncidentEventKind.UPDATE, text["en"], by=by)
    _send(update, held)
    incident.refresh_from_db()
    return update


def _said_already(incident: Incident, *, text: Text, state: str, solves: bool, by: Actor) -> IncidentUpdate | None:
    """The newest update, if this is the same sent once more."""
    newest = incident.updates.filter(at__gt=timezone.now() - AT_ONCE).order_by("-at", "-pk").first()
    if newest is None or (newest.by_id, newest.text, newest.state) != (by.user.pk if by.user else None, dict(text), state):
        return None
    return newest if newest.solves == (solves and state == IncidentState.RESOLVED) else None


def _move(incident: Incident, state: str, *, by: Actor) -> None:
    """The time of its end stands on a resolved incident and on no other."""
    incident.resolved_at = timezone.now() if state == IncidentState.RESOLVED else incident.resolved_at
    incident.save(update_fields=["resolved_at"])
    incident.move_to(state, by=by)
    if state != IncidentState.RESOLVED:
        incident.resolved_at = None
        incident.save(update_fields=["resolved_at"])
    write(incident, IncidentEventKind.STATE, state, by=by)


def _send(update: IncidentUpdate, incident: Incident) -> None:
    """A row for each community in one statement, and one task for all; the sweep takes what it leaves."""
    now = timezone.now()
    rows: Iterable[IncidentTelling] = [IncidentTelling(update=update, community=each, next_attempt_at=now) for each in affected(incident)]
    if has_tickets_of_nobody(incident):
        rows = [*rows, IncidentTelling(update=update, next_attempt_at=now)]
    IncidentTelling.objects.bulk_create(rows)
    tasks.tell_all.delay_on_commit(update.pk)  # type: ignore[attr-defined]  # ground.outbox.Task has it
