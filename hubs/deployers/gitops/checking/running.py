"""Storage, front page, stopping what is idle, amounts: what a hub runs with."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from hubs.clusters import at
from hubs.deployers.gitops.checking.findings import Finding
from hubs.deployers.gitops.checking.looking import Look, Written
from hubs.deployers.gitops.checking.quantities import is_cron, is_number, is_quantity, spawner_bytes
from hubs.deployers.gitops.rendering.storing import DISKS

PAGE = ("jupyterhub", "custom", "homepage", "templateVars")
ON_PAGE = ("org", "designed_by", "operated_by", "funded_by")
QUOTA = ("jupyterhub-home-nfs", "quotaEnforcer", "config", "QuotaManager", "hard_quota")
CULL = ("jupyterhub", "cull")
SHORTEST_IDLE = 60
AMOUNTS = ("cpu", "memory", "ephemeral-storage")
"""What `requests` and `limits` of a container count."""

CRON_KEYS = {"schedule", "cronSchedule"}

Steps = tuple[str | int, ...]


def running(look: Look) -> Iterator[Finding]:
    """Every rule on every hub."""
    for hub in look.whole_hubs:
        yield from _disk(look.configuration.clusters[hub.facts.cluster].provider, hub)
        yield from _quota(hub)
        yield from _front_page(hub)
        yield from _culling(hub)
        yield from _memory(hub)
        yield from _amounts(hub, (), hub.values)


def _disk(provider: str, hub: Written) -> Iterator[Finding]:
    """Where home directories are kept, their disk and server are named. What a new hub does not name yet is a precondition of its own."""
    if at(hub.values, "nfs", "pv", "enabled") is not True or at(hub.values, "jupyterhub-home-nfs", "enabled") is False:
        return
    for steps in (("jupyterhub-home-nfs", DISKS.get(provider, "eks"), "volumeId"), ("nfs", "pv", "serverIP")):
        if at(hub.values, *steps) == "":
            yield hub.finding(_("Home directories need this, and it is blank."), *steps)


def _quota(hub: Written) -> Iterator[Finding]:
    quota = at(hub.values, *QUOTA)
    if quota is not None and not (is_number(quota) and quota > 0):
        yield hub.finding(_("A quota is a number of GiB above 0."), *QUOTA)


def _front_page(hub: Written) -> Iterator[Finding]:
    """Whose hub it is, who made it, who runs it, who pays for it; or another page instead."""
    page = at(hub.values, *PAGE)
    if not isinstance(page, Mapping) or page.get("enabled") is False or page.get("redirect_to"):
        return
    for key in ON_PAGE:
        if not page.get(key):
            yield hub.finding(_("“%(key)s” is missing.") % {"key": key}, *PAGE, key)


def _culling(hub: Written) -> Iterator[Finding]:
    cull = at(hub.values, *CULL)
    if not isinstance(cull, Mapping):
        return
    least = {"timeout": SHORTEST_IDLE, "every": 1, "maxAge": 0, "concurrency": 1}
    for key, minimum in least.items():
        value = cull.get(key)
        if value is not None and not (isinstance(value, int) and not isinstance(value, bool) and value >= minimum):
            yield hub.finding(_("This is a whole number from %(least)d.") % {"least": minimum}, *CULL, key)
    timeout, age = cull.get("timeout"), cull.get("maxAge")
    if is_number(timeout) and is_number(age) and 0 < age < timeout:
        yield hub.finding(_("Servers end before they can be idle for so long."), *CULL, "maxAge")


def _memory(hub: Written) -> Iterator[Finding]:
    """What everybody's server gets where they choose nothing."""
    place = ("jupyterhub", "singleuser", "memory")
    memory = at(hub.values, *place)
    if not isinstance(memory, Mapping):
        return
    read = {key: spawner_bytes(memory[key]) for key in ("guarantee", "limit") if memory.get(key) is not None}
    for key, size in read.items():
        if size is None:
            words = _("JupyterHub does not read this as memory: bytes, or a number with K, M, G or T.")
            yield hub.finding(words, *place, key)
    if (read.get("guarantee") or 0) > (read.get("limit") or float("inf")):
        yield hub.finding(_("More is guaranteed than is allowed."), *place, "guarantee")


def _amounts(hub: Written, steps: Steps, value: Any) -> Iterator[Finding]:
    """Amounts and times anywhere below."""
    if isinstance(value, list):
        for index, part in enumerate(value):
            yield from _amounts(hub, (*steps, index), part)
    if not isinstance(value, Mapping):
        return
    for key, part in value.items():
        if key in {"requests", "limits"} and steps[-1:] == ("resources",) and isinstance(part, Mapping):
            yield from _container(hub, (*steps, key), part)
        elif key in CRON_KEYS and isinstance(part, str) and not is_cron(part):
            yield hub.finding(_("This is no time as cron writes it: minute, hour, day, month, weekday."), *steps, key)
        else:
            yield from _amounts(hub, (*steps, key), part)


def _container(hub: Written, steps: Steps, amounts: Mapping[str, Any]) -> Iterator[Finding]:
    for key in AMOUNTS:
        if amounts.get(key) is not None and not is_quantity(amounts[key]):
            yield hub.finding(_("Kubernetes does not read this as an amount, like 500m or 2Gi."), *steps, key)
