"""What the configuration says of a hub, as far as a JupyterHub on this machine can follow it."""

import re
from collections.abc import Mapping
from html import escape
from typing import Any

from django.utils.translation import gettext as _

from hubs.clusters import HubFacts, at
from hubs.deployers.gitops.configuration import Configuration
from hubs.deployers.gitops.rendering.finding import values_of
from hubs.deployers.interface import PlanWarning
from hubs.deployers.local_hub.tools import Tools

USERNAME = r"[a-z0-9][a-z0-9._@+-]{0,63}"
"""Names that are safe as a folder's; the expression is also given to JupyterHub."""
CHECK_USER = "hubdesk-check"
IDLE_SECONDS = 3600
OLDEST_SECONDS = 7 * 24 * 3600


def wanted(hub: HubFacts, configuration: Configuration, tools: Tools) -> dict[str, Any]:
    """The settings of its process, but for the ports. Plain values: none of them becomes code."""
    values = values_of(configuration, hub)
    return {
        "announcement": _announcement(hub),
        "admins": [name for name in (admin.lower() for admin in hub.admins) if re.fullmatch(USERNAME, name)],
        "default_url": hub.default_url or "/lab",
        "cull": {
            "timeout": _seconds(values, "timeout", default=IDLE_SECONDS),
            "max_age": _seconds(values, "maxAge", default=OLDEST_SECONDS),
        },
        "username_pattern": f"^{USERNAME}$",
        "check_user": CHECK_USER,
        "commands": {"proxy": tools.proxy, "server": tools.server},
    }


def warning() -> PlanWarning:
    """What everybody should know of such a hub."""
    return PlanWarning(
        "",
        "local-hub",
        _(
            "The hub will run on this machine, for trying out: images, memory, disks and ways to sign in are written down but not used. "
            "Everybody enters with one password, and what people run there runs in the desk's own name."
        ),
    )


def is_possible(spec: Mapping[str, Any]) -> bool:
    """A hub that builds images needs more than this machine has."""
    return spec.get("type") != "binderhub-ui"


def _announcement(hub: HubFacts) -> str:
    """JupyterHub puts it into its pages as it is, so that markup must not be one."""
    return escape(f"{hub.display_name} · {hub.organisation}" if hub.organisation else hub.display_name)


def _seconds(values: Mapping[str, Any], key: str, *, default: int) -> int:
    found = at(values, "jupyterhub", "cull", key)
    return found if isinstance(found, int) and found > 0 else default
