"""How much of the time something answered, as far as anybody looked: pure, by days in UTC. What nobody saw is neither up nor down."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

DAYS = 90
HALF = 0.5


@dataclass(frozen=True, order=True)
class Span:
    """From one moment up to, but without, another; both know their zone. What ends before it began is empty."""

    began: datetime
    ended: datetime

    @property
    def seconds(self) -> int:
        return max(int((self.ended - self.began).total_seconds()), 0)


@dataclass(frozen=True)
class Tally:
    """Of some time: how many seconds somebody looked, and how many of those it did not answer."""

    watched: int = 0
    down: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.watched + other.watched, self.down + other.down)

    @property
    def share(self) -> float | None:
        """The part of the watched time in which it answered; None where nobody looked."""
        return (self.watched - self.down) / self.watched if self.watched else None


class Level(StrEnum):
    """How a day was, as the bar of days shows it."""

    UNKNOWN = "unknown"
    UP = "up"
    PARTLY = "partly"
    DOWN = "down"


@dataclass(frozen=True)
class Day:
    """One day (UTC) of the bar."""

    day: date
    tally: Tally = Tally()

    @property
    def level(self) -> Level:
        share = self.tally.share
        if share is None:
            return Level.UNKNOWN
        if share == 1:
            return Level.UP
        return Level.PARTLY if share > HALF else Level.DOWN


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same time without overlaps, in order."""
    found: list[Span] = []
    for span in sorted(span for span in spans if span.seconds):
        if found and span.began <= found[-1].ended:
            found[-1] = Span(found[-1].began, max(found[-1].ended, span.ended))
        else:
            found.append(span)
    return found


def within(spans: Iterable[Span], others: Iterable[Span]) -> list[Span]:
    """The time that both cover."""
    kept = merged(others)
    both = (Span(max(one.began, two.began), min(one.ended, two.ended)) for one in merged(spans) for two in kept)
    return [span for span in both if span.seconds]


def by_day(span: Span) -> Iterator[tuple[date, int]]:
    """Its seconds, day by day in UTC."""
    began, ended = span.began.astimezone(UTC), span.ended.astimezone(UTC)
    while began < ended:
        after = min(datetime.combine(began.date() + timedelta(days=1), time.min, tzinfo=UTC), ended)
        yield began.date(), Span(began, after).seconds
        began = after


def measure(watched: Iterable[Span], down: Iterable[Span]) -> dict[date, Tally]:
    """What was seen of each day; trouble that nobody watched is not counted."""
    looked = merged(watched)
    tallies: dict[date, Tally] = {}
    for spans, one in ((looked, lambda seconds: Tally(seconds, 0)), (within(down, looked), lambda seconds: Tally(0, seconds))):
        for span in spans:
            for day, seconds in by_day(span):
                tallies[day] = tallies.get(day, Tally()) + one(seconds)
    return tallies


def days(tallies: Mapping[date, Tally], *, until: date, count: int = DAYS) -> list[Day]:
    """So many days up to that one, the oldest first, those that nobody watched among them."""
    first = until - timedelta(days=count - 1)
    return [Day(day, tallies.get(day, Tally())) for day in (first + timedelta(days=number) for number in range(count))]


def total(shown: Sequence[Day]) -> Tally:
    """All those days together."""
    return sum((each.tally for each in shown), Tally())


def percent(share: float) -> float:
    """With two digits, and never rounded up to what it was not: 99.996 % is 99.99 %."""
    return math.floor(round(share * 10_000, 6)) / 100
