"""What the desk cannot run without: its words, its hours and what it promises."""

from datetime import time

from django.conf import settings
from django.db import transaction

from communities.models import Programme
from support import vocabulary
from support.clocks import USUAL
from support.models import CalendarWindow, Objective, ObjectiveSet, ProgrammeClocks, WorkingCalendar
from support.timing import calendars
from support.timing.tasks import recompute

OPENS, CLOSES = time(9), time(17)
HOURS, PROMISE = "Working days", "Usual objectives"


def ensure() -> None:
    """Make what is missing; what an operator changed stays."""
    vocabulary.ensure()
    lacking = Programme.objects.filter(clocks=None)
    if not lacking:
        return
    with transaction.atomic():
        calendar, objectives = _calendar(), _objectives()
        ProgrammeClocks.objects.bulk_create(
            ProgrammeClocks(programme=programme, calendar=calendar, objectives=objectives) for programme in lacking
        )
        transaction.on_commit(calendars.forget)
        recompute.delay_on_commit()  # type: ignore[attr-defined]  # ground.outbox.Task has it


def _calendar() -> WorkingCalendar:
    """Monday to Friday, nine to five, in the site's own zone."""
    calendar, is_new = WorkingCalendar.objects.get_or_create(name=HOURS, defaults={"timezone": settings.TIME_ZONE})
    if is_new:
        CalendarWindow.objects.bulk_create(CalendarWindow(calendar=calendar, weekday=day, opens=OPENS, closes=CLOSES) for day in range(5))
    return calendar


def _objectives() -> ObjectiveSet:
    """A triager has looked within one working day; the rest by how urgent it is."""
    objectives, is_new = ObjectiveSet.objects.get_or_create(name=PROMISE)
    if is_new:
        Objective.objects.bulk_create(
            Objective(objectives=objectives, priority=each.priority, first=each.first, next=each.next, resolution=each.resolution)
            for each in USUAL.targets
        )
    return objectives
