"""A ticket's clocks on its rows: its runs, and which of them is due next, kept as its history says.

Always from the whole history, so that what arrives late, out of order or from Freshdesk makes the same of it. `turn` works in
memory with what is not saved yet; `keep` writes the runs. One ticket costs two queries to read and at most two to write.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from support.clocks import Clock, RunState, WorkingCalendar, clocks, fold
from support.clocks.folding import Happening, stand
from support.models import ClockRun, Message, Ticket, TicketEvent
from support.timing import calendars, objectives
from support.timing.telling import ECHOED, FIELDS, PARTED, Row, happenings, read, rows_of

__all__ = [
    "ECHOED",
    "KEPT",
    "PARTED",
    "Turned",
    "begin",
    "concerns",
    "keep",
    "recompute",
    "stood",
    "told_of",
    "turn",
    "turn_many",
    "turn_together",
]

RUN_FIELDS = ("began_at", "due_at", "ended_at", "target_minutes", "used_minutes", "outcome", "warn_at", "warned_at", "missed_at")
KEPT = ("next_due_at", "due_clock")


@dataclass
class Turned:
    """What to write of tickets whose clocks were turned."""

    new: list[ClockRun] = field(default_factory=list)
    changed: list[ClockRun] = field(default_factory=list)
    dropped: list[int] = field(default_factory=list)


def concerns(*, events: Iterable[TicketEvent] = (), messages: Iterable[Message] = ()) -> bool:
    """Whether any of these moves a clock."""
    return any(event.field in FIELDS for event in events) or any(rows_of(message) for message in messages)


def turn(ticket: Ticket, *, now: datetime, events: Collection[TicketEvent] = (), messages: Collection[Message] = ()) -> Turned:
    """Bring one ticket's columns up to date in memory, with what is about to be saved."""
    if not concerns(events=events, messages=messages):
        return Turned()
    return turn_many([ticket], now=now, unsaved={id(ticket): _rows(events, messages)})


def turn_together(news: Sequence[tuple[Ticket, Sequence[TicketEvent], Sequence[Message]]], *, now: datetime) -> Turned:
    """The same for a batch: each ticket with what is about to be saved of it. Where nothing moves a clock nothing is read."""
    moved = [each for each in news if each[0].pk is None or concerns(events=each[1], messages=each[2])]
    unsaved = {id(ticket): _rows(events, messages) for ticket, events, messages in moved}
    return turn_many([ticket for ticket, _events, _messages in moved], now=now, unsaved=unsaved)


def begin(ticket: Ticket, *, now: datetime) -> Turned:
    """The clocks of a ticket that is about to be saved for the first time."""
    return _turn(ticket, happenings(ticket, [], calendars.rules().groups_of()), [], now=now)


def turn_many(tickets: Sequence[Ticket], *, now: datetime, unsaved: Mapping[int, Sequence[Row]] | None = None) -> Turned:
    """The same for many at once, by the identity of each: two queries, however many."""
    saved = [ticket.pk for ticket in tickets if ticket.pk]
    history, held = read(saved), _runs(saved)
    turned = Turned()
    for ticket in tickets:
        rows = [*history.get(ticket.pk, ()), *(unsaved or {}).get(id(ticket), ())]
        one = _turn(ticket, happenings(ticket, rows, calendars.rules().groups_of()), held.get(ticket.pk, []), now=now)
        turned.new += one.new
        turned.changed += one.changed
        turned.dropped += one.dropped
    return turned


def keep(turned: Turned) -> None:
    """Write the runs. Their tickets are saved by now."""
    if turned.dropped:
        ClockRun.objects.filter(pk__in=turned.dropped).delete()
    ClockRun.objects.bulk_update(turned.changed, RUN_FIELDS, batch_size=500)
    for run in turned.new:
        run.ticket_id = run.ticket.pk
    ClockRun.objects.bulk_create(turned.new, batch_size=1000)


def stood(ticket: Ticket, *, now: datetime, priority: int | None = None) -> list[Clock]:
    """Every clock of a ticket as it stands, or as it would with another priority."""
    told = told_of(ticket)
    if priority is not None:
        told = [_with(event, priority) for event in told]
    return clocks(told, calendars.of(ticket.community), objectives.of(ticket.community), now)


def told_of(ticket: Ticket) -> list[Happening]:
    """Its history as clocks hear it."""
    return happenings(ticket, read([ticket.pk]).get(ticket.pk, []), calendars.rules().groups_of())


def recompute(tickets: Sequence[Ticket], *, now: datetime) -> int:
    """Turn them again from the beginning, and save what differs. The number of tickets whose next due time moved."""
    before = {ticket.pk: (ticket.next_due_at, ticket.due_clock) for ticket in tickets}
    keep(turn_many(tickets, now=now))
    moved = [ticket for ticket in tickets if before[ticket.pk] != (ticket.next_due_at, ticket.due_clock)]
    Ticket.objects.bulk_update(moved, KEPT, batch_size=500)
    return len(moved)


def _rows(events: Iterable[TicketEvent], messages: Iterable[Message]) -> list[Row]:
    return [*(row for event in events for row in rows_of(event)), *(row for message in messages for row in rows_of(message))]


def _with(event: Happening, priority: int) -> Happening:
    return replace(event, facts=replace(event.facts, priority=priority)) if event.facts else event


def _runs(pks: Sequence[int]) -> dict[int, list[ClockRun]]:
    runs: dict[int, list[ClockRun]] = defaultdict(list)
    if pks:
        for run in ClockRun.objects.filter(ticket__in=pks).order_by("began_at", "pk"):
            runs[run.ticket_id].append(run)
    return runs


def _turn(ticket: Ticket, told: Sequence[Happening], held: Sequence[ClockRun], *, now: datetime) -> Turned:
    calendar, promised = calendars.of(ticket.community), objectives.of(ticket.community)
    found = fold(told, calendar, promised)
    standing = [stand(run, calendar, run.ended or now, target=run.target) for run in found.runs if run.target is not None]
    ticket.next_due_at, ticket.due_clock = _next(standing)
    warned = {clock.target: promised.warned_with(clock.target) for clock in standing}
    wanted = [_row(ticket, clock, warn_at=_warn_at(clock, calendar, warned[clock.target])) for clock in standing]
    return _compared(wanted, held, now=now)


def _next(standing: Iterable[Clock]) -> tuple[datetime | None, str]:
    due = [(clock.due, clock.clock.value) for clock in standing if clock.state == RunState.RUNNING and clock.due]
    return min(due, default=(None, ""))


def _warn_at(clock: Clock, calendar: WorkingCalendar, minutes: int) -> datetime | None:
    return clock.run.reaches(calendar, clock.target - minutes) if clock.state == RunState.RUNNING else None


def _row(ticket: Ticket, clock: Clock, *, warn_at: datetime | None) -> ClockRun:
    return ClockRun(
        ticket=ticket,
        clock=clock.clock.value,
        began_at=clock.began,
        due_at=None if clock.state == RunState.PAUSED else clock.due,
        ended_at=clock.ended,
        target_minutes=clock.target,
        used_minutes=0 if clock.state == RunState.RUNNING else int(clock.used),
        outcome=clock.run.outcome,
        warn_at=warn_at,
    )


def _compared(wanted: Sequence[ClockRun], held: Sequence[ClockRun], *, now: datetime) -> Turned:
    """What is there and is to be: a run is known by its clock and when it began, and one that was there longer is used again."""
    turned, left = Turned(), {(run.clock, run.began_at): run for run in held}
    dropped = [run for run in held if left[run.clock, run.began_at] is not run]
    for run in wanted:
        known = left.pop((run.clock, run.began_at), None)
        if known is None:
            turned.new.append(run)
        elif _take_over(known, run, now=now):
            turned.changed.append(known)
    turned.dropped = [run.pk for run in (*dropped, *left.values())]
    return turned


def _take_over(known: ClockRun, run: ClockRun, *, now: datetime) -> bool:
    """Bring a held run up to date; a warning of a time that is no longer near counts no more. Whether anything differs."""
    run.warned_at = known.warned_at if run.warn_at is None or run.warn_at <= now else None
    run.missed_at = known.missed_at if run.due_at is None or run.due_at <= now else None
    differs = any(getattr(known, name) != getattr(run, name) for name in RUN_FIELDS)
    for name in RUN_FIELDS:
        setattr(known, name, getattr(run, name))
    return differs
