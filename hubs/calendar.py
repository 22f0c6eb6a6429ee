"""The calendar of events and of the last days of hubs, as somebody may see it: a month at a time."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communities.models import Community
from ground.actors import Actor
from hubs import events, ics
from hubs.access import SEE_CALENDAR
from hubs.events import Load, Occasion, Task
from hubs.models import HubRequest, HubRequestQuerySet
from hubs.states import RequestState

FIRST, LAST = date(2015, 1, 1), date(2100, 1, 1)
MOST = 300  # of a month; more than two hundred hubs have never had
BEFORE, AFTER = timedelta(days=60), timedelta(days=400)
WEEK = 7


@dataclass(frozen=True)
class Chosen:
    """What is to be shown of it; blank means all."""

    cluster: str = ""
    community: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Entry:
    """One request in the calendar, what there is to do for it, and the titles of events on the same cluster at the same time."""

    request: HubRequest
    occasion: Occasion
    tasks: Sequence[Task]
    beside: Sequence[str]

    @property
    def is_ready(self) -> bool:
        return events.is_ready(self.tasks)

    @property
    def open_before(self) -> int:
        """How many things are still to be done before it begins."""
        return sum(task.is_open and task.is_before for task in self.tasks)


@dataclass(frozen=True)
class Day:
    """One day of the grid."""

    on: date
    is_in_month: bool
    is_today: bool
    entries: Sequence[Entry]


@dataclass(frozen=True)
class Month:
    """A month: its days by week, its entries in order, and what a day asks of a cluster where more than one event does."""

    first: date
    weeks: Sequence[Sequence[Day]]
    entries: Sequence[Entry]
    loads: Sequence[tuple[date, str, Load]]

    @property
    def earlier(self) -> date | None:
        """The first day of the month before, as far as the calendar goes."""
        found = (self.first - timedelta(days=1)).replace(day=1)
        return found if found >= FIRST else None

    @property
    def later(self) -> date | None:
        found = next_month(self.first)
        return found if found < LAST else None


def month(actor: Actor, first: date, chosen: Chosen = Chosen(), *, community: Community | None = None) -> Month:
    """The month that begins on `first`, in the reader's time zone; two queries. Raises ValueError outside the years a calendar shows."""
    if not FIRST <= first < LAST:
        raise ValueError(f"{first} is in no month of this calendar")
    weeks = [_days_of_week(monday) for monday in _mondays(first)]
    rows = _rows(actor, community).in_calendar().around(_start(weeks[0][0]), _start(weeks[-1][-1] + timedelta(days=1)))
    entries = list(_entries(_chosen(rows, chosen)[:MOST]))
    grid = [[_day(on, first, entries) for on in week] for week in weeks]
    of_month = [
        entry for entry in entries if entry.occasion.begins_at < _start(next_month(first)) and entry.occasion.ends_at > _start(first)
    ]
    return Month(first, grid, of_month, _heavy_days(of_month))


def upcoming(community: Community, *, actor: Actor, now: datetime) -> list[Entry]:
    """What the community has in the calendar from now on, the nearest first."""
    return list(_entries(_rows(actor, community).in_calendar().filter(ends_at__gt=now).order_by("begins_at", "pk")[:MOST]))


def one(actor: Actor, reference: str) -> Entry | None:
    """One entry, if this person may see it. What stands beside it is looked for among the events of those days."""
    row = _rows(actor, None).in_calendar().filter(reference=reference).first()
    if row is None or row.begins_at is None or row.ends_at is None:
        return None
    near = list(
        _entries(_rows(actor, None).in_calendar().around(row.begins_at, row.ends_at).filter(Q(pk=row.pk) | Q(kind=row.kind))[:MOST])
    )
    return next((entry for entry in near if entry.request.pk == row.pk), None)


def feed(actor: Actor, *, community: Community | None, now: datetime) -> bytes:
    """What a calendar program gets: from two months ago for a little more than a year, with what was called off marked as such."""
    rows = (
        _rows(actor, community).dated().exclude(state=RequestState.RETURNED).between(now - BEFORE, now + AFTER).order_by("begins_at", "pk")
    )
    name = _("Events of %(community)s") % {"community": community.name} if community else _("Events of hubs")
    host = settings.SITE_URL.partition("://")[2].partition("/")[0] or "localhost"
    sees_all = SEE_CALENDAR.is_held_by(actor)
    return ics.written((_line(row, sees_all=sees_all) for row in rows[:MOST]), name=name, host=host)


def next_month(first: date) -> date:
    """The first day of the month after."""
    return (first + timedelta(days=32)).replace(day=1)


def _rows(actor: Actor, community: Community | None) -> HubRequestQuerySet:
    rows = HubRequest.objects.visible_to(actor).select_related("community")
    return rows.filter(community=community) if community else rows


def _chosen(rows: HubRequestQuerySet, chosen: Chosen) -> HubRequestQuerySet:
    if chosen.cluster:
        rows = rows.filter(document__cluster=chosen.cluster)
    if chosen.community:
        rows = rows.filter(community__slug=chosen.community)
    if chosen.kind:
        rows = rows.filter(kind=chosen.kind)
    return rows.order_by("begins_at", "pk")


def _entries(rows: HubRequestQuerySet) -> Iterator[Entry]:
    found = [(row, row.occasion) for row in rows.prefetch_related("event_tasks")]
    pairs = [(row, each) for row, each in found if each is not None]
    titles = {each.reference: each.title for _row, each in pairs}
    beside = events.clashes([each for _row, each in pairs])
    for row, each in pairs:
        others = [titles[reference] for reference in beside.get(each.reference, [])]
        yield Entry(row, each, events.tasks(each, settled=row.settled_tasks), others)


def _heavy_days(entries: Iterable[Entry]) -> list[tuple[date, str, Load]]:
    """Days on which a cluster carries more than one event."""
    crowded = [entry.occasion for entry in entries if entry.beside]
    return sorted((day, cluster, load) for (cluster, day), load in events.loads(crowded).items() if _count(crowded, cluster, day) > 1)


def _count(occasions: Iterable[Occasion], cluster: str, day: date) -> int:
    return sum(each.cluster == cluster and day in each.days for each in occasions)


def _mondays(first: date) -> Iterator[date]:
    monday = first - timedelta(days=first.weekday())
    while monday < next_month(first):
        yield monday
        monday += timedelta(days=WEEK)


def _days_of_week(monday: date) -> list[date]:
    return [monday + timedelta(days=number) for number in range(WEEK)]


def _day(on: date, first: date, entries: Iterable[Entry]) -> Day:
    start, end = _start(on), _start(on + timedelta(days=1))
    there = [entry for entry in entries if entry.occasion.begins_at < end and entry.occasion.ends_at > start]
    return Day(on, on.month == first.month, on == timezone.localdate(), there)


def _start(on: date) -> datetime:
    return timezone.make_aware(datetime.combine(on, time.min))


def _line(row: HubRequest, *, sees_all: bool) -> ics.Line:
    each = row.occasion
    assert each is not None  # noqa: S101  `dated` leaves out what has no day
    is_off = row.state in {RequestState.CANCELLED, RequestState.REJECTED}
    path = reverse("hubs:occasion", args=[row.reference]) if sees_all else reverse("hubs:community_calendar", args=[row.community.slug])
    return ics.Line(
        occasion=each,
        summary=_summary(each),
        description=_described(row, each),
        url=f"{settings.SITE_URL}{path}",
        sequence=row.version + (1 if is_off else 0),
        changed_at=row.updated_at,
        is_cancelled=is_off,
    )


def _summary(each: Occasion) -> str:
    words = _("%(title)s · %(community)s") if each.is_event else _("Last day of the hub %(title)s · %(community)s")
    return words % {"title": each.title, "community": each.community}


def _described(row: HubRequest, each: Occasion) -> str:
    """What somebody at a calendar has to know; nobody's name is in it."""
    lines = [_("Hub: %(hub)s on %(cluster)s") % {"hub": each.hub or "–", "cluster": each.cluster or "–"}]
    if each.is_event:
        lines.append(ngettext("%(n)d person at once", "%(n)d people at once", each.attendees) % {"n": each.attendees})
    lines.append(_("Where it stands: %(state)s") % {"state": row.get_state_display()})
    return "\n".join(lines)
