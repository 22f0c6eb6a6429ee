"""The fold: what a ticket's history makes of its clocks. A step takes one happening; nothing else moves a clock."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import reduce

from support.clocks.promises import Objectives
from support.clocks.working import WorkingCalendar
from support.states import ClockKind, ClockOutcome, StatusGroup


class What(StrEnum):
    """What can happen to a clock. Notes, snoozes, automatic messages and whatever is not here do nothing to it."""

    OPENED = "opened"
    INCOMING = "incoming"
    REPLY = "reply"
    STATUS = "status"
    FACTS = "facts"
    GONE = "gone"
    BACK = "back"


@dataclass(frozen=True)
class Facts:
    """What a promise depends on."""

    priority: int = 1
    kind: str = ""
    impact: str = ""


@dataclass(frozen=True)
class Happening:
    """One thing that happened. `group` is the status's afterwards, `facts` are the ticket's; each only where it is about that."""

    at: datetime
    what: What
    group: str = ""
    facts: Facts | None = None


@dataclass(frozen=True)
class Piece:
    """A stretch of time in which a clock ran; one that still runs has no end."""

    began: datetime
    ended: datetime | None = None


class RunState(StrEnum):
    """How one run of a clock stands."""

    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    MISSED = "missed"
    VOID = "void"


@dataclass(frozen=True)
class Run:
    """One run of one clock: when it ran, in pieces, and what was promised (None: nothing is)."""

    clock: ClockKind
    began: datetime
    target: int | None
    pieces: tuple[Piece, ...]
    ended: datetime | None = None
    outcome: str = ""

    @property
    def is_running(self) -> bool:
        return self.ended is None and self.pieces[-1].ended is None

    @property
    def state(self) -> RunState:
        if self.outcome:
            return RunState(self.outcome)
        return RunState.RUNNING if self.is_running else RunState.PAUSED

    @property
    def _ran_on(self) -> tuple[Piece, ...]:
        *before, last = self.pieces
        return (*before, Piece(last.began)) if self.ended is not None and last.ended == self.ended else self.pieces

    def seconds_used(self, calendar: WorkingCalendar, until: datetime) -> float:
        """Working seconds of its pieces up to a moment."""
        spans = ((piece.began, min(piece.ended or until, until)) for piece in self.pieces)
        return sum(calendar.seconds_between(began, ended) for began, ended in spans if began < ended)

    def reaches(self, calendar: WorkingCalendar, minutes: float) -> datetime | None:
        """When it has used that much; None when it is paused before, or it never will. One that has ended is taken as if it ran on."""
        left = minutes * 60
        for piece in self._ran_on:
            used = calendar.seconds_between(piece.began, piece.ended) if piece.ended else float("inf")
            if left <= used:
                return calendar.add_seconds(piece.began, left)
            left -= used
        return None

    def due(self, calendar: WorkingCalendar) -> datetime | None:
        """When it is due; None while it is paused within its time."""
        return self.reaches(calendar, self.target) if self.target is not None else None

    def is_late(self, calendar: WorkingCalendar, at: datetime) -> bool:
        """Whether its time is over. The evening after the last promised minute is late, though no more work was done in it."""
        due = self.due(calendar)
        return due is not None and at > due


@dataclass(frozen=True)
class State:
    """All runs so far, and what the next step must know."""

    runs: tuple[Run, ...] = ()
    group: str = StatusGroup.OPEN
    facts: Facts = field(default_factory=Facts)
    was_answered: bool = False
    is_asking: bool = False
    is_gone: bool = False

    def open_run(self, clock: ClockKind) -> Run | None:
        return next((run for run in self.runs if run.clock == clock and run.ended is None), None)


@dataclass(frozen=True)
class Clockwork:
    """What is promised, in which hours: the step of the fold."""

    calendar: WorkingCalendar
    objectives: Objectives

    def step(self, state: State, event: Happening) -> State:
        if state.is_gone and event.what != What.BACK:
            return self._unseen(state, event)
        steps = {
            What.OPENED: self._opened,
            What.INCOMING: self._written,
            What.REPLY: self._answered,
            What.STATUS: self._moved,
            What.FACTS: self._retargeted,
            What.GONE: self._gone,
            What.BACK: self._back,
        }
        return steps[event.what](state, event)

    def _unseen(self, state: State, event: Happening) -> State:
        """What happens to a ticket that is gone moves no clock; it is known when the ticket comes back."""
        answered = event.what == What.REPLY
        return replace(
            state,
            group=event.group or state.group,
            facts=event.facts or state.facts,
            was_answered=state.was_answered or answered,
            is_asking=event.what == What.INCOMING or (state.is_asking and not answered),
        )

    def _opened(self, state: State, event: Happening) -> State:
        opened = replace(state, group=event.group or state.group, facts=event.facts or state.facts, is_asking=True)
        return self._begin(opened, event.at)

    def _begin(self, state: State, at: datetime) -> State:
        """Start whatever is to run; nothing is while the ticket is over."""
        if state.group not in {StatusGroup.OPEN, StatusGroup.WAITING}:
            return state
        begun = state if state.open_run(ClockKind.RESOLUTION) else self._start(state, ClockKind.RESOLUTION, at)
        if not begun.was_answered:
            return begun if begun.open_run(ClockKind.FIRST) else self._start(begun, ClockKind.FIRST, at)
        return self._asked(begun, at)

    def _asked(self, state: State, at: datetime) -> State:
        """Somebody waits for a next answer: whoever writes again waits since the first time."""
        is_over = state.group not in {StatusGroup.OPEN, StatusGroup.WAITING}
        if is_over or not state.was_answered or not state.is_asking or state.open_run(ClockKind.NEXT):
            return state
        return self._start(state, ClockKind.NEXT, at)

    def _start(self, state: State, clock: ClockKind, at: datetime) -> State:
        piece = Piece(at) if state.group == StatusGroup.OPEN else Piece(at, at)
        run = Run(clock, at, self._target(clock, state.facts, at), (piece,))
        return replace(state, runs=(*state.runs, run))

    def _target(self, clock: ClockKind, facts: Facts, began: datetime) -> int | None:
        promise = self.objectives.promise(priority=facts.priority, kind=facts.kind, impact=facts.impact)
        minutes = promise.of(clock)
        return self.calendar.stretched(minutes, began=began) if minutes is not None else None

    def _written(self, state: State, event: Happening) -> State:
        return self._asked(replace(state, is_asking=True), event.at)

    def _gone(self, state: State, event: Happening) -> State:
        return replace(self._end_all(state, event.at, ClockOutcome.VOID), is_gone=True)

    def _back(self, state: State, event: Happening) -> State:
        return self._begin(replace(state, is_gone=False), event.at) if state.is_gone else state

    def _answered(self, state: State, event: Happening) -> State:
        ended = self._end(self._end(state, ClockKind.FIRST, event.at), ClockKind.NEXT, event.at)
        return replace(ended, was_answered=True, is_asking=False)

    def _moved(self, state: State, event: Happening) -> State:
        was_over = state.group in {StatusGroup.SOLVED, StatusGroup.CLOSED}
        moved = replace(state, group=event.group)
        match event.group:
            case StatusGroup.OPEN:
                return self._begin(moved, event.at) if was_over else self._each(moved, lambda run: _resumed(run, event.at))
            case StatusGroup.WAITING:
                begun = self._begin(moved, event.at) if was_over else moved
                return self._each(begun, lambda run: _paused(run, event.at))
            case _:
                solved = self._end(moved, ClockKind.RESOLUTION, event.at)
                return replace(self._end_all(solved, event.at, ClockOutcome.VOID, or_missed=True), is_asking=False)

    def _retargeted(self, state: State, event: Happening) -> State:
        """Another promise holds from the run's beginning on."""
        facts = event.facts or state.facts
        return self._each(replace(state, facts=facts), lambda run: replace(run, target=self._target(run.clock, facts, run.began)))

    def _end(self, state: State, clock: ClockKind, at: datetime) -> State:
        return self._each(state, lambda run: self._kept(run, at, ClockOutcome.MET, or_missed=True) if run.clock == clock else run)

    def _end_all(self, state: State, at: datetime, outcome: ClockOutcome, *, or_missed: bool = False) -> State:
        return self._each(state, lambda run: self._kept(run, at, outcome, or_missed=or_missed))

    def _kept(self, run: Run, at: datetime, outcome: ClockOutcome, *, or_missed: bool) -> Run:
        is_missed = or_missed and run.is_late(self.calendar, at)
        return replace(_paused(run, at), ended=max(at, run.began), outcome=(ClockOutcome.MISSED if is_missed else outcome).value)

    @staticmethod
    def _each(state: State, change: Callable[[Run], Run]) -> State:
        return replace(state, runs=tuple(run if run.ended else change(run) for run in state.runs))


def _paused(run: Run, at: datetime) -> Run:
    *before, last = run.pieces
    return run if last.ended else replace(run, pieces=(*before, Piece(last.began, max(at, last.began))))


def _resumed(run: Run, at: datetime) -> Run:
    return replace(run, pieces=(*run.pieces, Piece(at))) if run.pieces[-1].ended else run


def fold(events: Iterable[Happening], calendar: WorkingCalendar, objectives: Objectives, *, onto: State | None = None) -> State:
    """The state after these happenings, which are in the order of their moments."""
    return reduce(Clockwork(calendar, objectives).step, events, onto or State())


@dataclass(frozen=True)
class Clock:
    """How one run stands at a moment. Minutes are working minutes; `remaining` is less than nothing when it is late."""

    clock: ClockKind
    state: RunState
    began: datetime
    due: datetime | None
    ended: datetime | None
    target: int
    used: float
    is_late: bool
    run: Run

    @property
    def remaining(self) -> float:
        return self.target - self.used


def clocks(events: Iterable[Happening], calendar: WorkingCalendar, objectives: Objectives, now: datetime) -> list[Clock]:
    """Every run that something was promised for, in the order they began, as they stand at `now`."""
    known = fold((event for event in events if event.at <= now), calendar, objectives)
    return [stand(run, calendar, now, target=run.target) for run in known.runs if run.target is not None]


def stand(run: Run, calendar: WorkingCalendar, now: datetime, *, target: int) -> Clock:
    """One run at a moment."""
    return Clock(
        clock=run.clock,
        state=run.state,
        began=run.began,
        due=run.due(calendar),
        ended=run.ended,
        target=target,
        used=run.seconds_used(calendar, run.ended or now) / 60,
        is_late=run.is_late(calendar, run.ended or now),
        run=run,
    )
