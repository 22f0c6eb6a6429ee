"""What has to be done around events: settled by engineers, and told to them once a day when it is late."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from communities.models import User
from communities.roles import StaffGroup
from ground.actors import Actor
from hubs import emails, events
from hubs.events import Occasion, Task
from hubs.models import EventTask, HubRequest, Said

AHEAD, BEHIND = timedelta(days=15), timedelta(days=14)
MOST = 200


@dataclass(frozen=True)
class Late:
    """One thing that should have been done by now."""

    request: HubRequest
    occasion: Occasion
    task: Task


@transaction.atomic
def settle(request: HubRequest, *, key: str, status: str, by: Actor) -> EventTask:
    """Say how one task of an event stands. Raises KeyError where the event has no such task, ValueError for a status that is none."""
    each = request.occasion
    if each is None or key not in {task.key for task in events.tasks(each)}:
        raise KeyError(key)
    if status not in EventTask.Status.values:
        raise ValueError(status)
    task, _is_new = EventTask.objects.update_or_create(request=request, key=key, defaults={"status": status, "by": by.user})
    return task


@transaction.atomic
def take_back(request: HubRequest, *, key: str) -> None:
    """It is open again."""
    EventTask.objects.filter(request=request, key=key).delete()


def late(now: datetime, *, actor: Actor | None = None) -> list[Late]:
    """What is late for events that are near or just over, the longest overdue first. Two queries."""
    rows = HubRequest.objects.visible_to(actor) if actor else HubRequest.objects.all()
    near = rows.in_calendar().filter(kind=events.EVENT, begins_at__lt=now + AHEAD, ends_at__gt=now - BEHIND)
    found = near.select_related("community").prefetch_related("event_tasks").order_by("begins_at", "pk")[:MOST]
    return sorted((each for row in found for each in _late_of(row, now)), key=lambda each: each.task.due_at)


@transaction.atomic
def tell_engineers(now: datetime) -> int:
    """One mail a day to each engineer, on days on which something is late; how many mails that were."""
    if not late(now) or not Said.objects.get_or_create(key=f"event-tasks:{now.date().isoformat()}")[1]:
        return 0
    engineers = User.objects.filter(is_active=True, groups__name=StaffGroup.ENGINEER.value).order_by("pk")
    for person in engineers:
        emails.late_tasks.queue(to=person.email, language=person.language, reader_id=person.pk)
    return len(engineers)


def _late_of(row: HubRequest, now: datetime) -> Iterator[Late]:
    each = row.occasion
    if each is None:
        return
    yield from (Late(row, each, task) for task in events.tasks(each, settled=row.settled_tasks) if task.is_overdue(now))
