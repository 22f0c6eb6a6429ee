"""Who does what in an incident, and what is to be done after it."""

from django.db import transaction
from django.utils import timezone

from communities.models import User
from ground.actors import Actor
from support.incidents.timeline import write
from support.models import Incident, IncidentDuty, IncidentFollowUp
from support.states import IncidentEventKind


@transaction.atomic
def give_role(incident: Incident, *, role: str, to: User | None, by: Actor) -> None:
    """Give a role to somebody, or to nobody."""
    held = IncidentDuty.objects.filter(incident=incident, role=role).first()
    if (held.user if held else None) == to:
        return
    if to is None:
        IncidentDuty.objects.filter(incident=incident, role=role).delete()
    else:
        held, _is_new = IncidentDuty.objects.update_or_create(incident=incident, role=role, defaults={"user": to})
    write(incident, IncidentEventKind.ROLE, f"{role}: {to or '—'}", by=by)


@transaction.atomic
def add_follow_up(incident: Incident, *, text: str, by: Actor, owner: User | None = None, issue_url: str = "") -> IncidentFollowUp:
    """Something to do, so that it does not come again."""
    added = IncidentFollowUp.objects.create(incident=incident, text=text[:300], owner=owner, issue_url=issue_url, created_at=timezone.now())
    write(incident, IncidentEventKind.FOLLOW_UP, f"+ {added.text}", by=by)
    return added


@transaction.atomic
def finish_follow_up(follow_up: IncidentFollowUp, *, by: Actor) -> None:
    """It is done. Said twice it is done once."""
    if IncidentFollowUp.objects.filter(pk=follow_up.pk, done_at=None).update(done_at=timezone.now(), done_by=by.user):
        write(follow_up.incident, IncidentEventKind.FOLLOW_UP, f"✓ {follow_up.text}", by=by)


@transaction.atomic
def reopen_follow_up(follow_up: IncidentFollowUp, *, by: Actor) -> None:
    """It is not done after all."""
    if IncidentFollowUp.objects.filter(pk=follow_up.pk, done_at__isnull=False).update(done_at=None, done_by=None):
        write(follow_up.incident, IncidentEventKind.FOLLOW_UP, f"○ {follow_up.text}", by=by)
