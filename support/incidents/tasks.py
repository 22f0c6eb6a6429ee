"""Tells communities of an update: one row each, claimed, so that a task that dies leaves the others to the sweep."""

from celery import shared_task

from ground import sweep
from support.incidents import telling
from support.models import IncidentTelling


@shared_task
def tell(pk: int) -> None:
    """Tell one community."""
    telling.tell(pk)


@shared_task
def tell_all(update_pk: int) -> None:
    """Tell every community that still waits for this update."""
    waiting = IncidentTelling.objects.filter(update=update_pk, next_attempt_at__isnull=False)
    for pk in waiting.order_by("pk").values_list("pk", flat=True):
        telling.tell(pk)


sweep.register(sweep.Outbox("incidents", IncidentTelling, tell))
