"""What everybody may read: incidents with their updates, the parts of the service by public names, and the hubs that are shown."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Prefetch
from django.db.models.functions import TruncMonth

from ground.plots import Plot
from ground.sanitising import from_markdown
from ground.texts import pick
from hubs import health_page
from hubs.models import Hub
from hubs.uptime import Day
from support.models import Incident, IncidentUpdate, StatusComponent
from support.models.incidents import IncidentQuerySet

SHOWN_FOR = timedelta(days=30)
MOST = 50
MONTHS = 24


@dataclass(frozen=True)
class Said:
    """One update as it is read."""

    state: str
    tone: str
    html: str
    at: datetime
    is_in_english_only: bool


@dataclass(frozen=True)
class Public:
    """One incident as everybody may know it."""

    reference: str
    title: str
    state: str
    tone: str
    severity: str
    began_at: datetime
    resolved_at: datetime | None
    changed_at: datetime
    components: Sequence[str]
    updates: Sequence[Said]


@dataclass(frozen=True)
class Part:
    """A part of the service: whether an open incident is known of it, and how its hubs are where they are looked at.

    `tone`, `word` and `bar` are of all hubs of its cluster together; empty where nobody looks.
    """

    name: str
    incidents: Sequence[str]
    tone: str = ""
    word: str = ""
    bar: Plot | None = None


@dataclass(frozen=True)
class Overview:
    """The page: what is open, what was lately, the parts, and the hubs whose communities show them to everybody."""

    open: Sequence[Public]
    past: Sequence[Public]
    parts: Sequence[Part]
    hubs: Sequence[Part] = ()


def overview(now: datetime) -> Overview:
    """Eight queries, however many incidents and hubs there are."""
    rows = _rows(Incident.objects.public().filter(began_at__gte=now - SHOWN_FOR) | Incident.objects.public().open())
    opened = [row for row in rows if not row.is_resolved]
    return Overview(
        open=[_public(row) for row in opened],
        past=[_public(row) for row in rows if row.is_resolved],
        parts=list(_parts(opened, now)),
        hubs=list(_hubs(now)),
    )


def month(year: int, number: int) -> list[Public]:
    """The incidents that began in that month, the newest first. Raises ValueError for a month that is none."""
    first = datetime(year, number, 1, tzinfo=UTC)
    after = datetime(year + number // 12, number % 12 + 1, 1, tzinfo=UTC)
    return [_public(row) for row in _rows(Incident.objects.public().filter(began_at__gte=first, began_at__lt=after))]


def months() -> list[datetime]:
    """The months with incidents, the newest first."""
    found = Incident.objects.public().annotate(month=TruncMonth("began_at", tzinfo=UTC)).values_list("month", flat=True)
    return list(found.order_by("-month").distinct()[:MONTHS])


def one(reference: str) -> Public | None:
    """That incident, if everybody may know it."""
    return next((_public(row) for row in _rows(Incident.objects.public().filter(reference=reference))), None)


def newest() -> list[Public]:
    """For the feed: what was said last comes first."""
    found = [_public(row) for row in _rows(Incident.objects.public())]
    return sorted(found, key=lambda each: each.changed_at, reverse=True)


def _rows(found: IncidentQuerySet) -> list[Incident]:
    parts = Prefetch("components", StatusComponent.objects.filter(is_public=True))
    updates = Prefetch("updates", IncidentUpdate.objects.order_by("-at", "-pk"))
    return list(found.prefetch_related(parts, updates).order_by("-began_at", "-pk")[:MOST])


def _parts(opened: Iterable[Incident], now: datetime) -> Iterator[Part]:
    """Named on the incident, or of its cluster; with how the hubs of its cluster are."""
    opened, parts = list(opened), list(StatusComponent.objects.filter(is_public=True))
    clusters = {part.cluster_id for part in parts if part.cluster_id}
    states = health_page.states_of_clusters(clusters, now=now)
    days = health_page.days_by("cluster", clusters, until=now.astimezone(UTC).date())
    for part in parts:
        of_it = [row for row in opened if part in row.components.all() or (part.cluster_id and part.cluster_id == row.cluster_id)]
        together = states.get(part.cluster_id or 0)
        bar = _bar(f"part-{part.pk}", str(part), days.get(part.cluster_id or 0))
        yield Part(str(part), [pick(row.title) for row in of_it], *((together.tone, together.word) if together else ("", "")), bar)


def _hubs(now: datetime) -> Iterator[Part]:
    """The hubs that their communities show to everybody, by their own names."""
    rows = list(Hub.objects.present().on_status_page().select_related("watch")[:MOST])
    days = health_page.days_by("pk", [hub.pk for hub in rows], until=now.astimezone(UTC).date())
    for hub in rows:
        health = health_page.health_of(hub, now=now)
        yield Part(hub.display_name, (), health.tone, health.word, _bar(f"hub-{hub.pk}", hub.display_name, days.get(hub.pk)))


def _bar(key: str, name: str, days: Sequence[Day] | None) -> Plot | None:
    return health_page.bar_of(days, key=key, title=name) if days else None


def _public(row: Incident) -> Public:
    updates = list(row.updates.all())
    return Public(
        reference=row.reference,
        title=row.title_said,
        state=row.get_state_display(),
        tone=row.tone,
        severity=row.get_severity_display(),
        began_at=row.began_at,
        resolved_at=row.resolved_at,
        changed_at=updates[0].at if updates else row.declared_at,
        components=[str(part) for part in row.components.all()],
        updates=[_said(update) for update in updates],
    )


def _said(update: IncidentUpdate) -> Said:
    return Said(
        state=update.get_state_display(),
        tone=update.tone,
        html=from_markdown(update.text_said),
        at=update.at,
        is_in_english_only=update.is_in_english_only,
    )
