"""Why a clock says what it says: its time from beginning to now, cut where what counts changes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from support.clocks.folding import Run
from support.clocks.working import WorkingCalendar

MANY = 12


class Reason(StrEnum):
    """Why a stretch of time counts, or does not."""

    COUNTED = "counted"
    CLOSED = "closed"
    HOLIDAY = "holiday"
    REDUCED = "reduced"
    PAUSED = "paused"


@dataclass(frozen=True)
class Line:
    """A stretch of time, and the working minutes of it that were counted. `name` is the holiday's or the period's."""

    began: datetime
    ended: datetime
    reason: Reason
    minutes: float = 0
    name: str = ""


def explain(run: Run, calendar: WorkingCalendar, now: datetime) -> list[Line]:
    """The whole time of a run, up to its end or now, without a gap. The minutes add up to what it used."""
    lines = _joined(_lines(run, calendar, run.ended or now))
    return lines if len(lines) <= MANY else _joined(_by_week(lines, calendar))


def _lines(run: Run, calendar: WorkingCalendar, until: datetime) -> Iterator[Line]:
    paused_since: datetime | None = None
    for piece in run.pieces:
        if paused_since is not None and paused_since < piece.began:
            yield Line(paused_since, piece.began, Reason.PAUSED)
        ended = min(piece.ended or until, until)
        yield from _days(calendar, piece.began, ended)
        paused_since = piece.ended
    if paused_since is not None and paused_since < until:
        yield Line(paused_since, until, Reason.PAUSED)


def _days(calendar: WorkingCalendar, began: datetime, ended: datetime) -> Iterator[Line]:
    """Stretches of work, and what is between them."""
    at = began
    for start, end in calendar.intervals(began, ended):
        yield from _quiet(calendar, at, start)
        yield Line(start, end, Reason.COUNTED, (end - start).total_seconds() / 60)
        at = end
    yield from _quiet(calendar, at, ended)


def _quiet(calendar: WorkingCalendar, began: datetime, ended: datetime) -> Iterator[Line]:
    """A stretch without work, day by day, each with its reason."""
    while began < ended:
        day = calendar.day_of(began)
        midnight = datetime.combine(day + timedelta(days=1), time(), calendar.tz).astimezone(UTC)
        night = min(midnight if midnight > began else began + timedelta(hours=1), ended)
        reason, name = _why(calendar, day)
        yield Line(began, night, reason, name=name)
        began = night


def _why(calendar: WorkingCalendar, day: date) -> tuple[Reason, str]:
    if holiday := calendar.holiday_on(day):
        return Reason.HOLIDAY, holiday.name
    period = calendar.reduced_on(day)
    if period is not None and period.windows is not None and calendar.week[day.weekday()]:
        return Reason.REDUCED, period.name
    return Reason.CLOSED, ""


def _joined(lines: Iterable[Line]) -> list[Line]:
    """Neighbours that say the same of a time that did not count are one."""
    joined: list[Line] = []
    for line in lines:
        last = joined[-1] if joined else None
        if last and line.reason != Reason.COUNTED and (last.reason, last.name) == (line.reason, line.name):
            joined[-1] = replace(last, ended=line.ended)
        else:
            joined.append(line)
    return joined


def _by_week(lines: list[Line], calendar: WorkingCalendar) -> Iterator[Line]:
    """A long story in weeks: what counted in one, with the nights and weekends between."""
    held: Line | None = None
    for line in lines:
        if line.reason not in {Reason.COUNTED, Reason.CLOSED}:
            yield from [held] if held else []
            held = None
            yield line
        elif held and _week(held, calendar) == _week(line, calendar):
            reason = Reason.COUNTED if held.minutes or line.minutes else Reason.CLOSED
            held = replace(held, ended=line.ended, minutes=held.minutes + line.minutes, reason=reason)
        else:
            yield from [held] if held else []
            held = line
    yield from [held] if held else []


def _week(line: Line, calendar: WorkingCalendar) -> tuple[int, int]:
    return calendar.day_of(line.began).isocalendar()[:2]
