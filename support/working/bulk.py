"""What is done to many tickets at once, and taken back: whole sets, each ticket with its version and its history."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from communities.models import User
from ground.actors import Actor
from support import recording, timing
from support.desk import seen
from support.mirror import mirroring
from support.models import BulkChange, Ticket, TicketEvent, TicketStatus
from support.recording.ringing import ring
from support.vocabulary import tags

MOST = 200
NEVER_BACK = frozenset({"version", "updated_at", "next_due_at", "due_clock"})
"""The history says what these are: two versions and what clocks make of it."""
BATCH = 500
COLUMNS: Mapping[str, Any] = {column.attname: column for column in Ticket._meta.concrete_fields if column.name not in {"id", "remote_raw"}}


@dataclass(frozen=True, kw_only=True)
class Changes:
    """What becomes of each ticket: values by field as `recording.change` takes them, a tag more, a tag less."""

    values: Mapping[str, Any] = field(default_factory=dict)
    add_tag: str = ""
    remove_tag: str = ""

    def __bool__(self) -> bool:
        return bool(self.values or self.add_tag or self.remove_tag)

    def of(self, ticket: Ticket) -> dict[str, Any]:
        """What they are for this ticket."""
        return {**self.values, "tags": tags.together(ticket.tags, added=filter(None, [self.add_tag]), removed=[self.remove_tag])}


@dataclass(frozen=True)
class Outcome:
    """How many tickets changed, which were left because somebody changed them meanwhile, and what takes it back."""

    changed: int
    left: Sequence[Ticket]
    undo: BulkChange | None


@transaction.atomic
def change(versions: Mapping[int, int], changes: Changes, *, by: Actor) -> Outcome:
    """Change the tickets (version by key) that are still as they were seen; the others are left and named."""
    held = _held(versions, by)
    left = [ticket for ticket in held if ticket.version != versions[ticket.pk]]
    items, events = _altered([ticket for ticket in held if ticket.version == versions[ticket.pk]], changes.of, by)
    _save(items, events, by)
    return Outcome(changed=len(items), left=left, undo=_keep(items, by))


@transaction.atomic
def undo(done: BulkChange, *, by: Actor) -> Outcome:
    """Give each ticket back what it had, unless somebody has changed it since. Done once; the history keeps both."""
    row = BulkChange.objects.select_for_update().get(pk=done.pk)
    if row.undone_at is not None:
        return Outcome(changed=0, left=[], undo=None)
    kept = {item["ticket"]: item for item in row.items}
    held = _held(kept, by)
    left = [ticket for ticket in held if ticket.version != kept[ticket.pk]["version"]]
    back = _Back({ticket.pk: kept[ticket.pk]["before"] for ticket in held})
    items, events = _altered([ticket for ticket in held if ticket not in left], back.decided, by, then=back.restored)
    _save(items, events, by)
    BulkChange.objects.filter(pk=done.pk).update(undone_at=timezone.now())
    return Outcome(changed=len(items), left=left, undo=None)


@dataclass(frozen=True)
class _Item:
    """One ticket that changed, and what its columns held before."""

    ticket: Ticket
    before: Mapping[str, Any]

    def kept(self) -> dict[str, Any]:
        before = {name: _plain(value) for name, value in self.before.items() if name not in NEVER_BACK}
        return {"ticket": self.ticket.pk, "version": self.ticket.version, "before": before}


class _Back:
    """What tickets get back: decisions as `recording` takes them, and the columns that follow from decisions as they stood."""

    DECIDED: Mapping[str, str] = {"status_id": "status", "assignee_id": "assignee"}
    PLAIN = frozenset({"priority", "kind", "tags", "snoozed_until"})

    def __init__(self, before: Mapping[int, Mapping[str, Any]]) -> None:
        self.before = {pk: {name: _column(name).to_python(value) for name, value in values.items()} for pk, values in before.items()}
        self.rows = {"status_id": self._rows(TicketStatus, "status_id"), "assignee_id": self._rows(User, "assignee_id")}

    def decided(self, ticket: Ticket) -> dict[str, Any]:
        values = self.before[ticket.pk]
        related = {self.DECIDED[name]: self.rows[name].get(value) for name, value in values.items() if name in self.DECIDED}
        return {**related, **{name: value for name, value in values.items() if name in self.PLAIN}}

    def restored(self, ticket: Ticket, stood: Mapping[str, Any]) -> None:
        """What followed from the decisions stands as it stood, whatever taking them back would make follow."""
        for name, value in {**stood, **self.before[ticket.pk]}.items():
            if name not in NEVER_BACK:
                setattr(ticket, name, value)

    def _rows(self, model: type[Model], name: str) -> dict[Any, Any]:
        keys = {values[name] for values in self.before.values() if values.get(name) is not None}
        return model._default_manager.in_bulk(keys)


def _held(keys: Iterable[int], by: Actor) -> list[Ticket]:
    rows = Ticket.objects.visible_to(by).here().filter(pk__in=list(keys)[:MOST])
    return list(rows.select_for_update(of=("self",)).select_related("status", "community", "requester", "assignee").order_by("pk"))


def _altered(
    tickets: Iterable[Ticket],
    values_of: Callable[[Ticket], Mapping[str, Any]],
    by: Actor,
    *,
    then: Callable[[Ticket, Mapping[str, Any]], None] | None = None,
) -> tuple[list[_Item], list[TicketEvent]]:
    """The tickets that these values change, in memory, and the lines of their history."""
    now, items, events = timezone.now(), [], []
    for ticket in tickets:
        before = _columns(ticket)
        told = recording.alter(ticket, by=by, at=now, **values_of(ticket))
        if not told:
            continue
        if then is not None:
            then(ticket, before)
        events += told
        items.append(_Item(ticket, {name: value for name, value in before.items() if getattr(ticket, name) != value}))
    return items, events


def _save(items: Sequence[_Item], events: Sequence[TicketEvent], by: Actor) -> None:
    """Every column that moved, clocks, the history, the mirror, and what the person has read; whole sets. Watchers hear of each."""
    tickets = [item.ticket for item in items]
    if not tickets:
        return
    turned = timing.turn_together([(ticket, _of(ticket, events), ()) for ticket in tickets], now=timezone.now())
    moved = {_column(name).name for item in items for name in item.before}
    Ticket.objects.bulk_update(tickets, sorted({*moved, *timing.KEPT}), batch_size=BATCH)
    timing.keep(turned)
    TicketEvent.objects.bulk_create(events, batch_size=BATCH)
    for ticket in tickets:
        ring(ticket.pk)
    mirroring.send_tickets(tickets)
    seen.caught_up([ticket.pk for ticket in tickets], by=by)


def _of(ticket: Ticket, events: Iterable[TicketEvent]) -> list[TicketEvent]:
    return [event for event in events if event.ticket_id == ticket.pk]


def _keep(items: Sequence[_Item], by: Actor) -> BulkChange | None:
    """What takes it back, for the person who did it."""
    if not items or by.user is None:
        return None
    return BulkChange.objects.create(by=by.user, at=timezone.now(), items=[item.kept() for item in items])


def _columns(ticket: Ticket) -> dict[str, Any]:
    return {column.attname: getattr(ticket, column.attname) for column in COLUMNS.values()}


def _column(name: str) -> Any:
    return COLUMNS[name]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
