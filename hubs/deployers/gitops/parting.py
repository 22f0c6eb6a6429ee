"""What of a configuration belongs to some hubs: their values, the common files they use, their entries. Nothing of their neighbours."""

from collections.abc import Collection, Mapping
from typing import Any

from hubs.clusters import HubFacts, is_secret, parsed
from hubs.deployers.gitops.configuration import CLUSTERS, Configuration, dumped

ABOUT_THE_CLUSTER = ("name", "provider")
NOTE = "# Only your own hubs' entries. What else stands in this file is about the cluster and its other hubs.\n"


def part_of(configuration: Configuration, hubs: Collection[tuple[str, str]]) -> dict[str, str]:
    """The files of these hubs, each a (cluster, name), by their path in the repository."""
    found: dict[str, str] = {}
    for name, cluster in configuration.clusters.items():
        theirs = [hub for hub in cluster.hubs if (name, hub.name) in hubs]
        if theirs:
            found |= _of_cluster(configuration, name, theirs)
    return found


def _of_cluster(configuration: Configuration, cluster: str, hubs: list[HubFacts]) -> dict[str, str]:
    folder = f"{CLUSTERS}/{cluster}"
    names = {name for hub in hubs for name in hub.values_files if not is_secret(name)}
    values = {f"{folder}/{name}": configuration.files[f"{folder}/{name}"] for name in names if f"{folder}/{name}" in configuration.files}
    entries = _entries(parsed(configuration.files[f"{folder}/cluster.yaml"]), {hub.name for hub in hubs})
    return {**values, f"{folder}/cluster.yaml": NOTE + dumped(entries)}


def _entries(document: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    """Written anew from plain values: a comment beside a neighbour's entry would tell of it."""
    about = {key: document[key] for key in ABOUT_THE_CLUSTER if key in document}
    entries = [dict(entry) for entry in document.get("hubs") or [] if isinstance(entry, Mapping) and entry.get("name") in names]
    return {**about, "hubs": entries}
