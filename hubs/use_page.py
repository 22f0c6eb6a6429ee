"""How much hubs are used, drawn and listed: of one hub, of a community, and of all."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Sum
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ground.plots import Line, Plot, lines
from hubs.models import Hub, HubQuerySet, HubUse, Past

WEEKS = 26
LATELY = timedelta(days=35)
MOST = 500


@dataclass(frozen=True)
class Week:
    """What was read on the fullest day of one week (its Monday), None where nothing was; `hubs` is of how many."""

    monday: date
    weekly: int | None = None
    monthly: int | None = None
    servers: int | None = None
    hubs: int = 0


def weeks_of(hubs: Iterable[int] | HubQuerySet, *, until: date) -> list[Week]:
    """Half a year of those hubs together, the oldest first. One query. Who works on two hubs is counted on both."""
    first = first_week(until)
    rows = (
        HubUse.objects.filter(hub__in=hubs, day__gte=first, day__lte=until)
        .values("day")
        .annotate(weekly_sum=Sum("weekly"), monthly_sum=Sum("monthly"), servers=Sum("running_peak"), hubs=Count("pk"))
        .order_by("day")
    )
    return by_week([(row["day"], row["weekly_sum"], row["monthly_sum"], row["servers"], row["hubs"]) for row in rows], first=first)


def weeks_of_one(used: Past, *, until: date) -> list[Week]:
    """Half a year out of what was read of one hub."""
    first = first_week(until)
    return by_week([(day, weekly, monthly, servers, 1) for day, weekly, monthly, servers in used if first <= day <= until], first=first)


def first_week(until: date) -> date:
    """The Monday with which half a year up to that day begins."""
    return monday_of(until) - timedelta(weeks=WEEKS - 1)


def by_week(rows: Iterable[tuple[date, int | None, int | None, int | None, int]], *, first: date) -> list[Week]:
    """One row a week: that of the day on which most hubs were read, the last of those."""
    best: dict[date, Week] = {}
    for day, weekly, monthly, servers, hubs in sorted(rows, key=lambda row: row[0]):
        monday = monday_of(day)
        if monday not in best or hubs >= best[monday].hubs:
            best[monday] = Week(monday, weekly, monthly, servers, hubs)
    return [best.get(monday, Week(monday)) for monday in (first + timedelta(weeks=number) for number in range(WEEKS))]


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def plot_of(weeks: Sequence[Week], *, key: str, title: str) -> Plot:
    """People a month and a week, over half a year; empty until somebody was counted."""
    known = [week for week in weeks if week.hubs]
    if not known:
        return Plot(key, title, _("How many people use it appears here once it has been counted."))
    return lines(
        key,
        title=title,
        description=said_of(known[-1]),
        places=[date_format(week.monday, "j M") for week in weeks],
        series=[Line(_("People a month"), [week.monthly for week in weeks]), Line(_("People a week"), [week.weekly for week in weeks])],
        heading=_("Week from"),
    )


def said_of(week: Week) -> str:
    """The last count in a sentence; more hubs than one are said, because people on two are counted twice."""
    numbers = {"monthly": _number(week.monthly), "weekly": _number(week.weekly), "hubs": week.hubs}
    if week.hubs > 1:
        return (
            _("Lately %(monthly)s people in a month and %(weekly)s in a week, on %(hubs)s hubs. Who uses two is counted on both.") % numbers
        )
    return _("Lately %(monthly)s people in a month and %(weekly)s in a week.") % numbers


def _number(value: int | None) -> str:
    return "–" if value is None else str(value)


def listed(hubs: HubQuerySet, *, until: date) -> QuerySet[Hub]:
    """Those hubs with what was last read of each within five weeks, the most used first."""
    lately = HubUse.objects.filter(hub=OuterRef("pk"), day__gt=until - LATELY, day__lte=until).order_by("-day")
    fields = {f"use_{name}": Subquery(lately.values(name)[:1]) for name in ("daily", "weekly", "monthly", "running_peak", "source", "day")}
    rows = hubs.running().select_related("cluster", "community").annotate(**fields)
    return rows.order_by(F("use_monthly").desc(nulls_last=True), "display_name", "pk")
