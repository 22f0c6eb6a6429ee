"""The clocks of synthetic tickets: what was promised, what was used, and whether it was met."""

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from support.models import ClockRun, Message, Ticket
from support.states import ClockKind, ClockOutcome, MessageKind, Priority

PROMISED: Mapping[str, Mapping[int, int]] = {
    ClockKind.FIRST: {Priority.LOW: 480, Priority.MEDIUM: 480, Priority.HIGH: 240, Priority.URGENT: 60},
    ClockKind.NEXT: {Priority.LOW: 960, Priority.MEDIUM: 480, Priority.HIGH: 240, Priority.URGENT: 120},
    ClockKind.RESOLUTION: {Priority.LOW: 4800, Priority.MEDIUM: 2400, Priority.HIGH: 960, Priority.URGENT: 480},
}
WORKING_SHARE = 0.3  # of all hours, roughly


def runs_of(ticket: Ticket, letters: Sequence[Message], rng: random.Random) -> Iterator[ClockRun]:
    """Every run of a ticket's clocks; while one still runs, the ticket says when it is due."""
    asked: datetime | None = ticket.created_at
    clock = ClockKind.FIRST
    for letter in letters:
        if letter.kind == MessageKind.REPLY and asked is not None:
            yield _ended(ticket, clock, asked, letter.created_at, rng)
            asked, clock = None, ClockKind.NEXT
        elif letter.kind == MessageKind.INCOMING and asked is None:
            asked = letter.created_at
    if ticket.solved_at is not None:
        yield _ended(ticket, ClockKind.RESOLUTION, ticket.created_at, ticket.solved_at, rng)
    elif ticket.waiting_since is not None:
        running = _running(ticket, clock, ticket.waiting_since)
        ticket.next_due_at, ticket.due_clock = running.due_at, clock
        yield running


def _ended(ticket: Ticket, clock: ClockKind, began: datetime, ended: datetime, rng: random.Random) -> ClockRun:
    promised = PROMISED[clock][ticket.priority]
    used = int((ended - began).total_seconds() / 60 * WORKING_SHARE * rng.uniform(0.5, 1.5))
    outcome = ClockOutcome.MET if used <= promised else ClockOutcome.MISSED
    return ClockRun(
        ticket=ticket,
        clock=clock,
        began_at=began,
        due_at=began + timedelta(minutes=promised / WORKING_SHARE),
        ended_at=ended,
        target_minutes=promised,
        used_minutes=used,
        outcome=outcome,
    )


def _running(ticket: Ticket, clock: ClockKind, began: datetime) -> ClockRun:
    promised = PROMISED[clock][ticket.priority]
    return ClockRun(
        ticket=ticket, clock=clock, began_at=began, due_at=began + timedelta(minutes=promised / WORKING_SHARE), target_minutes=promised
    )
