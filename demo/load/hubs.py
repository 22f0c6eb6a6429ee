"""A hub for each synthetic community, in bulk."""

from collections.abc import Mapping, Sequence

from communities.models import Community
from hubs.models import Cluster, Hub
from hubs.states import HubState

CLUSTERS = 12


def make_hubs(communities: Sequence[Community]) -> Mapping[int, Hub]:
    """Each community's hub by the community's key, made where it has none yet."""
    held = {hub.community_id: hub for hub in Hub.objects.filter(community__in=communities)}
    missing = [community for community in communities if community.pk not in held]
    names = [f"load-{number:02}" for number in range(1, CLUSTERS + 1)]
    Cluster.objects.bulk_create([Cluster(name=name, provider=Cluster.Provider.GCP) for name in names], ignore_conflicts=True)
    clusters = list(Cluster.objects.filter(name__in=names).order_by("name"))
    made = Hub.objects.bulk_create(
        Hub(
            cluster=clusters[place % CLUSTERS],
            name=community.slug,
            community=community,
            display_name=f"Hub of {community.name}",
            domain=f"{community.slug}.hubs.example",
            state=HubState.LIVE,
        )
        for place, community in enumerate(missing)
    )
    return {community.pk: hub for community, hub in zip(missing, made, strict=True)} | {key: hub for key, hub in held.items() if key}
