"""What else a hub has: front page, storage, environment, features, culling, image building, room kept warm, read from merged values."""

from collections.abc import Iterator, Mapping
from typing import Any

from hubs.clusters.facts import Binder, Culling, Homepage, Mount, Site, Spare, Storage
from hubs.clusters.servers import NVIDIA, OVERRIDE, choices, profiles
from hubs.clusters.values import at, flag_at, map_at, number_at, text_at, texts_at


def read_homepage(values: Mapping[str, Any]) -> Homepage:
    """Whose hub it is, as its front page says."""
    page = map_at(values, "jupyterhub", "custom", "homepage")
    words = map_at(page, "templateVars")
    return Homepage(
        **{role: _site(words.get(role)) for role in ("org", "designed_by", "operated_by", "funded_by")},
        redirect_to=text_at(words, "redirect_to"),
        branch=text_at(page, "gitRepoBranch"),
    )


def read_storage(values: Mapping[str, Any]) -> Storage:
    """Where home folders are kept, and which folders stand in servers besides."""
    disk = map_at(values, "jupyterhub-home-nfs")
    user = map_at(values, "jupyterhub", "singleuser", "storage")
    return Storage(
        kind=text_at(user, "type"),
        nfs=flag_at(values, "nfs", "enabled"),
        nfs_volume=flag_at(values, "nfs", "pv", "enabled"),
        server=text_at(values, "nfs", "pv", "serverIP"),
        share=text_at(values, "nfs", "pv", "shareNameOverride") or text_at(values, "nfs", "pv", "baseShareName"),
        disk=next((text_at(disk, cloud, "volumeId") for cloud in ("eks", "gke", "openstack", "azure") if at(disk, cloud, "volumeId")), ""),
        disk_used=flag_at(disk, "enabled"),
        mounts=(*_mounts(user, admins=False), *_mounts(map_at(values, "jupyterhub", "custom", "singleuserAdmin"), admins=True)),
    )


def environment(values: Mapping[str, Any]) -> dict[str, str]:
    """The variables every server has."""
    found = map_at(values, "jupyterhub", "singleuser", "extraEnv")
    return {key: text_at(found, key) for key in found if not isinstance(found[key], Mapping | list)}


def features(values: Mapping[str, Any]) -> Iterator[str]:
    """What the hub can do beyond the usual, by the words of the request's schema."""
    custom, everything = map_at(values, "jupyterhub", "custom"), profiles(values)
    flags = {
        "profiles": everything,
        "dask_gateway": at(values, "dask-gateway", "enabled"),
        "dask_setup": at(custom, "daskhubSetup", "enabled"),
        "dynamic_image_building": at(values, "binderhub-service", "enabled"),
        "binderhub_ui": at(custom, "binderhubUI", "enabled"),
        "named_servers": at(values, "jupyterhub", "hub", "allowNamedServers"),
        "gh_scoped_creds": at(values, "jupyterhub", "singleuser", "extraEnv", "GH_SCOPED_CREDS_CLIENT_ID"),
        "scratch_bucket": at(values, "jupyterhub", "singleuser", "extraEnv", "SCRATCH_BUCKET"),
        "persistent_bucket": at(values, "jupyterhub", "singleuser", "extraEnv", "PERSISTENT_BUCKET"),
        "unlisted_image": any(at(profile, "profile_options", "image", "unlisted_choice", "enabled") for profile in everything),
        "team_profiles": any(part.get("allowed_groups") for part in _parts(everything)),
        "gpu": any(at(part, OVERRIDE, "extra_resource_limits", NVIDIA) for part in _parts(everything)),
        "allusers_for_admins": any(mount.source == "home" for mount in _mounts(map_at(custom, "singleuserAdmin"), admins=True)),
        "usage_quotas": at(values, "jupyterhub", "hub", "config", "UsageQuotaManager"),
    }
    return (name for name, value in flags.items() if value)


def read_culling(values: Mapping[str, Any]) -> Culling:
    """When servers are stopped."""
    cull = map_at(values, "jupyterhub", "cull")
    return Culling(number_at(cull, "every"), number_at(cull, "timeout"), number_at(cull, "maxAge"), flag_at(cull, "users"))


def read_binder(values: Mapping[str, Any]) -> Binder:
    """Where images are built to."""
    service = map_at(values, "binderhub-service")
    page = map_at(service, "config", "BinderHub")
    return Binder(
        images_go_to=text_at(page, "image_prefix"),
        registry=text_at(service, "buildPodsRegistryCredentials", "server") or text_at(service, "config", "DockerRegistry", "url"),
        account=text_at(service, "buildPodsRegistryCredentials", "username"),
        page=text_at(page, "badge_base_url"),
        sign_in=flag_at(page, "auth_enabled"),
        hosts=texts_at(service, "ingress", "hosts") if flag_at(service, "ingress", "enabled") else (),
    )


def read_spare(values: Mapping[str, Any]) -> Spare:
    """The room kept warm."""
    holder = map_at(values, "jupyterhub", "scheduling", "userPlaceholder")
    return Spare(number_at(holder, "replicas"), text_at(holder, "resources", "requests", "memory"))


def usage_quotas(values: Mapping[str, Any]) -> tuple[str, ...]:
    """How much of what which group may use, in how many days; the last for whoever is in none."""
    manager = map_at(values, "jupyterhub", "hub", "config", "UsageQuotaManager")
    rules = manager.get("policy")
    everyone = map_at(manager, "scope_fallback_strategy", "empty")
    told = [_quota(rule, ", ".join(texts_at(rule, "scope", "group"))) for rule in (rules if isinstance(rules, list) else [])]
    return (*told, *([_quota(everyone, "*")] if everyone else []))


def own_code(values: Mapping[str, Any]) -> tuple[str, ...]:
    """The pieces of Python a hub's own configuration brings, by name."""
    return tuple(str(name) for name in map_at(values, "jupyterhub", "hub", "extraConfig"))


def node_labels(values: Mapping[str, Any]) -> tuple[str, ...]:
    """On which machines servers may stand."""
    return tuple(f"{key}={value}" for key, value in map_at(values, "jupyterhub", "singleuser", "nodeSelector").items())


def _parts(everything: list[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Profiles and all their choices."""
    for profile in everything:
        yield profile
        for option in map_at(profile, "profile_options"):
            yield from (choice for choice in choices(profile, option).values() if isinstance(choice, Mapping))


def _site(value: Any) -> Site:
    return Site(text_at(value, "name"), text_at(value, "url"), text_at(value, "logo_url"))


def _mounts(storage: Mapping[str, Any], *, admins: bool) -> Iterator[Mount]:
    volumes = {text_at(volume, "name"): volume for volume in _items(storage.get("extraVolumes"))}
    for mount in _items(storage.get("extraVolumeMounts")):
        name = text_at(mount, "name")
        volume = volumes.get(name)
        yield Mount(
            path=text_at(mount, "mountPath"),
            source="/".join(filter(None, [name, text_at(mount, "subPath")])),
            size=text_at(volume, "emptyDir", "sizeLimit"),
            claim=text_at(volume, "persistentVolumeClaim", "claimName"),
            read_only=flag_at(mount, "readOnly") is True,
            admins=admins,
        )


def _items(found: Any) -> list[Any]:
    """Charts keep these as lists, or as maps whose keys only sort."""
    return list(found.values()) if isinstance(found, Mapping) else found if isinstance(found, list) else []


def _quota(rule: Any, whom: str) -> str:
    return f"{whom}: {text_at(rule, 'resource')} {text_at(rule, 'limit')} / {text_at(rule, 'window')}"
