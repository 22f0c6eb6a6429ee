"""Keeping clusters and hubs as somebody outside knows them: the deployer after a request, or a configuration repository."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone

from communities.models import Community
from hubs import conditions
from hubs.clusters import HubFacts, Reading
from hubs.deployers import interface
from hubs.deployers.documents import as_document
from hubs.deployers.gitops import inventory
from hubs.documents import at
from hubs.models import Cluster, Hub, HubRequest
from hubs.states import HubState, Kind

FACTS = ("chart", "authentication", "spec", "observed_commit")


def keep_cluster(seen: interface.Cluster) -> Cluster:
    """The cluster, as just seen. What is not known any more stays as it was."""
    known = {"provider": seen.provider, "region": seen.region, "domain_suffix": seen.domain_suffix}
    values = {name: value for name, value in known.items() if value} | {"shared": seen.shared}
    facts = {"instance_types": list(seen.instance_types), "gpus": list(seen.gpus)}
    cluster, _created = Cluster.objects.update_or_create(name=seen.name, defaults={**values, "facts": facts})
    return cluster


def keep_hub(seen: interface.Hub, *, community: Community | None = None) -> Hub:
    """The hub, as just seen; a community once known is not forgotten."""
    now = timezone.now()
    cluster, _created = Cluster.objects.get_or_create(name=seen.cluster, defaults={"provider": Cluster.Provider.KUBECONFIG})
    hub = Hub.objects.select_for_update().filter(cluster=cluster, name=seen.name).first() or Hub(cluster=cluster, name=seen.name)
    hub.community = hub.community or community or (Community.objects.filter(slug=seen.community).first() if seen.community else None)
    hub.display_name, hub.domain = seen.display_name or seen.name, _free_domain(hub, urlsplit(seen.url).hostname or "")
    hub.facts = hub.facts | {name: value for name, value in as_document(seen).items() if name in FACTS}
    hub.conditions = conditions.merged(hub.conditions, as_document(seen.conditions), now=now)
    hub.state = conditions.summary(hub.conditions)
    hub.save()
    return hub


@dataclass(frozen=True)
class Kept:
    """What a folder held: how many clusters and hubs, whose community is not known, and what is odd."""

    clusters: int
    hubs: int
    unmatched: tuple[str, ...]
    warnings: tuple[str, ...]


@transaction.atomic
def keep_reading(reading: Reading) -> Kept:
    """The clusters and hubs of configuration files, each with its community where its name tells."""
    names = _communities_by_name()
    for facts in reading.clusters:
        provider = facts.provider or Cluster.Provider.KUBECONFIG
        keep_cluster(interface.Cluster(facts.name, provider, facts.is_shared, facts.region, inventory.domain_suffix(facts)))
    hubs = [(facts, keep_hub(inventory.told(facts, commit=""), community=_match(facts, names))) for facts in reading.hubs]
    unmatched = tuple(f"{facts.cluster}/{facts.name}" for facts, hub in hubs if hub.community is None)
    taken = tuple(
        f"{facts.cluster}/{facts.name}: another hub answers at {facts.domain} already"
        for facts, hub in hubs
        if facts.domain and not hub.domain
    )
    return Kept(len(reading.clusters), len(hubs), unmatched, (*reading.warnings, *taken))


def _communities_by_name() -> dict[str, Community]:
    """Communities by slug and by what they are called."""
    communities = list(Community.objects.all())
    return {community.name.casefold(): community for community in communities} | {community.slug: community for community in communities}


def _match(facts: HubFacts, names: Mapping[str, Community]) -> Community | None:
    """The community on its front page, else the one whose slug is the hub's name, else the cluster's."""
    return next((names[name] for name in (facts.organisation.casefold(), facts.name, facts.cluster) if name in names), None)


def _free_domain(hub: Hub, domain: str) -> str:
    """The address, unless another running hub has it."""
    return "" if Hub.objects.running().filter(domain=domain).exclude(pk=hub.pk).exists() else domain


@transaction.atomic
def keep_all(clusters: Iterable[interface.Cluster], hubs: Iterable[interface.Hub]) -> tuple[int, int]:
    """Everything a deployer knows, in one go; how many clusters and hubs that were."""
    return len([keep_cluster(cluster) for cluster in clusters]), len([keep_hub(hub) for hub in hubs])


def keep_outcome(request: HubRequest, seen: Iterable[interface.Hub]) -> Hub | None:
    """What a request that was carried out made of its hub, or made."""
    if request.kind == Kind.DECOMMISSION:
        return _end(request)
    if "new_cluster" in request.document:
        _keep_new_cluster(request.document["new_cluster"])
    hubs = [keep_hub(hub, community=request.community) for hub in [*seen] or _described(request)]
    return hubs[0] if hubs else request.hub


def _end(request: HubRequest) -> Hub | None:
    """The hub has ended; its row stays for its history."""
    named = Hub.objects.filter(cluster__name=request.document.get("cluster"), name=request.document.get("hub"), community=request.community)
    named.update(state=HubState.ENDED, updated_at=timezone.now())
    return named.first() or request.hub


def _keep_new_cluster(spec: dict[str, Any]) -> None:
    Cluster.objects.get_or_create(name=spec["name"], defaults={"provider": spec["provider"], "region": spec.get("region", "")})


def _described(request: HubRequest) -> list[interface.Hub]:
    """The new hubs as the request describes them, for a deployer that tells nothing about hubs."""
    document = request.document
    cluster = document.get("cluster") or str(at(document, "/new_cluster/name") or "")
    specs = [*document.get("hubs", []), *([document["new_hub"]] if "new_hub" in document else [])]
    return [
        interface.Hub(cluster=cluster, name=spec["name"], display_name=spec["display_name"], url=f"https://{spec['domain']}/")
        for spec in specs
    ]
