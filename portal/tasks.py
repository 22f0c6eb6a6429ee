"""Tasks of the portal's room: each calls one performing function."""

from celery import shared_task
from django.utils import timezone

from ground.outbox import Task
from ground.sweep import Outbox, register
from portal import drafting, telling
from portal.leaving import preparing
from portal.models import Archive, CommunityUpdate

LONGEST = 60 * 60  # seconds; a large community's archive takes its time


@shared_task(base=Task, soft_time_limit=LONGEST - 60, time_limit=LONGEST)
def prepare_archive(pk: int) -> None:
    """Make one archive that was asked for."""
    preparing.prepare(pk)


@shared_task
def remove_archives() -> None:
    """Remove the archives whose week has passed."""
    preparing.remove_over()


@shared_task
def draft_updates() -> None:
    """Draft the updates of the month that is over, from its first working day on."""
    drafting.draft_due(timezone.now().date())


@shared_task(base=Task)
def tell_update(pk: int) -> None:
    """Write to the readers of one update that was published."""
    telling.tell(pk)


register(Outbox("archives", Archive, prepare_archive))
register(Outbox("updates", CommunityUpdate, tell_update))
