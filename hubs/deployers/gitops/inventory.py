"""The hubs and clusters a configuration describes, as the deployer API tells them."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime

from hubs.clusters import ClusterFacts, HubFacts
from hubs.deployers.gitops.configuration import Configuration
from hubs.deployers.gitops.rendering.machines import CAPACITIES
from hubs.deployers.interface import Cluster, Condition, Hub
from hubs.schema.rules import provider_of


def all_hubs(configuration: Configuration) -> list[Hub]:
    """Every hub, as written; whether it runs is not known here."""
    return [told(hub, commit=configuration.base) for cluster in configuration.clusters.values() for hub in cluster.hubs]


def hubs_named(configuration: Configuration, names: Collection[tuple[str, str]], *, commit: str, since: datetime) -> tuple[Hub, ...]:
    """These hubs, as far as they are (still) there."""
    found = [hub for cluster in configuration.clusters.values() for hub in cluster.hubs if (cluster.name, hub.name) in names]
    return tuple(told(hub, commit=commit or configuration.base, since=since) for hub in found)


def told(hub: HubFacts, *, commit: str, since: datetime | None = None) -> Hub:
    """One hub. It is written down (Synced); that it answers or is usable nobody has looked at."""
    unseen = "This deployer records; it does not look at what runs."
    conditions = (
        Condition("Synced", "True", since, "Recorded"),
        Condition("Ready", "Unknown", since, unseen),
        Condition("Usable", "Unknown", since, unseen),
    )
    spec = {
        "display_name": hub.display_name,
        "domain": hub.domain,
        "admins": list(hub.admins),
        "images": list(hub.images),
        "memory_gb": list(hub.memory_gb),
        "home_quota_gib": hub.home_quota_gib,
        "default_interface": hub.default_url,
        "features": list(hub.features),
    }
    return Hub(
        hub.cluster,
        hub.name,
        hub.display_name,
        hub.url,
        conditions,
        chart=hub.chart,
        authentication=hub.authenticator,
        spec=spec,
        observed_commit=commit,
    )


def all_clusters(configuration: Configuration) -> list[Cluster]:
    """Every cluster."""
    return [_cluster(facts) for facts in configuration.clusters.values()]


def _cluster(facts: ClusterFacts) -> Cluster:
    machines = tuple(machine for machine in CAPACITIES if provider_of(machine) == facts.provider)
    return Cluster(facts.name, facts.provider, facts.is_shared, facts.region, domain_suffix(facts), machines, hubs=len(facts.hubs))


def domain_suffix(facts: ClusterFacts) -> str:
    """What the addresses of most of its hubs end in, to propose one for the next."""
    endings = Counter(hub.domain.partition(".")[2] for hub in facts.hubs if hub.domain.count(".") > 1)
    return endings.most_common(1)[0][0] if endings else ""
