"""Who of us opened an application: one record an opening, written where it is shown."""

from collections.abc import Iterable

from django.utils import timezone

from ground.actors import Actor
from onboarding.models import Application, ViewRecord

Where = ViewRecord.Where
SHOWN = 100


def record(application: Application, *, by: Actor, where: Where, label: str = "") -> None:
    """Write down that this person opened it. The same page within the same minute is one opening; applicants are not counted."""
    record_all([application.pk], by=by, where=where, label=label)


def record_all(applications: Iterable[int], *, by: Actor, where: Where, label: str = "") -> None:
    """`record` for many at once, by their keys: a list or a download opens each of its rows."""
    if by.user is None:
        return
    now = timezone.now()
    rows = [
        ViewRecord(application_id=key, viewer=by.user, at=now, minute=now.replace(second=0, microsecond=0), where=where, label=label[:60])
        for key in applications
    ]
    ViewRecord.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)


def readers(application: Application, *, actor: Actor) -> list[ViewRecord]:
    """Who has read this, newest first, for whoever may know."""
    return list(ViewRecord.objects.visible_to(actor).filter(application=application).select_related("viewer")[:SHOWN])
