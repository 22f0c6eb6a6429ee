"""What a draft starts from: the facts handed over, then what the community, its hubs and the clusters already say."""

import re
from typing import Any

from communities.models import Community, ServicePolicy
from ground.actors import Actor
from hubs.documents import Document, HubFacts, changed, filled
from hubs.models import Cluster, Hub
from hubs.states import HubState, Kind

NAME_LENGTH = 40
PROVIDERS = {"aws": "aws", "gcp": "gcp", "azure": "azure", "jetstream2": "kubeconfig"}  # Jetstream2 is reached as any Kubernetes is


def prefilled(community: Community, facts: HubFacts, *, by: Actor) -> Document:
    """A document of that kind with everything we need not ask."""
    given = changed({"kind": facts.kind, "community": community.slug}, facts.values)
    known = {"/requested_by/name": _asker(community, by).get("name"), "/requested_by/email": _asker(community, by).get("email")}
    known |= _for_new_hub(community, given) if facts.kind == Kind.NEW_HUB else _for_hub(community, facts)
    return filled(given, changed({}, {pointer: value for pointer, value in known.items() if value}))


def _asker(community: Community, by: Actor) -> dict[str, str]:
    """Who asks: the person at the form if they belong here, else the representative."""
    user = by.user if by.user is not None and community.pk in by.user.roles_by_community else community.representatives().first()
    return {"name": user.get_full_name(), "email": user.email} if user else {}


def _for_new_hub(community: Community, given: Document) -> dict[str, Any]:
    if "new_cluster" in given:
        cluster = None
    else:
        cluster = Cluster.objects.filter(name=given["cluster"]).first() if "cluster" in given else _usual_cluster(community)
    spec = (given.get("hubs") or [{}])[0]
    name = spec.get("name") or _free_name(community, cluster)
    policy = ServicePolicy.of(community.programme_id)
    return {
        "/cluster": cluster.name if cluster else None,
        "/new_cluster/provider": PROVIDERS[policy.default_cloud] if "new_cluster" in given else None,
        "/hubs/0/resources/max_memory_gb": policy.default_memory_gb,
        "/hubs/0/name": name,
        "/hubs/0/display_name": community.name,
        "/hubs/0/type": "jupyterhub",
        "/hubs/0/domain": f"{name}.{cluster.domain_suffix}" if cluster and cluster.domain_suffix else None,
        "/hubs/0/homepage/org/name": community.name,
        "/hubs/0/homepage/org/url": community.website if community.website.startswith("https://") else None,
    }


def hub_meant(community: Community, facts: HubFacts) -> Hub | None:
    """The hub a request is about: the one named, else the community's only one."""
    if facts.kind == Kind.NEW_HUB or facts.hub is not None:
        return facts.hub
    hubs = list(Hub.objects.filter(community=community).running().select_related("cluster")[:2])
    return hubs[0] if len(hubs) == 1 else None


def _for_hub(community: Community, facts: HubFacts) -> dict[str, Any]:
    hub = hub_meant(community, facts)
    known = {"/cluster": hub.cluster.name, "/hub": hub.name} if hub else {}
    return known | ({"/event/timezone": community.timezone} if facts.kind == Kind.EVENT else {})


def _usual_cluster(community: Community) -> Cluster | None:
    """Where the community's hubs are, else the only shared cluster."""
    own = Cluster.objects.filter(hubs__community=community).exclude(hubs__state=HubState.ENDED).first()
    shared = list(Cluster.objects.filter(shared=True)[:2])
    return own or (shared[0] if len(shared) == 1 else None)


def _free_name(community: Community, cluster: Cluster | None) -> str:
    """The community's slug, with a number if this cluster has such a hub already."""
    taken = set(cluster.hubs.values_list("name", flat=True)) if cluster else set()
    base = re.sub(r"[^a-z0-9-]+", "-", community.slug)[: NAME_LENGTH - 3].strip("-") or "hub"
    return next(name for number in range(1, len(taken) + 2) if (name := base if number == 1 else f"{base}-{number}") not in taken)
