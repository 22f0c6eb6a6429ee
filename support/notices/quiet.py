"""Quiet hours: when a mail may come. Pure, in the reader's zone, across midnight and both changes of the clock."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SATURDAY = 5
DAY = timedelta(days=1)
QUARTER = timedelta(minutes=15)


@dataclass(frozen=True)
class Quiet:
    """From one time of the day until another, the next morning where that is earlier; the same twice is never."""

    zone: ZoneInfo
    begins: time
    ends: time
    weekends: bool = False

    def covers(self, moment: datetime) -> bool:
        local = moment.astimezone(self.zone)
        return self._covers_hours(local.time()) or (self.weekends and local.weekday() >= SATURDAY)

    def _covers_hours(self, clock: time) -> bool:
        if self.begins <= self.ends:
            return self.begins <= clock < self.ends
        return clock >= self.begins or clock < self.ends


def allowed_from(moment: datetime, quiet: Quiet) -> datetime:
    """That moment, or the end of the quiet it falls into."""
    if not quiet.covers(moment):
        return moment
    day = moment.astimezone(quiet.zone).date() - DAY
    candidates = (each for n in range(6) for clock in {quiet.ends, time(0)} for each in _moments(day + n * DAY, clock, quiet.zone))
    later = sorted(each for each in candidates if each > moment and not quiet.covers(each))
    return later[0] if later else moment


def local_day(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()


def _moments(day: date, clock: time, zone: ZoneInfo) -> list[datetime]:
    """When a clock on that wall shows that time: once, or on two days of the year twice or not at all, with the quarters between."""
    first, last = sorted(datetime.combine(day, clock.replace(fold=fold), zone).astimezone(UTC) for fold in (0, 1))
    return [first + n * QUARTER for n in range(int((last - first) / QUARTER) + 1)]
