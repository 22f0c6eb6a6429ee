"""Working time: which moments count, how many of them lie between two, and which one is so many further on.

A moment counts when the wall clock of the calendar's zone reads a time inside a window of that day, so that a night in which
the clock is put forward or back is as long as it really is. A year becomes a row of intervals with running sums, once.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

DAY = 24 * 60
WEEKDAYS = 7
FAR = 30  # years without an hour of work after which nothing is ever due
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, order=True)
class Window:
    """Minutes since midnight. It belongs to the day it opens on; closing no later than it opens, it closes on the day after."""

    opens: int
    closes: int

    @property
    def end(self) -> int:
        return self.closes if self.closes > self.opens else self.closes + DAY


ALL_DAY = (Window(0, DAY),)


@dataclass(frozen=True)
class Holiday:
    """A day off, or a day with other hours where windows are given."""

    on: date
    name: str = ""
    windows: tuple[Window, ...] = ()


@dataclass(frozen=True)
class Reduced:
    """Days with less capacity, both ends included. `windows` None: the usual hours; empty: no work.

    A target that begins to run in it is stretched to `factor` percent.
    """

    begins: date
    ends: date
    name: str = ""
    windows: tuple[Window, ...] | None = None
    factor: int = 100

    def holds(self, day: date) -> bool:
        return self.begins <= day <= self.ends


@dataclass(frozen=True)
class WorkingCalendar:
    """Hours of work in one zone: the week from Monday on, what differs on some days, or every hour there is."""

    zone: str = "UTC"
    week: tuple[tuple[Window, ...], ...] = ((),) * WEEKDAYS
    holidays: tuple[Holiday, ...] = ()
    reduced: tuple[Reduced, ...] = ()
    _by_day: dict[date, Holiday] = field(init=False, repr=False, compare=False, hash=False, default_factory=dict)
    _years: "dict[int, Intervals]" = field(init=False, repr=False, compare=False, hash=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._by_day.update({holiday.on: holiday for holiday in self.holidays})

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def windows_on(self, day: date) -> tuple[Window, ...]:
        """The windows that open on that day. No work in a reduced period stands above a holiday, a holiday above other hours."""
        usual, period = self.week[day.weekday()], self.reduced_on(day)
        if period is not None and period.windows == ():
            return ()
        if holiday := self.holiday_on(day):
            return holiday.windows
        if period is not None and period.windows is not None:
            return period.windows if usual else ()
        return usual

    def holiday_on(self, day: date) -> Holiday | None:
        return self._by_day.get(day)

    def reduced_on(self, day: date) -> Reduced | None:
        return next((period for period in self.reduced if period.holds(day)), None)

    def day_of(self, at: datetime) -> date:
        """The date in the calendar's zone."""
        return at.astimezone(self.tz).date()

    def stretched(self, minutes: int, *, began: datetime) -> int:
        """The target of a clock that began then."""
        period = self.reduced_on(self.day_of(began))
        return minutes * period.factor // 100 if period else minutes

    def between(self, start: datetime, end: datetime) -> float:
        """Working minutes from one moment to the other; less than nothing when they are the other way round."""
        return self.seconds_between(start, end) / 60

    def add(self, start: datetime, minutes: float) -> datetime | None:
        """The first moment by which that many working minutes have passed; None when they never will."""
        return self.add_seconds(start, minutes * 60)

    def seconds_between(self, start: datetime, end: datetime) -> float:
        if end < start:
            return -self.seconds_between(end, start)
        first, last = start.astimezone(UTC).year, end.astimezone(UTC).year
        whole = sum(self._year(year).total for year in range(first, last))
        return whole + self._year(last).before(end.timestamp()) - self._year(first).before(start.timestamp())

    def add_seconds(self, start: datetime, seconds: float) -> datetime | None:
        if seconds <= 0:
            return start
        year = start.astimezone(UTC).year
        left = seconds + self._year(year).before(start.timestamp())
        for each in range(year, min(year + self._horizon(year), 9998)):
            if left <= (intervals := self._year(each)).total:
                return datetime.fromtimestamp(intervals.at(left), UTC)
            left -= intervals.total
        return None

    def intervals(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The stretches of work between two moments, in order."""
        for year in range(start.astimezone(UTC).year, end.astimezone(UTC).year + 1):
            for began, ended in zip(self._year(year).starts, self._year(year).ends, strict=True):
                low, high = max(began, start.timestamp()), min(ended, end.timestamp())
                if low < high:
                    yield datetime.fromtimestamp(low, UTC), datetime.fromtimestamp(high, UTC)

    def _year(self, year: int) -> "Intervals":
        if year not in self._years:
            self._years[year] = _intervals(self, year)
        return self._years[year]

    def _horizon(self, year: int) -> int:
        """How many years to look for work: with an empty week, up to the last date that says otherwise."""
        dates = [*(day.on for day in self.holidays), *(period.ends for period in self.reduced)]
        last = max((day.year for day in dates), default=year)
        return FAR if any(self.week) else min(max(last - year, 0) + 2, FAR)


@dataclass(frozen=True)
class Intervals:
    """One year's stretches of work in seconds of the epoch, and how much work was done before each."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    sums: tuple[int, ...]
    total: int

    def before(self, at: float) -> float:
        """Seconds of work in this year up to that moment."""
        place = bisect_right(self.starts, at) - 1
        return self.sums[place] + min(at, self.ends[place]) - self.starts[place] if place >= 0 else 0

    def at(self, seconds: float) -> float:
        """The first moment by which that much work of this year is done; 0 < seconds ≤ total."""
        place = bisect_right(self.sums, seconds) - 1
        if self.sums[place] == seconds:
            place -= 1
        return self.starts[place] + seconds - self.sums[place]


def _intervals(calendar: WorkingCalendar, year: int) -> Intervals:
    low, high = _stamp(datetime(year, 1, 1, tzinfo=UTC)), _stamp(datetime(year + 1, 1, 1, tzinfo=UTC))
    merged = [(max(start, low), min(end, high)) for start, end in _merged(_stretches(calendar, low, high))]
    starts, ends = tuple(start for start, _end in merged), tuple(end for _start, end in merged)
    sums = [0]
    for start, end in merged:
        sums.append(sums[-1] + end - start)
    return Intervals(starts, ends, tuple(sums[:-1]), sums[-1])


def _stretches(calendar: WorkingCalendar, low: int, high: int) -> Iterator[tuple[int, int]]:
    """Between two changes of the clock wall time runs evenly: every window that opens there or reaches into it, cut to fit."""
    for begin, end, offset in _even(calendar.tz, low, high):
        day = _wall(begin, offset).date() - 2 * ONE_DAY
        while day <= _wall(end, offset).date():
            midnight = _stamp(datetime(day.year, day.month, day.day, tzinfo=UTC)) - offset
            for window in calendar.windows_on(day):
                start, stop = max(midnight + window.opens * 60, begin), min(midnight + window.end * 60, end)
                if start < stop:
                    yield start, stop
            day += ONE_DAY


def _even(zone: tzinfo, low: int, high: int) -> Iterator[tuple[int, int, int]]:
    """The parts of a stretch in which the zone's distance from UTC does not change, each with it."""
    marks = [*range(low, high, 86400), high]
    borders = [low, *(_change(zone, start, end) for start, end in pairwise(marks) if _offset(zone, start) != _offset(zone, end)), high]
    for start, end in pairwise(borders):
        if start < end:
            yield start, end, _offset(zone, start)


def _change(zone: tzinfo, low: int, high: int) -> int:
    """The first second with the later offset; no zone changes twice within a day."""
    after = _offset(zone, high)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _offset(zone, middle) == after else (middle, high)
    return high


@lru_cache(maxsize=65536)
def _offset(zone: tzinfo, at: int) -> int:
    offset = datetime.fromtimestamp(at, zone).utcoffset()
    return round(offset.total_seconds()) if offset else 0


def _wall(at: int, offset: int) -> datetime:
    return datetime.fromtimestamp(at + offset, UTC)


def _stamp(at: datetime) -> int:
    return int(at.timestamp())


def _merged(stretches: Iterable[tuple[int, int]]) -> Sequence[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(stretches):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


OFFICE_HOURS = WorkingCalendar(week=(*(((Window(9 * 60, 17 * 60),),) * 5), (), ()))
"""Where no operator has said otherwise: Monday to Friday, 9 to 17, UTC."""
