"""The end of a hub: its entry and its own files go, and the cluster's when it was the last one."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from hubs.clusters import HubFacts
from hubs.deployers.gitops.configuration import Workspace
from hubs.deployers.gitops.rendering.circumstances import Circumstances
from hubs.deployers.gitops.rendering.finding import cluster_of, entry_of, hub_of, path_of


def render(workspace: Workspace, request: Mapping[str, Any], _circumstances: Circumstances) -> None:
    """Take a hub out of the configuration. Stopping what runs is a person's to do."""
    hub = hub_of(workspace.configuration, request["cluster"], request["hub"])
    if request["decommission"].get("remove_cluster"):
        _remove_cluster(workspace, hub.cluster)
        return
    listing = path_of(hub.cluster, "cluster.yaml")
    entries = workspace.document(listing)["hubs"]
    del entries[entries.index(entry_of(workspace, hub))]
    workspace.say(
        listing,
        _("Takes the hub “%(hub)s” (%(title)s) off the cluster “%(cluster)s”.")
        % {"hub": hub.name, "title": hub.display_name, "cluster": hub.cluster},
    )
    for name in own_files(workspace, hub):
        workspace.remove(path_of(hub.cluster, name), _("Removes the settings of the hub “%(hub)s”.") % {"hub": hub.name})


def own_files(workspace: Workspace, hub: HubFacts) -> list[str]:
    """The files, secret ones too, that no other hub of the cluster reads."""
    others = [other for other in cluster_of(workspace.configuration, hub.cluster).hubs if other.name != hub.name]
    shared = {name for other in others for name in (*other.values_files, *other.secret_files)}
    return [name for name in (*hub.values_files, *hub.secret_files) if name not in shared and "/" not in name]


def _remove_cluster(workspace: Workspace, cluster: str) -> None:
    prefix = path_of(cluster, "")
    for path in sorted(workspace.configuration.paths):
        if path.startswith(prefix):
            workspace.remove(path, _("Removes the cluster “%(cluster)s” with its last hub.") % {"cluster": cluster})
