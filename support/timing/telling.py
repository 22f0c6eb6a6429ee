"""A ticket's rows as happenings: what its events and messages say to its clocks."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import CharField, Value
from django.db.models.functions import Cast

from support.clocks import Facts, Happening, What
from support.models import Message, Ticket, TicketEvent
from support.states import MessageKind, StatusGroup, SyncState

FACTS = ("priority", "kind", "impact")
AWAY = frozenset({"gone_reason", "merged_into"})
APPROVED = "approved"
"""The event with which a ticket that waited for an approval begins."""
ECHOED, PARTED = "echoed", "parted"
"""A letter in a ticket that was merged into this one, and the end of that merge; both name it by its reference in `after`."""
FIELDS = frozenset({"status", *FACTS, *AWAY, APPROVED, ECHOED, PARTED, "community"})
MESSAGE = "message"
SPOKEN = (MessageKind.INCOMING, MessageKind.REPLY)
Groups = Callable[[int], str]


@dataclass(frozen=True)
class Row:
    """One line of the history: a field with its value before and after, or a message with its kind as `after`."""

    at: datetime
    field: str
    before: str
    after: str


def read(pks: Collection[int]) -> Mapping[int, list[Row]]:
    """What moved the clocks of these tickets, by ticket, in one query. A reply that can still be taken back has not been said."""
    found: dict[int, list[Row]] = defaultdict(list)
    if not pks:
        return found
    events = TicketEvent.objects.filter(ticket__in=pks, field__in=FIELDS).order_by()
    messages = Message.objects.filter(ticket__in=pks, kind__in=SPOKEN, is_automatic=False, held=None).order_by()
    rows = events.values_list("ticket_id", "at", "field", "before", "after").union(
        messages.values_list("ticket_id", "created_at", _text(MESSAGE), _text(""), Cast("kind", CharField())), all=True
    )
    for key, at, name, before, after in rows:
        found[key].append(Row(at, name, before, after))
    return found


def rows_of(row: Message | TicketEvent) -> list[Row]:
    """One that is not saved yet; none where it moves no clock."""
    if isinstance(row, TicketEvent):
        return [Row(row.at, row.field, row.before, row.after)] if row.field in FIELDS else []
    return [Row(row.created_at, MESSAGE, "", row.kind)] if row.kind in SPOKEN and not row.is_automatic else []


def happenings(ticket: Ticket, rows: Iterable[Row], groups: Groups) -> list[Happening]:
    """The history in order. A ticket that waits for an approval has not begun."""
    if ticket.sync_state == SyncState.AWAITING_APPROVAL:
        return []
    ordered = _without_parted(sorted(rows, key=lambda row: (row.at, RANKS.get(row.field, 1))))
    begun = max([ticket.created_at, *(row.at for row in ordered if row.field == APPROVED)])
    facts = {name: _first(ordered, name, getattr(ticket, name)) for name in FACTS}
    told = [Happening(begun, What.OPENED, group=StatusGroup.OPEN, facts=_facts(facts)), *_unsaid(ticket, ordered, groups, begun)]
    for row in ordered:
        if row.field in FACTS:
            facts[row.field] = row.after
        if happening := _happening(row, max(row.at, begun), facts, groups):
            told.append(happening)
    return sorted(told, key=lambda each: (each.at, each.what != What.OPENED))


def _without_parted(rows: Sequence[Row]) -> list[Row]:
    """Without the letters that nobody had answered here when the ticket they stand in became one of its own again."""
    kept = list(rows)
    for place, parted in enumerate(rows):
        if parted.field == PARTED:
            answers = [row.at for row in rows[:place] if (row.field, row.after) == (MESSAGE, MessageKind.REPLY)]
            answered = max(answers, default=None)
            kept = [
                row
                for row in kept
                if (row.field, row.after) != (ECHOED, parted.after) or row.at > parted.at or (answered is not None and row.at <= answered)
            ]
    return kept


RANKS = {MESSAGE: 0, ECHOED: 0, "gone_reason": 3, "merged_into": 3, "status": 2}


def _happening(row: Row, at: datetime, facts: Mapping[str, object], groups: Groups) -> Happening | None:
    match row.field:
        case "message":
            return Happening(at, What.REPLY if row.after == MessageKind.REPLY else What.INCOMING)
        case "echoed":
            return Happening(at, What.INCOMING)
        case "status":
            return Happening(at, What.STATUS, group=groups(int(row.after))) if row.after.isdecimal() else None
        case "priority" | "kind" | "impact":
            return Happening(at, What.FACTS, facts=_facts(facts))
        case "gone_reason" | "merged_into":
            return Happening(at, What.GONE if row.after else What.BACK)
    return None


def _unsaid(ticket: Ticket, rows: Sequence[Row], groups: Groups, begun: datetime) -> list[Happening]:
    """How it got into its first known status, where nothing tells: it came from Freshdesk so."""
    moves = [row for row in rows if row.field == "status" and row.before.isdecimal()]
    group = groups(int(moves[0].before)) if moves else _group(ticket, groups)
    if group == StatusGroup.OPEN:
        return []
    latest = moves[0].at if moves else None
    replies = [row.at for row in rows if (row.field, row.after) == (MESSAGE, MessageKind.REPLY) and (latest is None or row.at <= latest)]
    at = ticket.solved_at if not moves and ticket.solved_at else max(replies, default=begun)
    return [Happening(max(at, begun), What.STATUS, group=group)]


def _group(ticket: Ticket, groups: Groups) -> str:
    """Its status's group, without a query for a ticket that has only the code."""
    return ticket.status.group if "status" in ticket._state.fields_cache else groups(ticket.status_id or 0)


def _first(rows: Sequence[Row], name: str, now: object) -> object:
    """What a field held at the beginning: what its first change took away."""
    return next((row.before for row in rows if row.field == name), now)


def _facts(said: Mapping[str, object]) -> Facts:
    priority = str(said["priority"])
    return Facts(priority=int(priority) if priority.isdecimal() else 1, kind=str(said["kind"]), impact=str(said["impact"]))


def _text(words: str) -> Cast:
    return Cast(Value(words), CharField())
