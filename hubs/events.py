"""Events and ends of hubs as they stand in a calendar: when, how large, what has to be ready, and which get in each other's way. Pure."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hubs.schema import MARGIN

Words = str | Promise

EVENT, ENDING = "event", "decommission"
MEMORY_EACH = 2.0  # GB, where a request does not say (hub_request.schema.json)
LONGEST = timedelta(days=366)  # a document may say anything; a calendar does not paint more


@dataclass(frozen=True)
class Occasion:
    """One event, or the last day of a hub. Times are aware; `memory_gb` is what everybody needs together; `flags` are the document's wishes."""

    reference: str
    kind: str
    title: str
    community: str
    cluster: str
    hub: str
    begins_at: datetime
    ends_at: datetime
    zone: str = "UTC"
    attendees: int = 0
    memory_gb: float = 0
    flags: frozenset[str] = field(default_factory=frozenset)

    @property
    def is_event(self) -> bool:
        """Whether people come together; otherwise it is a hub's last day."""
        return self.kind == EVENT

    @property
    def days(self) -> list[date]:
        """Its days in its own time zone."""
        first, last = self.local(self.begins_at).date(), self.local(self.ends_at - timedelta(microseconds=1)).date()
        return [first + timedelta(days=n) for n in range(max((last - first).days, 0) + 1)]

    def local(self, at: datetime) -> datetime:
        """That moment where it takes place."""
        return at.astimezone(ZoneInfo(self.zone))


def span(document: Mapping[str, Any], *, zone: str) -> tuple[datetime, datetime] | None:
    """From when until when, in UTC; none for a document that has no such dates. A hub's last day is a whole day of the community's `zone`."""
    event = document.get("event") or {}
    begins, ends = _moment(event.get("starts_at")), _moment(event.get("ends_at"))
    if begins and ends and begins < ends:
        return begins.astimezone(UTC), min(ends, begins + LONGEST).astimezone(UTC)
    day = _day((document.get("decommission") or {}).get("last_day"))
    return (_midnight(day, zone), _midnight(day + timedelta(days=1), zone)) if day else None


def occasion(document: Mapping[str, Any], *, reference: str, community: str, begins_at: datetime, ends_at: datetime, zone: str) -> Occasion:
    """What a calendar shows of a request; `zone` is the community's, an event's own goes before it."""
    event, hub = document.get("event") or {}, str(document.get("hub") or (document.get("new_hub") or {}).get("name") or "")
    attendees = int(event.get("attendees") or 0)
    return Occasion(
        reference=reference,
        kind=EVENT if event else ENDING,
        title=str(event.get("title") or hub),
        community=community,
        cluster=str(document.get("cluster") or ""),
        hub=hub,
        begins_at=begins_at,
        ends_at=ends_at,
        zone=_known(event.get("timezone")) or _known(zone) or "UTC",
        attendees=attendees,
        memory_gb=attendees * float(event.get("memory_gb_per_attendee") or MEMORY_EACH),
        flags=frozenset(_flags(event)),
    )


def _flags(event: Mapping[str, Any]) -> Iterable[str]:
    yield from (name for name in ("prewarm", "prepull_images", "decommission_after") if event.get(name) is True)
    if event.get("kind") == "exam":
        yield "exam"


def clashes(occasions: Collection[Occasion]) -> dict[str, list[str]]:
    """By reference, the references of the other events on the same cluster at the same time."""
    by_cluster: dict[str, list[Occasion]] = defaultdict(list)
    for each in occasions:
        if each.is_event and each.cluster:
            by_cluster[each.cluster].append(each)
    found: dict[str, list[str]] = defaultdict(list)
    for together in by_cluster.values():
        for one in together:
            found[one.reference] += [other.reference for other in together if other is not one and overlap(one, other)]
    return {reference: others for reference, others in found.items() if others}


def overlap(one: Occasion, other: Occasion) -> bool:
    """Is there a moment that belongs to both, with the time in which machines come and go?"""
    return one.begins_at < other.ends_at + MARGIN and other.begins_at < one.ends_at + MARGIN


@dataclass(frozen=True)
class Load:
    """People at once and the memory they need together, in GB."""

    attendees: int
    memory_gb: float


def loads(occasions: Iterable[Occasion]) -> dict[tuple[str, date], Load]:
    """What the events of a day ask of each cluster, if all of them are at their largest at once."""
    found: dict[tuple[str, date], Load] = {}
    for each in occasions:
        for day in each.days if each.is_event and each.cluster else ():
            known = found.get((each.cluster, day), Load(0, 0))
            found[each.cluster, day] = Load(known.attendees + each.attendees, known.memory_gb + each.memory_gb)
    return found


@dataclass(frozen=True)
class Rule:
    """A thing to do before the beginning (a negative `after`) or after the end, for the events it applies to."""

    key: str
    title: Words
    after: timedelta
    applies: Callable[[Occasion], bool] = lambda _each: True

    @property
    def is_before(self) -> bool:
        return self.after < timedelta(0)

    def due(self, each: Occasion) -> datetime:
        """The moment. Days are counted on the clock of the place: the day before at nine is nine o'clock, whatever the clocks did in between."""
        start = each.begins_at if self.is_before else each.ends_at
        is_whole = self.after % timedelta(days=1) == timedelta(0)
        return (each.local(start) + self.after).astimezone(UTC) if is_whole else start + self.after


RULES: tuple[Rule, ...] = (
    Rule("quota", _("The cloud’s limits are checked, and raised where they are too low"), timedelta(days=-14)),
    Rule("image", _("The environment is fixed, and nothing in it changes any more"), timedelta(days=-7)),
    Rule(
        "exam-engineers", _("Two engineers are named who are there during the exam"), timedelta(days=-3), lambda each: "exam" in each.flags
    ),
    Rule("machines", _("There is room for everybody: machines, and memory on them"), timedelta(days=-1)),
    Rule(
        "prepull",
        _("Images are loaded onto every machine"),
        timedelta(hours=-12),
        lambda each: "prepull_images" in each.flags,
    ),
    Rule("prewarm", _("Machines are started beforehand"), timedelta(hours=-2), lambda each: "prewarm" in each.flags),
    Rule("scale-down", _("Machines are given back"), timedelta(days=1)),
    Rule("ask", _("The community was asked how it went"), timedelta(days=2)),
)
"""What we do around an event, from the runbooks of events and exams (hubs.md §1.1)."""


@dataclass(frozen=True)
class Task:
    """One thing to do for one event. `status`: open, met, not-needed."""

    key: str
    title: Words
    due_at: datetime
    is_before: bool
    status: str = "open"

    @property
    def is_open(self) -> bool:
        return self.status == "open"

    def is_overdue(self, now: datetime) -> bool:
        """It should have been done by now."""
        return self.is_open and self.due_at < now


def tasks(each: Occasion, *, settled: Mapping[str, str] | None = None) -> list[Task]:
    """What there is to do for an event, in the order of the clock; `settled` says how some of it stands. Nothing for a hub's last day."""
    known = settled or {}
    rules = [rule for rule in RULES if rule.applies(each)] if each.is_event else []
    found = [Task(rule.key, rule.title, rule.due(each), rule.is_before, known.get(rule.key, "open")) for rule in rules]
    return sorted(found, key=lambda task: task.due_at)


def is_ready(found: Sequence[Task]) -> bool:
    """Everything that comes before the event is done."""
    return not any(task.is_open and task.is_before for task in found)


def _moment(text: object) -> datetime | None:
    """A moment with its offset, or none."""
    try:
        found = datetime.fromisoformat(str(text)) if text else None
    except ValueError:
        return None
    return found if found and found.tzinfo else None


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text)) if text else None
    except ValueError:
        return None


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time.min, tzinfo=ZoneInfo(_known(zone) or "UTC")).astimezone(UTC)


def _known(zone: object) -> str:
    """The name, if it is one of a time zone."""
    return zone if isinstance(zone, str) and zone in available_timezones() else ""
