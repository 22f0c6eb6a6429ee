"""A month as addresses, rows and reports know it; its days begin in UTC, the same for everybody who counts them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

SATURDAY = 5


@dataclass(frozen=True, order=True)
class Month:
    """One month of one year."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Month":
        return cls(day.year, day.month)

    @property
    def first(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def next(self) -> "Month":
        return Month.of(self.first + timedelta(days=32))

    @property
    def before(self) -> "Month":
        return Month.of(self.first - timedelta(days=1))

    @property
    def start(self) -> datetime:
        return datetime(self.year, self.number, 1, tzinfo=UTC)

    @property
    def end(self) -> datetime:
        """When the next one begins."""
        return self.next.start

    def last(self, count: int) -> "list[Month]":
        """So many months that end with this one, the oldest first."""
        found = [self]
        while len(found) < count:
            found.append(found[-1].before)
        return found[::-1]

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"


class MonthConverter:
    """`2026-10` in an address."""

    regex = r"20\d\d-(?:0[1-9]|1[0-2])"

    def to_python(self, value: str) -> Month:
        return Month(int(value[:4]), int(value[5:]))

    def to_url(self, value: "Month | date") -> str:
        return str(value if isinstance(value, Month) else Month.of(value))


def first_working_day(month: Month) -> date:
    """The first day of a month that is no Saturday and no Sunday."""
    days = (month.first + timedelta(days=count) for count in range(3))
    return next(day for day in days if day.weekday() < SATURDAY)
