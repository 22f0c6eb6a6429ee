"""How many articles wait for the people who look after them, for the pages that say what waits."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Q
from django.utils import timezone

from communities.models import Community
from knowledgebase.care.troubled import due, in_trouble, marked
from knowledgebase.models import Edition

MOST = 500


@dataclass(frozen=True)
class Waiting:
    """How many articles of one knowledge base need care now, and since when the first does."""

    community: Community | None
    number: int
    since: datetime


def waiting(communities: Collection[int], *, shared: bool = False) -> list[Waiting]:
    """Of those communities, and of the shared ones if asked. One query."""
    theirs = Q(knowledge_base__community__in=communities)
    if shared:
        theirs |= Q(knowledge_base__community=None)
    rows = marked(Edition.objects.filter(theirs)).filter(in_trouble() | due(timezone.localdate()))
    found: dict[Community | None, list[datetime]] = {}
    for row in rows.listed().select_related("knowledge_base__community").order_by("pk")[:MOST]:
        found.setdefault(row.knowledge_base.community, []).append(since(row))
    return [Waiting(community, len(moments), min(moments)) for community, moments in found.items()]


def since(row: Edition) -> datetime:
    """Since when something is the matter with a marked edition."""
    marks = [getattr(row, "unhelpful_since"), getattr(row, "dead_since"), _come(getattr(row, "review_by"))]  # noqa: B009  what `marked` adds
    return min(mark for mark in marks if mark is not None)


def _come(day: date | None) -> datetime | None:
    """The beginning of a day that has come."""
    if day is None or day > timezone.localdate():
        return None
    return timezone.make_aware(datetime.combine(day, time.min))
