"""Keeping clusters and hubs as somebody outside knows them: the deployer after a request, or a configuration repository.

A reading costs as many queries for five hundred hubs as for one: all rows are read, decided on in memory, and written together.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from hubs.clusters import Reading
from hubs.deployers import interface
from hubs.deployers.gitops import inventory
from hubs.documents import at
from hubs.models import ConfigurationRead, Hub, HubRequest, Source
from hubs.registry import clusters as keeping_clusters
from hubs.registry import hubs as keeping_hubs
from hubs.registry import vanishing
from hubs.states import HubState, Kind


@dataclass(frozen=True)
class Kept:
    """What a reading held: how many clusters and hubs, whose community is not known, what is odd, and what is new."""

    clusters: int
    hubs: int
    unmatched: tuple[str, ...]
    warnings: tuple[str, ...]
    added: int = 0
    changed: int = 0
    gone: int = 0


@transaction.atomic
def keep_reading(reading: Reading) -> Kept:
    """The clusters and hubs of configuration files, each with its community where that is certain."""
    clusters = [inventory.told_cluster(facts) for facts in reading.clusters]
    hubs = [inventory.told_whole(facts, commit="") for facts in reading.hubs]
    unfit = [hub for hub in hubs if not keeping_hubs.is_fit(hub)]
    kept = _keep(clusters, [hub for hub in hubs if hub not in unfit], source=Source.FOLDER)
    odd = [f"{hub.cluster}/{hub.name}: this name cannot be kept" for hub in unfit]
    return Kept(kept.clusters, len(hubs), kept.unmatched, (*reading.warnings, *odd, *kept.warnings), kept.added, kept.changed, kept.gone)


@transaction.atomic
def keep_all(clusters: Iterable[interface.Cluster], hubs: Iterable[interface.Hub]) -> Kept:
    """Everything a deployer knows, in one go. What it does not know any more is marked as gone, and stays."""
    return _keep(list(clusters), [hub for hub in hubs if keeping_hubs.is_fit(hub)], source=Source.DEPLOYER)


def keep_outcome(request: HubRequest, seen: Iterable[interface.Hub]) -> Hub | None:
    """What a request that was carried out made of its hub, or made."""
    if request.kind == Kind.DECOMMISSION:
        return _end(request)
    told = [*seen] or _described(request)
    new = [_new_cluster(request.document["new_cluster"])] if "new_cluster" in request.document else []
    clusters = keeping_clusters.named([hub.cluster for hub in told], new)
    kept = keeping_hubs.take_in(told, clusters, community=request.community)
    return kept.rows[told[0].cluster, told[0].name] if told else request.hub


def _keep(clusters: Sequence[interface.Cluster], hubs: Sequence[interface.Hub], *, source: Source) -> Kept:
    look = _locked(source)
    rows = keeping_clusters.take_in(clusters, source=source) | keeping_clusters.named([hub.cluster for hub in hubs], [])
    lost = vanishing.mark(source, clusters=[row.name for row in rows.values()], hubs=[(hub.cluster, hub.name) for hub in hubs])
    kept = keeping_hubs.take_in(hubs, {row.name: row for row in rows.values()}, source=source)
    look.looked_at = look.read_at = timezone.now()
    look.problem, look.clusters, look.hubs = lost.problem, len(clusters), len(kept.rows)
    look.save()
    odd = (*kept.refused, *filter(None, [lost.problem]))
    return Kept(len(clusters), len(kept.rows), kept.unmatched, odd, kept.added, kept.changed, lost.hubs)


def _locked(source: Source) -> ConfigurationRead:
    """The row of this source. Whoever holds it keeps a reading alone."""
    ConfigurationRead.objects.get_or_create(source=source)
    return ConfigurationRead.objects.select_for_update().get(source=source)


def _end(request: HubRequest) -> Hub | None:
    """The hub has ended; its row stays for its history."""
    named = Hub.objects.filter(cluster__name=request.document.get("cluster"), name=request.document.get("hub"), community=request.community)
    named.update(state=HubState.ENDED, updated_at=timezone.now())
    return named.first() or request.hub


def _new_cluster(spec: dict[str, Any]) -> interface.Cluster:
    return interface.Cluster(spec["name"], spec["provider"], region=spec.get("region", ""))


def _described(request: HubRequest) -> list[interface.Hub]:
    """The new hubs as the request describes them, for a deployer that tells nothing about hubs."""
    document = request.document
    cluster = document.get("cluster") or str(at(document, "/new_cluster/name") or "")
    specs = [*document.get("hubs", []), *([document["new_hub"]] if "new_hub" in document else [])]
    return [
        interface.Hub(cluster=cluster, name=spec["name"], display_name=spec["display_name"], url=f"https://{spec['domain']}/")
        for spec in specs
    ]
