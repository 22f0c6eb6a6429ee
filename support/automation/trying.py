"""A dry run: what a rule would have met in the last 30 days. It reads a handful of queries, and writes nothing.

Event rules replay history: each ticket is wound back, change by change, to how it stood at the event. Time rules are asked of the
tickets as they stand now: what they would act on in the next hour.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from communities.models import Community, User
from support.automation import running
from support.automation.facts import facts_of
from support.automation.occasions import EVENTS, FIELDS, MESSAGES
from support.conditions import Facts, holds
from support.models import Message, Rule, Ticket, TicketEvent, TicketStatus
from support.states import Match, MessageKind, Trigger

WINDOW = timedelta(days=30)
MOST = 5000
SHOWN = 50


@dataclass(frozen=True)
class Meeting:
    """One ticket that fits, and when it did."""

    ticket: Ticket
    at: datetime


@dataclass(frozen=True)
class Tried:
    """What a rule would have met: how often, out of how many looked at, and the newest of them."""

    count: int
    looked_at: int
    tickets: int
    meetings: Sequence[Meeting]
    is_cut: bool = False


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
class Seen:
    """An event or a message of the window that the rule is for."""

    ticket_id: int
    at: datetime
    order: int


def try_out(rule: Rule, *, now: datetime) -> Tried:
    """The rule as it is edited now."""
    return _ask_now(rule, now) if rule.trigger == Trigger.TIME else _replay(rule, now)


def rewind(facts: Facts, event: TicketEvent, names: Names) -> Facts:
    """The facts as they stood before that change."""
    undo = UNDO.get(event.field)
    return replace(facts, **undo(event.before, names)) if undo else facts


def _ask_now(rule: Rule, now: datetime) -> Tried:
    rows = running.unmet(rule, now).select_related("status", "community", "assignee").order_by("-updated_at", "-pk")
    found = list(rows[: MOST + 1])
    shown = [Meeting(each, now) for each in found[:SHOWN]]
    return Tried(min(len(found), MOST), len(found), len(found), shown, is_cut=len(found) > MOST)


def _replay(rule: Rule, now: datetime) -> Tried:
    seen = _seen(rule, now)
    tickets = {each.pk: each for each in _tickets(seen[:MOST])}
    conditions, any_of = running.conditions_of(rule), rule.match == Match.ANY
    met = [
        Meeting(tickets[each.ticket_id], each.at)
        for each, facts in _at_their_time(seen[:MOST], tickets)
        if holds(conditions, facts, each.at, any_of=any_of)
    ]
    met.sort(key=lambda each: each.at, reverse=True)
    return Tried(len(met), min(len(seen), MOST), len({each.ticket.pk for each in met}), met[:SHOWN], is_cut=len(seen) > MOST)


def _seen(rule: Rule, now: datetime) -> list[Seen]:
    """The newest first, one more than is looked at."""
    since = now - WINDOW
    if kind := next((kind for kind, trigger in MESSAGES.items() if trigger == rule.trigger), ""):
        messages = Message.objects.filter(kind=kind, created_at__gte=since, removed_at=None, held=None).order_by("-created_at", "-pk")
        if kind != MessageKind.INCOMING:
            messages = messages.exclude(author_user=None, external_key__gt="")  # a rule's own, as in `Occasion.of_message`
        return [Seen(ticket, at, 0) for ticket, at in messages.values_list("ticket_id", "created_at")[: MOST + 1]]
    fields = [name for name, trigger in EVENTS.items() if trigger == rule.trigger] or (
        [rule.changed_field] if rule.changed_field else FIELDS
    )
    events = TicketEvent.objects.filter(field__in=fields, at__gte=since).exclude(actor_role="rule").order_by("-at", "-pk")
    return [Seen(ticket, at, pk) for ticket, at, pk in events.values_list("ticket_id", "at", "pk")[: MOST + 1]]


def _tickets(seen: Iterable[Seen]) -> list[Ticket]:
    keys = {each.ticket_id for each in seen}
    rows = Ticket.objects.here().filter(pk__in=keys).select_related("status", "community", "assignee", "group", "requester")
    return list(rows.defer("body_html", "body_text", "remote_raw"))


def _at_their_time(seen: Sequence[Seen], tickets: Mapping[int, Ticket]) -> Iterable[tuple[Seen, Facts]]:
    """Each occasion with the facts as they stood right after it, winding every ticket back once."""
    names, changes = Names.read(), _changes(seen)
    facts = {pk: facts_of(ticket) for pk, ticket in tickets.items()}
    for each in seen:
        if each.ticket_id not in facts:
            continue
        later = changes.get(each.ticket_id, [])
        while later and (later[-1].at, later[-1].pk if each.order else 0) > (each.at, each.order):
            facts[each.ticket_id] = rewind(facts[each.ticket_id], later.pop(), names)
        yield each, facts[each.ticket_id]


def _changes(seen: Sequence[Seen]) -> dict[int, list[TicketEvent]]:
    """The changes of these tickets since the oldest of what was seen, by ticket, the newest last."""
    if not seen:
        return {}
    rows = TicketEvent.objects.filter(ticket__in={each.ticket_id for each in seen}, at__gte=seen[-1].at, field__in=UNDO)
    changes: dict[int, list[TicketEvent]] = {}
    for event in rows.order_by("at", "pk"):
        changes.setdefault(event.ticket_id, []).append(event)
    return changes


def _status(before: str, names: Names) -> dict[str, Any]:
    status = names.statuses.get(int(before)) if before.isdecimal() else None
    return {"status": status.pk, "turn": status.group} if status else {}


def _community(before: str, names: Names) -> dict[str, Any]:
    found = names.communities.get(before)
    return {"community": found.slug if found else "", "language": found.language if found else ""}


def _same(name: str) -> Callable[[str, Names], dict[str, Any]]:
    return lambda before, _names: {name: before}


UNDO: Mapping[str, Callable[[str, Names], dict[str, Any]]] = {
    **{name: _same(name) for name in ("kind", "impact", "responsible", "escalation", "subject", "group")},
    "status": _status,
    "community": _community,
    "priority": lambda before, _names: {"priority": int(before)} if before.isdecimal() else {},
    "assignee": lambda before, names: {"assignee": names.people.get(before, ""), "assigned": bool(before)},
    "tags": lambda before, _names: {"tags": tuple(before.split(", ")) if before else ()},
}
