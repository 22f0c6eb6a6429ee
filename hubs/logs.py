"""Logs of a deployment's steps: asked for by an engineer or by a failure, fetched by a task, kept bounded, read on our own page."""

from celery import current_app
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from ground.errors import Rejected, Unavailable
from ground.outbox import claim
from hubs.choosing import deployer
from hubs.following import has_log_page
from hubs.models import HubRequest, StepLog
from hubs.models.logs import LONGEST

MOST_PARTS = 100


def ask(request: HubRequest, step: str) -> StepLog:
    """Have the log fetched, again where it was fetched before. Raises KeyError for a step without one."""
    if step not in {told["name"] for told in request.deployment.get("steps", []) if has_log_page(told)}:
        raise KeyError(step)
    row, _is_new = StepLog.objects.get_or_create(request=request, step=step)
    row.wait_for_outside(current_app.tasks["hubs.tasks.fetch_log"])
    return row


def ask_for_failed(request: HubRequest) -> None:
    """Have the logs of the steps that failed fetched, before anybody asks."""
    for step in request.deployment.get("steps", []):
        if step["status"] == "failed" and has_log_page(step):
            ask(request, step["name"])


def fetch(pk: int) -> None:
    """Fetch one log that is asked for, and keep its end."""
    row = claim(StepLog, pk)
    if row is None:
        return
    try:
        text, is_cut = _whole(row.request.deployment_id, row.step)
    except (Unavailable, ImproperlyConfigured) as error:
        row.retry_later(error)
    except Rejected as error:
        row.give_up(error)
    else:
        StepLog.objects.filter(pk=pk).update(text=text, is_cut=is_cut, fetched_at=timezone.now())
        row.settled()


def _whole(deployment_id: str, step: str) -> tuple[str, bool]:
    """The log's end, and whether more came before it."""
    source, text, offset, is_cut = deployer(), "", 0, False
    for _part in range(MOST_PARTS):
        part = source.log(deployment_id, step, offset=offset)
        if not part.text or part.next_offset <= offset:
            break
        is_cut = is_cut or len(text) + len(part.text) > LONGEST
        text, offset = (text + part.text)[-LONGEST:], part.next_offset
    return text, is_cut
