"""Where people's work and data are kept."""

from collections.abc import Mapping
from typing import Any

from hubs.deployers.gitops.configuration import put

BUCKETS = {"aws": "s3", "gcp": "gs"}
DISKS = {"aws": "eks", "gcp": "gke"}
MOUNTS = ("jupyterhub", "singleuser", "storage", "extraVolumeMounts")
ADMIN_MOUNTS = ("jupyterhub", "custom", "singleuserAdmin", "extraVolumeMounts")
EVERYBODY = {"name": "home", "mountPath": "/home/jovyan/shared-public", "subPath": "_shared-public", "readOnly": False}
ALL_HOMES = {"name": "home", "mountPath": "/home/jovyan/allusers", "readOnly": False}


def set_storage(values: Any, storage: Mapping[str, Any], *, cluster: str, hub: str, provider: str) -> None:
    """Quota, buckets and shared folders; what the request does not mention stays."""
    if "home_quota_gib" in storage:
        put(values, "jupyterhub-home-nfs", "quotaEnforcer", "config", "QuotaManager", "hard_quota", value=storage["home_quota_gib"])
    for kind in ("scratch", "persistent"):
        if f"{kind}_bucket" in storage:
            set_bucket(values, kind, enabled=storage[f"{kind}_bucket"], cluster=cluster, hub=hub, provider=provider)
    if "shared_public" in storage:
        set_shared_folder(values, enabled=storage["shared_public"])
    if "allusers_for_admins" in storage:
        set_all_homes(values, enabled=storage["allusers_for_admins"])


def set_bucket(values: Any, kind: str, *, enabled: bool, cluster: str, hub: str, provider: str) -> None:
    """The address of a bucket in everybody's environment; the bucket itself is made by an engineer."""
    place = ("jupyterhub", "singleuser", "extraEnv", f"{kind.upper()}_BUCKET")
    if enabled:
        put(values, *place, value=f"{BUCKETS.get(provider, 's3')}://{bucket(kind, cluster=cluster, hub=hub)}/$(JUPYTERHUB_USER)")
    else:
        put(values, *place, value=None)  # null also takes away what a shared file says


def bucket(kind: str, *, cluster: str, hub: str) -> str:
    """A bucket's name."""
    return f"{cluster}-{kind}" if hub == "prod" else f"{cluster}-{kind}-{hub}"


def set_shared_folder(values: Any, *, enabled: bool) -> None:
    """A folder everybody can read and write."""
    _set_mount(values, (*MOUNTS, "1-shared-public-volumemount"), EVERYBODY, enabled=enabled)


def set_all_homes(values: Any, *, enabled: bool) -> None:
    """Everybody's home directory, for admins."""
    _set_mount(values, (*ADMIN_MOUNTS, "01-allusers-volumemount"), ALL_HOMES, enabled=enabled)


def set_disk(values: Any, volume: str, server: str, *, provider: str) -> None:
    """The disk under the home directories, once an engineer has made it."""
    if volume:
        put(values, "jupyterhub-home-nfs", DISKS.get(provider, "eks"), "volumeId", value=volume)
    if server:
        put(values, "nfs", "pv", "serverIP", value=server)


def keep_homes(values: Any) -> None:
    """A hub with home directories, where no file it shares says so."""
    put(values, "nfs", "enabled", value=True)
    put(values, "nfs", "pv", "enabled", value=True)


def keep_nothing(values: Any) -> None:
    """A hub without home directories."""
    put(values, "nfs", value={"enabled": False, "pv": {"enabled": False}})
    put(values, "jupyterhub-home-nfs", "enabled", value=False)
    put(values, "jupyterhub", "custom", "singleuserAdmin", "extraVolumeMounts", value=None)
    put(values, "jupyterhub", "singleuser", "initContainers", value=[])
    put(values, "jupyterhub", "singleuser", "storage", value={"type": "none", "extraVolumeMounts": None})


def _set_mount(values: Any, place: tuple[str, ...], mount: Mapping[str, Any], *, enabled: bool) -> None:
    put(values, *place, value=dict(mount) if enabled else None)
