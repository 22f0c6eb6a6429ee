"""From a request and the files as they are to the files as they shall be: pure functions, one module for each kind of request."""

from collections.abc import Callable, Mapping
from typing import Any

from hubs.deployers.gitops.configuration import Configuration, Edit, Workspace
from hubs.deployers.gitops.rendering import changes, endings, events, new_hubs
from hubs.deployers.gitops.rendering.circumstances import Circumstances

Renderer = Callable[[Workspace, Mapping[str, Any], Circumstances], None]

RENDERERS: dict[str, Renderer] = {
    "new-hub": new_hubs.render,
    "event": events.render,
    "change": changes.render,
    "decommission": endings.render,
}


def render(request: Mapping[str, Any], configuration: Configuration, circumstances: Circumstances) -> tuple[Edit, ...]:
    """The files a sound request changes. Raises Rejected where the repository does not hold what the request names."""
    workspace = Workspace(configuration)
    RENDERERS[request["kind"]](workspace, request, circumstances)
    return workspace.edits()


__all__ = ["Circumstances", "render"]
