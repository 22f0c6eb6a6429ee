"""Where a hub's settings are written: its own file, a file it shares, and which hubs a file belongs to."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from ground.errors import Rejected
from hubs.clusters import ClusterFacts, HubFacts, at, layer, values_in
from hubs.deployers.gitops.configuration import CLUSTERS, Configuration, Workspace


def cluster_of(configuration: Configuration, name: str) -> ClusterFacts:
    """A cluster by name. Rejected 404 with the names there are."""
    if name not in configuration.clusters:
        raise refused(404, "/cluster", "unknown-cluster", _("There is no cluster of this name."), sorted(configuration.clusters))
    return configuration.clusters[name]


def hub_of(configuration: Configuration, cluster: str, name: str) -> HubFacts:
    """A hub by name. Rejected 404 with the names there are."""
    hubs = {hub.name: hub for hub in cluster_of(configuration, cluster).hubs}
    if name not in hubs:
        raise refused(404, "/hub", "unknown-hub", _("This cluster has no hub of this name."), sorted(hubs))
    return hubs[name]


def refused(status: int, pointer: str, code: str, detail: str, allowed: list[str] | None = None) -> Rejected:
    """What the repository says no to, at the field it is about."""
    error: dict[str, Any] = {"pointer": pointer, "code": code, "detail": detail}
    return Rejected(detail, status=status, errors=[{**error, "allowed": allowed} if allowed else error])


def path_of(cluster: str, name: str) -> str:
    """A cluster's file in the repository."""
    return f"{CLUSTERS}/{cluster}/{name}"


def own_file(configuration: Configuration, hub: HubFacts) -> str:
    """The values file that is this hub's alone, as far as there is one."""
    others = {path for other in configuration.clusters[hub.cluster].hubs if other.name != hub.name for path in other.values_files}
    alone = [path for path in hub.values_files if path not in others and "/" not in path]
    named = f"{hub.name}.values.yaml"
    return named if named in alone or not alone else alone[-1]


def own_values(workspace: Workspace, hub: HubFacts) -> Any:
    """The hub's own values, to be changed in place; the file is made and listed when the hub had none."""
    name = own_file(workspace.configuration, hub)
    files = entry_of(workspace, hub)["helm_chart_values_files"]
    if name not in files:
        files.insert(len(hub.values_files), name)
        workspace.say(path_of(hub.cluster, "cluster.yaml"), _("Gives the hub “%(hub)s” a file of its own.") % {"hub": hub.name})
    return root(workspace.document(path_of(hub.cluster, name)), hub.chart)


def root(document: Any, chart: str) -> Any:
    """Where basehub's values begin."""
    if chart != "daskhub":
        return document
    if not isinstance(document.get("basehub"), Mapping):
        document["basehub"] = {}
    return document["basehub"]


def values_of(configuration: Configuration, hub: HubFacts) -> Mapping[str, Any]:
    """The hub's merged values, as far as the open files say; not to be changed."""
    folder = configuration.folder(hub.cluster)
    return values_in(hub.chart, tuple(folder.get(path, "") for path in hub.values_files))


def defining_file(configuration: Configuration, hub: HubFacts, *keys: str) -> str:
    """The file that has the last word on these keys; the hub's own where none says anything."""
    folder = configuration.folder(hub.cluster)
    prefix = ("basehub",) if hub.chart == "daskhub" else ()
    saying = [path for path in hub.values_files if at(layer(folder.get(path, "")), *prefix, *keys) is not None]
    return saying[-1] if saying else own_file(configuration, hub)


def entry_of(workspace: Workspace, hub: HubFacts) -> Any:
    """The hub's entry in its cluster.yaml, to be changed in place."""
    entries = workspace.document(path_of(hub.cluster, "cluster.yaml"))["hubs"]
    return next(entry for entry in entries if entry.get("name") == hub.name)


def users_of(configuration: Configuration, path: str) -> list[HubFacts]:
    """The hubs that read a values file."""
    return [
        hub
        for cluster in configuration.clusters.values()
        for hub in cluster.hubs
        if path in {path_of(cluster.name, name) for name in hub.values_files}
    ]
