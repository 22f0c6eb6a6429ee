"""A dry run: what a rule would have met in the last 30 days. It reads a handful of queries, and writes nothing.

Event rules replay history: each ticket is wound back, change by change, to how it stood at the event. Time rules look at how each
ticket stood between its changes, and find the moment in it at which the rule would have begun to hold.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Q

from support.automation import running
from support.automation.conditions import Condition, Facts, ages, as_q, holds, later
from support.automation.facts import facts_of
from support.automation.occasions import EVENTS, FIELDS, MESSAGES
from support.automation.standing import UNDO, Names, Stretch, rewind, stretches
from support.models import Message, Rule, Ticket, TicketEvent
from support.models.tickets import TicketQuerySet
from support.states import Match, MessageKind, Trigger
from support.timing import calendars

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
    at_once: int = 0
    """Of a rule of time: the tickets it would meet in its first hour, were there no ceiling."""


@dataclass(frozen=True)
class Seen:
    """An event or a message of the window that the rule is for."""

    ticket_id: int
    at: datetime
    order: int


def try_out(rule: Rule, *, now: datetime) -> Tried:
    """The rule as it is edited now."""
    return _over_time(rule, now) if rule.trigger == Trigger.TIME else _replay(rule, now)


def _over_time(rule: Rule, now: datetime) -> Tried:
    """As if it had been switched on at the beginning of the window, and had changed nothing."""
    since, conditions, any_of = now - WINDOW, running.conditions_of(rule), rule.match == Match.ANY
    could = Q(updated_at__gte=since) | _could_fit(conditions, since, now, any_of=any_of)
    rows = Ticket.objects.here().filter(could, created_at__lte=now).order_by("-updated_at", "-pk")
    found = list(_whole(rows)[: MOST + 1])
    met = [
        Meeting(ticket, at)
        for ticket, stood in stretches(found[:MOST], since=since, until=now)
        for at in moments(conditions, stood, any_of=any_of)
    ]
    at_once = running.unmet(rule, now)[: MOST + 1].count()
    return replace(_told(met, looked_at=len(found[:MOST]), is_cut=len(found) > MOST), at_once=at_once)


def moments(conditions: Sequence[Condition], stood: Iterable[Stretch], *, any_of: bool) -> Iterator[datetime]:
    """When a rule of time would have met a ticket: at the first moment that fits, and again once everything it counts from is news."""
    asked = ages(conditions)
    met: datetime | None = None
    for stretch in stood:
        since = [getattr(stretch.facts, each.field) for each in asked]
        if met is not None and any(each is not None and each <= met for each in since):
            continue
        if at := next((at for at in _turns(asked, stretch) if holds(conditions, stretch.facts, at, any_of=any_of)), None):
            met = at
            yield at


def _turns(asked: Iterable[Condition], stretch: Stretch) -> list[datetime]:
    """The moments of a stretch at which a condition may begin to hold: its beginning, and when it is old enough."""
    facts = stretch.facts
    since = [(getattr(facts, each.field), each.values[0]) for each in asked if each.operator == "for_at_least"]
    old_enough = {later(at, span, facts.calendar) for at, span in since if at is not None}
    return sorted({stretch.begins, *(at for at in old_enough if stretch.begins < at < stretch.ends)})


def _could_fit(conditions: Sequence[Condition], since: datetime, now: datetime, *, any_of: bool) -> Q:
    """Where nothing changed in the window: old enough by its end, not too old at its beginning, and all else as it is."""
    served, joined = calendars.served(), Q()
    for each in conditions:
        asked = as_q([each], since if each.operator == "for_less" else now, served=served)
        joined = joined | asked if any_of else joined & asked
    return joined


def _replay(rule: Rule, now: datetime) -> Tried:
    seen = _seen(rule, now)
    tickets = {each.pk: each for each in _tickets(seen[:MOST])}
    conditions, any_of = running.conditions_of(rule), rule.match == Match.ANY
    met = [
        Meeting(tickets[each.ticket_id], each.at)
        for each, facts in _at_their_time(seen[:MOST], tickets)
        if holds(conditions, facts, each.at, any_of=any_of)
    ]
    return _told(met, looked_at=min(len(seen), MOST), is_cut=len(seen) > MOST)


def _told(met: list[Meeting], *, looked_at: int, is_cut: bool) -> Tried:
    """The newest of them first."""
    met.sort(key=lambda each: each.at, reverse=True)
    return Tried(len(met), looked_at, len({each.ticket.pk for each in met}), met[:SHOWN], is_cut=is_cut)


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
    return list(_whole(Ticket.objects.here().filter(pk__in=keys)))


def _whole(rows: TicketQuerySet) -> TicketQuerySet:
    """With everything that facts are taken from."""
    return rows.select_related("status", "community", "assignee", "group", "requester").defer("body_html", "body_text", "remote_raw")


def _at_their_time(seen: Sequence[Seen], tickets: Mapping[int, Ticket]) -> Iterable[tuple[Seen, Facts]]:
    """Each occasion with the facts as they stood right after it, winding every ticket back once."""
    names, changes = Names.read(), _changes(seen)
    facts = {pk: facts_of(ticket) for pk, ticket in tickets.items()}
    for each in seen:
        if each.ticket_id not in facts:
            continue
        newer = changes.get(each.ticket_id, [])
        while newer and (newer[-1].at, newer[-1].pk if each.order else 0) > (each.at, each.order):
            change = newer.pop()
            facts[each.ticket_id] = rewind(facts[each.ticket_id], change.field, change.before, names)
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
