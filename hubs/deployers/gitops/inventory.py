"""The hubs and clusters a configuration describes, as the deployer API tells them."""

import json
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from typing import Any

from hubs.clusters import ClusterFacts, HubFacts
from hubs.deployers.gitops.configuration import Configuration
from hubs.deployers.gitops.rendering.machines import CAPACITIES
from hubs.deployers.interface import Cluster, Condition, Hub
from hubs.schema.rules import provider_of

LARGEST_VALUES = 200_000  # characters of JSON; the largest real hub has 20,000
BESIDES = (
    "chart_override",
    "domain_override_file",
    "expected_status",
    "values_files",
    "secret_files",
    "homepage",
    "sign_in",
    "profiles",
    "server",
    "storage",
    "environment",
    "culling",
    "binder",
    "spare",
    "usage_quotas",
    "own_code",
    "node_labels",
    "group_figures",
    "image_pull",
    "switched_off",
)
CLUSTER_BESIDES = (
    "account",
    "paid_by_us",
    "agreement_id",
    "console",
    "tenancy",
    "cluster_name",
    "cluster_type",
    "credentials",
    "resource_group",
    "billing_export",
    "billing_account",
    "filestores",
    "support",
)
COUNTED = frozenset({"gpus", "is_default", "read_only", "admins", "own_image", "builds_images"})  # none and no are the usual case


def all_hubs(configuration: Configuration) -> list[Hub]:
    """Every hub, as written; whether it runs is not known here."""
    return [told_whole(hub, commit=configuration.base) for cluster in configuration.clusters.values() for hub in cluster.hubs]


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
    return Hub(
        hub.cluster,
        hub.name,
        hub.display_name,
        hub.url,
        conditions,
        chart=hub.chart,
        authentication=hub.authenticator,
        spec=spec_of(hub),
        observed_commit=commit,
    )


def told_whole(hub: HubFacts, *, commit: str) -> Hub:
    """One hub with its merged values, where they are not too large to be kept."""
    return replace(told(hub, commit=commit), values=hub.values if len(json.dumps(hub.values)) <= LARGEST_VALUES else {})


def spec_of(hub: HubFacts) -> dict[str, Any]:
    """What the files say of a hub, as JSON: first what can be asked to change, then whatever else people look for."""
    return {
        "display_name": hub.display_name,
        "domain": hub.domain,
        "admins": list(hub.admins),
        "images": list(hub.images),
        "memory_gb": list(hub.memory_gb),
        "home_quota_gib": hub.home_quota_gib,
        "default_interface": hub.default_url,
        "features": list(hub.features),
        **{name: stated(getattr(hub, name)) for name in BESIDES},
        "machines": list(hub.machines),
        "gpus": list(hub.gpus),
    }


def facts_of(cluster: ClusterFacts) -> dict[str, Any]:
    """What the files say of a cluster besides what every deployer tells."""
    return {name: stated(getattr(cluster, name)) for name in CLUSTER_BESIDES} | {"machines": list(cluster.machines)}


def stated(value: Any) -> Any:
    """Plain JSON of facts in which only what is stated stands: what is blank, empty or unknown is left out, below the first level."""
    if is_dataclass(value) and not isinstance(value, type):
        parts = {part.name: stated(getattr(value, part.name)) for part in fields(value)}
        return {name: part for name, part in parts.items() if part not in (None, "", [], {}) and (part != 0 or name not in COUNTED)}
    if isinstance(value, Mapping):
        return {str(key): stated(part) for key, part in value.items()}
    return [stated(part) for part in value] if isinstance(value, list | tuple) else value


def all_clusters(configuration: Configuration) -> list[Cluster]:
    """Every cluster."""
    return [told_cluster(facts) for facts in configuration.clusters.values()]


def told_cluster(facts: ClusterFacts) -> Cluster:
    """One cluster."""
    machines = tuple(machine for machine in CAPACITIES if provider_of(machine) == facts.provider)
    return Cluster(
        facts.name,
        facts.provider,
        facts.is_shared,
        facts.region,
        domain_suffix(facts),
        machines,
        facts.gpus,
        len(facts.hubs),
        facts_of(facts),
    )


def domain_suffix(facts: ClusterFacts) -> str:
    """What the addresses of most of its hubs end in, to propose one for the next."""
    endings = Counter(hub.domain.partition(".")[2] for hub in facts.hubs if hub.domain.count(".") > 1)
    return endings.most_common(1)[0][0] if endings else ""
