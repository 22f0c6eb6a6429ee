"""An event on a hub: machines started beforehand, images loaded beforehand, and a hub of its own where one is asked for."""

import math
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hubs.clusters import at, profiles
from hubs.deployers.gitops.configuration import Workspace, put
from hubs.deployers.gitops.rendering import machines, new_hubs
from hubs.deployers.gitops.rendering.circumstances import Circumstances
from hubs.deployers.gitops.rendering.finding import cluster_of, hub_of, own_file, own_values, path_of, values_of

SELECTOR = "node.kubernetes.io/instance-type"


def render(workspace: Workspace, request: Mapping[str, Any], circumstances: Circumstances) -> None:
    """Room for an event. Where nothing is to be made ready beforehand, no file changes."""
    cluster = cluster_of(workspace.configuration, request["cluster"])
    event = request["event"]
    if "new_hub" in request:
        spec = request["new_hub"]
        new_hubs.add(workspace, spec, circumstances, cluster=cluster.name, provider=cluster.provider, alone=True)
        path = path_of(cluster.name, f"{spec['name']}.values.yaml")
        machine = spec.get("resources", {}).get("instance_type") or machines.usual_machine(cluster.provider, 0)
        _make_ready(workspace, path, workspace.document(path), event, machine=machine)
    elif event.get("prewarm") or event.get("prepull_images"):
        hub = hub_of(workspace.configuration, cluster.name, request["hub"])
        path = path_of(cluster.name, own_file(workspace.configuration, hub))
        machine = _machine(values_of(workspace.configuration, hub)) or machines.usual_machine(cluster.provider, 0)
        _make_ready(workspace, path, own_values(workspace, hub), event, machine=machine)


def _make_ready(workspace: Workspace, path: str, values: Any, event: Mapping[str, Any], *, machine: str) -> None:
    if event.get("prewarm"):
        count = nodes(event, machine)
        put(values, "nodePlaceholder", "enabled", value=True)
        put(values, "nodePlaceholder", "replicas", value=count)
        words = ngettext("Keeps %(n)d machine warm for “%(title)s”.", "Keeps %(n)d machines warm for “%(title)s”.", count)
        workspace.say(path, words % {"n": count, "title": event["title"]})
    if event.get("prepull_images"):
        put(values, "jupyterhub", "prePuller", "continuous", "enabled", value=True)
        put(values, "jupyterhub", "prePuller", "hook", "enabled", value=True)
        workspace.say(path, _("Loads the images onto every machine before people come."))


def nodes(event: Mapping[str, Any], machine: str) -> int:
    """How many machines hold everybody at once."""
    memory = machines.memory_of(machine) / machines.GIB if machine in machines.CAPACITIES else 30
    each = event.get("memory_gb_per_attendee", 2)
    return math.ceil(event["attendees"] / max(math.floor(memory / each), 1))


def _machine(values: Mapping[str, Any]) -> str:
    """The machine people get when they choose nothing."""
    for profile in profiles(values):
        if found := at(profile, "kubespawner_override", "node_selector", SELECTOR):
            return str(found)
        for option in (at(profile, "profile_options") or {}).values():
            for choice in (at(option, "choices") or {}).values():
                if found := at(choice, "kubespawner_override", "node_selector", SELECTOR):
                    return str(found)
    return ""
