"""By which calendar, and for which statuses, a ticket's clocks run: read once for everybody, until an operator changes something."""

import time as clock
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time
from functools import cached_property
from uuid import uuid4

from django.core.cache import cache
from django.db.models import Prefetch, Q

from communities.models import Community
from support.clocks import OFFICE_HOURS, Holiday, Objectives, Reduced, Target, Window, WorkingCalendar
from support.clocks.working import ALL_DAY, WEEKDAYS
from support.models import CalendarHoliday, Objective, ObjectiveSet, ProgrammeClocks, ReducedPeriod, SupportTerms, TicketStatus
from support.models import WorkingCalendar as CalendarRow
from support.states import ReducedHours, StatusGroup

VERSION = "clock-rules"
FRESH = 300  # seconds
Choice = tuple[int | None, int | None]


@dataclass(frozen=True)
class Rules:
    """Everything clocks go by, and who goes by what: keys of a calendar and of objectives by programme and by community."""

    calendars: Mapping[int, WorkingCalendar]
    objectives: Mapping[int, Objectives]
    of_programme: Mapping[int, Choice]
    of_community: Mapping[int, Choice]
    read_at: float

    def chosen(self, community: Community | None) -> Choice:
        if community is None:
            return next(iter(self.of_programme.values()), (None, None))
        calendar, objectives = self.of_community.get(community.pk, (None, None))
        usual, usually = self.of_programme.get(community.programme_id, (None, None))
        return calendar or usual, objectives or usually

    def groups_of(self) -> Callable[[int], str]:
        """The group of a status by its code; the table is read when somebody asks."""
        return lambda code: self._groups.get(code, StatusGroup.OPEN)

    @cached_property
    def _groups(self) -> dict[int, str]:
        """The group of each status by its code."""
        return dict(TicketStatus.objects.values_list("code", "group"))


_held: dict[str, Rules] = {}


def rules() -> Rules:
    """The rules as they are; no query while nothing changed."""
    version: str = cache.get(VERSION) or ""
    held = _held.get(version)
    if held is None or clock.monotonic() - held.read_at > FRESH:
        version = version or uuid4().hex
        cache.add(VERSION, version, None)
        _held.clear()
        held = _held[version] = _read()
    return held


def forget() -> None:
    """Something has changed: every process reads the rules again."""
    cache.set(VERSION, uuid4().hex, None)


def of(community: Community | None) -> WorkingCalendar:
    """The calendar of a community: its own, else its programme's, else office hours."""
    held = rules()
    return held.calendars.get(held.chosen(community)[0] or 0, OFFICE_HOURS)


def key_of(community: Community | None) -> int | None:
    """Its row's key; None where nobody has made one."""
    return rules().chosen(community)[0]


def served() -> list[tuple[Q, WorkingCalendar]]:
    """Every calendar that somebody goes by, with the question for the tickets of those who do. One query."""
    held, keys = rules(), defaultdict[int, list[int]](list)
    for community in Community.objects.only("pk", "programme_id"):
        keys[held.chosen(community)[0] or 0].append(community.pk)
    nobody = held.chosen(None)[0] or 0
    asked = {key: Q(community__in=pks) for key, pks in keys.items()}
    asked[nobody] = asked.get(nobody, Q(pk__in=())) | Q(community=None)
    if len(asked) == 1:
        asked = {nobody: Q()}
    return [(tickets, held.calendars.get(key, OFFICE_HOURS)) for key, tickets in asked.items()]


def compiled(row: CalendarRow) -> WorkingCalendar:
    """A calendar's rows as a rule."""
    return WorkingCalendar(
        zone=row.timezone,
        week=(ALL_DAY,) * WEEKDAYS if row.is_always else _week(row),
        holidays=tuple(_holiday(day) for day in row.holidays.all()),
        reduced=tuple(_reduced(period) for period in row.reduced.all()),
    )


def _week(row: CalendarRow) -> tuple[tuple[Window, ...], ...]:
    windows = list(row.windows.all())
    return tuple(tuple(window(each.opens, each.closes) for each in windows if each.weekday == day) for day in range(WEEKDAYS))


def window(opens: time, closes: time) -> Window:
    return Window(opens.hour * 60 + opens.minute, closes.hour * 60 + closes.minute)


def _holiday(day: CalendarHoliday) -> Holiday:
    return Holiday(day.on, day.name, (window(day.opens, day.closes),) if day.opens and day.closes else ())


def _reduced(period: ReducedPeriod) -> Reduced:
    own = (window(period.opens, period.closes),) if period.opens and period.closes else ()
    windows = {ReducedHours.USUAL: None, ReducedHours.OWN: own, ReducedHours.NONE: ()}[ReducedHours(period.hours)]
    return Reduced(period.begins_on, period.ends_on, period.name, windows=windows, factor=period.factor)


def _read() -> Rules:
    programmes = {row.programme_id: (row.calendar_id, row.objectives_id) for row in _programmes()}
    said = SupportTerms.objects.filter(Q(calendar__isnull=False) | Q(objectives__isnull=False))
    communities = {row.community_id: (row.calendar_id, row.objectives_id) for row in said}
    chosen = [*programmes.values(), *communities.values()]
    return Rules(
        calendars=_calendars({calendar for calendar, _objectives in chosen if calendar}),
        objectives=_objectives({objectives for _calendar, objectives in chosen if objectives}),
        of_programme=programmes,
        of_community=communities,
        read_at=clock.monotonic(),
    )


def _programmes() -> list[ProgrammeClocks]:
    """The default programme's first: tickets that are nobody's go by it."""
    return list(ProgrammeClocks.objects.order_by("-programme__is_default", "pk"))


def _calendars(keys: set[int]) -> dict[int, WorkingCalendar]:
    rows = CalendarRow.objects.filter(pk__in=keys).prefetch_related("windows", "holidays", "reduced") if keys else []
    return {row.pk: compiled(row) for row in rows}


def _objectives(keys: set[int]) -> dict[int, Objectives]:
    rows = ObjectiveSet.objects.filter(pk__in=keys).prefetch_related(Prefetch("lines", Objective.objects.all())) if keys else []
    return {row.pk: _promised(row) for row in rows}


def _promised(row: ObjectiveSet) -> Objectives:
    targets = tuple(
        Target(each.priority, each.kind, each.impact, first=each.first, next=each.next, resolution=each.resolution)
        for each in row.lines.all()
    )
    return Objectives(targets, warn_percent=row.warn_percent, warn_minutes=row.warn_minutes)
