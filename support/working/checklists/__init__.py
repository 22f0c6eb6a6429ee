"""What is to be done for a ticket, item by item, and lists that come with its kind."""

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from ground.actors import Actor
from support.models import ChecklistItem, ChecklistTemplate, Ticket

MOST = 100


class TooMany(Exception):
    """A checklist has room for a hundred items."""


def add(ticket: Ticket, *texts: str) -> list[ChecklistItem]:
    """Put these behind the others. Raises `TooMany`."""
    standing = ChecklistItem.objects.filter(ticket=ticket)
    if standing.count() + len(texts) > MOST:
        raise TooMany
    last = standing.aggregate(last=Max("position"))["last"] or 0
    items = [ChecklistItem(ticket=ticket, text=text[:255], position=last + place) for place, text in enumerate(texts, start=1)]
    return ChecklistItem.objects.bulk_create(items)


def use(template: ChecklistTemplate, *, on: Ticket) -> list[ChecklistItem]:
    """Put the template's lines behind the others; those that stand there already are not doubled. Raises `TooMany`."""
    standing = set(ChecklistItem.objects.filter(ticket=on).values_list("text", flat=True))
    return add(on, *(text for text in template.texts if text not in standing))


def offered(ticket: Ticket) -> QuerySet[ChecklistTemplate]:
    """The templates for this kind of ticket, and those for every kind."""
    return ChecklistTemplate.objects.filter(Q(kind="") | Q(kind=ticket.kind), is_offered=True)


def tick(item: ChecklistItem, *, by: Actor) -> ChecklistItem:
    """It is done; whoever ticked first stays."""
    if item.done_at is None:
        item.done_at, item.done_by, item.done_label = timezone.now(), by.user, by.label[:200]
        item.save()
    return item


def untick(item: ChecklistItem) -> ChecklistItem:
    """It is not done after all."""
    item.done_at, item.done_by, item.done_label = None, None, ""
    item.save()
    return item


def move_up(item: ChecklistItem) -> None:
    """One place nearer to the first."""
    _move(item, by=-1)


def move_down(item: ChecklistItem) -> None:
    """One place nearer to the last."""
    _move(item, by=1)


def remove(item: ChecklistItem) -> None:
    """Take it off the list."""
    item.delete()


@transaction.atomic
def _move(item: ChecklistItem, *, by: int) -> None:
    items = list(ChecklistItem.objects.select_for_update().filter(ticket=item.ticket_id))
    here = items.index(item)
    there = min(max(here + by, 0), len(items) - 1)
    items.insert(there, items.pop(here))
    for place, each in enumerate(items, start=1):
        each.position = place
    ChecklistItem.objects.bulk_update(items, ["position"])
