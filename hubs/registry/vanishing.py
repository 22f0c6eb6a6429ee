"""What a source does not tell of any more: marked, told on the page, and never deleted."""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from hubs.models import Cluster, Hub, HubFactChange, Source
from hubs.registry.hubs import PRESENCE, Key

SUDDENLY = 5  # more hubs than this, and more than half of all, are not believed to have gone at once


@dataclass(frozen=True)
class Lost:
    """How many hubs were marked, or why none was."""

    hubs: int = 0
    problem: str = ""


def mark(source: Source, *, clusters: Collection[str], hubs: Collection[Key]) -> Lost:
    """Mark what this source told of once and tells no more. A folder speaks for the clusters in it alone; nobody speaks by silence."""
    if not clusters:
        return Lost()
    known = Hub.objects.present().filter(source=source).select_related("cluster").only("name", "cluster__name")
    rows = list(known if source == Source.DEPLOYER else known.filter(cluster__name__in=clusters))
    told = set(hubs)
    missing = [row.pk for row in rows if (row.cluster.name, row.name) not in told]
    if len(missing) > SUDDENLY and len(missing) * 2 > len(rows):
        return Lost(
            problem=_("%(number)s of %(all)s hubs were missed at once; none was marked as gone.")
            % {"number": len(missing), "all": len(rows)}
        )
    _mark(missing)
    if source == Source.DEPLOYER:
        Cluster.objects.filter(source=source, gone_at=None).exclude(name__in=clusters).update(gone_at=timezone.now())
    return Lost(len(missing))


def _mark(missing: list[int]) -> None:
    if missing:
        now = timezone.now()
        Hub.objects.filter(pk__in=missing).update(gone_at=now, updated_at=now)
        HubFactChange.objects.bulk_create(
            [HubFactChange(hub_id=pk, at=now, fact=PRESENCE, before=["here"], after=["gone"]) for pk in missing]
        )
