"""The hubs' one task: take the next step of a request that waits for the outside."""

from celery import shared_task

from ground import sweep
from hubs import deployment
from hubs.models import HubRequest


@shared_task
def carry_on(pk: int) -> None:
    """Plan, start, or follow one hub request."""
    deployment.carry_on(pk)


sweep.register(sweep.Outbox("hub requests", HubRequest, carry_on))
