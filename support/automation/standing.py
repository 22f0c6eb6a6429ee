"""How tickets stood before now: their facts wound back change by change, and the stretches of time in which nothing changed."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from communities.models import Community, User
from support.automation.conditions import Facts
from support.automation.facts import facts_of
from support.models import Message, Ticket, TicketEvent, TicketStatus
from support.states import MessageKind, StatusGroup
from support.timing import calendars

APPROVED = "approved"


@dataclass(frozen=True)
class Names:
    """What the names in a history stand for."""

    statuses: Mapping[int, TicketStatus]
    people: Mapping[str, str]
    communities: Mapping[str, Community]

    @classmethod
    def read(cls) -> "Names":
        return cls(
            {each.pk: each for each in TicketStatus.objects.all()},
            {each.get_full_name(): each.email for each in User.objects.filter(groups__isnull=False).distinct()},
            {each.name: each for each in Community.objects.all()},
        )


@dataclass(frozen=True)
class Stretch:
    """From one change to the next: what was true of a ticket all the while. `ends` belongs to the one after."""

    begins: datetime
    ends: datetime
    facts: Facts


@dataclass(frozen=True)
class Row:
    """One line of a ticket's history: a field with its value before, or a message with its kind."""

    at: datetime
    field: str
    before: str = ""
    message: str = ""


def rewind(facts: Facts, field: str, before: str, names: Names) -> Facts:
    """The facts as they stood before that field changed."""
    undo = UNDO.get(field)
    return replace(facts, **undo(before, names)) if undo else facts


def stretches(tickets: Sequence[Ticket], *, since: datetime, until: datetime) -> Iterator[tuple[Ticket, list[Stretch]]]:
    """Each ticket with how it stood between those moments, while the desk had it. Five queries, however many tickets."""
    names, rows = Names.read(), _rows([each.pk for each in tickets])
    for ticket in tickets:
        found = _of_one(ticket, rows.get(ticket.pk, []), names, until)
        cut = [replace(each, begins=max(each.begins, since), ends=min(each.ends, until)) for each in found]
        yield ticket, [each for each in cut if each.begins < each.ends]


def _rows(pks: Sequence[int]) -> dict[int, list[Row]]:
    """Their whole histories, the oldest first."""
    events = TicketEvent.objects.filter(ticket__in=pks, field__in=[*UNDO, APPROVED]).order_by("at", "pk")
    spoken = Message.objects.filter(ticket__in=pks, held=None, is_automatic=False).order_by("created_at", "pk")
    rows: dict[int, list[Row]] = defaultdict(list)
    for ticket, at, kind in spoken.values_list("ticket_id", "created_at", "kind"):
        rows[ticket].append(Row(at, "", message=kind))
    for ticket, at, field, before in events.values_list("ticket_id", "at", "field", "before"):
        rows[ticket].append(Row(at, field, before))
    for each in rows.values():
        each.sort(key=lambda row: row.at)
    return rows


def _of_one(ticket: Ticket, rows: Sequence[Row], names: Names, until: datetime) -> list[Stretch]:
    """What it has been called is wound back from how it stands; since when it waited and was quiet is told from the beginning on."""
    stands = facts_of(ticket)
    after = [stands]
    for row in reversed(rows):
        after.append(rewind(after[-1], row.field, row.before, names))
    after.reverse()
    opened = ticket.created_at
    facts = replace(after[0], waiting=opened if after[0].turn == StatusGroup.OPEN else None, quiet=opened)
    found: list[Stretch] = []
    begins = opened
    for row, then in zip(rows, after[1:], strict=True):
        found = [] if row.field == APPROVED else [*found, Stretch(begins, row.at, facts)]
        facts, begins = replace(then, waiting=_waiting(row, facts.waiting, then), quiet=_quiet(row, facts.quiet)), row.at
    return [*found, Stretch(begins, until, stands)]


def _waiting(row: Row, since: datetime | None, then: Facts) -> datetime | None:
    """Since when the requester waits for us once that has happened, as `recording` keeps it."""
    match row.message, row.field:
        case (MessageKind.REPLY, _):
            return None
        case (MessageKind.INCOMING, _):
            return since or row.at
        case (_, "status"):
            return (since or row.at) if then.turn == StatusGroup.OPEN else None
        case (_, "approved"):
            return row.at if then.turn == StatusGroup.OPEN else None
    return since


def _quiet(row: Row, since: datetime | None) -> datetime | None:
    return row.at if row.message and (since is None or row.at > since) else since


def _status(before: str, names: Names) -> dict[str, Any]:
    status = names.statuses.get(int(before)) if before.isdecimal() else None
    return {"status": status.pk, "turn": status.group} if status else {}


def _community(before: str, names: Names) -> dict[str, Any]:
    found = names.communities.get(before)
    return {
        "community": found.slug if found else "",
        "language": found.language if found else "",
        "calendar": calendars.of(found),
    }


def _same(name: str) -> Callable[[str, Names], dict[str, Any]]:
    return lambda before, _names: {name: before}


UNDO: Mapping[str, Callable[[str, Names], dict[str, Any]]] = {
    **{name: _same(name) for name in ("kind", "impact", "responsible", "escalation", "subject", "group")},
    "status": _status,
    "community": _community,
    "priority": lambda before, _names: {"priority": int(before)} if before.isdecimal() else {},
    "assignee": lambda before, names: {"assignee": names.people.get(before, ""), "assigned": bool(before)},
    "tags": lambda before, _names: {"tags": tuple(before.split(", ")) if before else ()},
    "confidential": lambda before, _names: {"confidential": before == "True"},
}
