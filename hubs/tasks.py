"""The hubs' tasks: a request's next step, its log, reminders, the registry, answers that changed elsewhere, health and use of hubs."""

from celery import shared_task
from django.utils import timezone

from ground import sweep
from hubs import counting, deployment, drifting, keeping, logs, reminding, watching
from hubs.models import HubRequest, StepLog


@shared_task
def carry_on(pk: int) -> None:
    """Plan, start, or follow one hub request."""
    deployment.carry_on(pk)


@shared_task
def fetch_log(pk: int) -> None:
    """Fetch the log of one step."""
    logs.fetch(pk)


@shared_task
def remind_of_waiting() -> None:
    """Tell whoever holds a request that it waits for them."""
    reminding.remind(timezone.now())


@shared_task
def keep_current() -> None:
    """Read what the deployer knows of clusters and hubs."""
    keeping.keep_current()


@shared_task
def look_for_drift() -> int:
    """Compare what communities' records say with what their requests say."""
    return drifting.look_again()


@shared_task
def watch_hubs() -> None:
    """Look at every hub whose time has come."""
    watching.watch_all()


@shared_task
def look_again(pk: int) -> None:
    """Look at one hub, which somebody asked for; if this is lost, it is due at the next round all the same."""
    watching.watch_one(pk)


@shared_task
def count_use() -> None:
    """Read how much the hubs are used that were not read today."""
    counting.count()


sweep.register(sweep.Outbox("hub requests", HubRequest, carry_on))
sweep.register(sweep.Outbox("logs of steps", StepLog, fetch_log))
