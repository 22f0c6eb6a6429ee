"""Clusters and hubs read from configuration files laid out `<cluster>/cluster.yaml` + values files. Files with secrets are never opened."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

SECRET_MARKS = ("secret", "enc-")
GIB = 2**30
METHODS = {
    "CILogonOAuthenticator": "cilogon",
    "GitHubOAuthenticator": "github",
    "GoogleOAuthenticator": "google",
    "GenericOAuthenticator": "generic-oauth",
}


@dataclass(frozen=True)
class HubFacts:
    """What the files say about one hub; what only a secret file says is blank."""

    cluster: str
    name: str
    display_name: str = ""
    domain: str = ""
    chart: str = ""
    values_files: tuple[str, ...] = ()
    secret_files: tuple[str, ...] = ()
    authenticator: str = ""
    admins: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    memory_gb: tuple[int, ...] = ()
    home_quota_gib: int | None = None
    default_url: str = ""
    organisation: str = ""
    features: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """Where people go."""
        return f"https://{self.domain}"

    @property
    def is_staging(self) -> bool:
        """Changes are tried here first."""
        return "staging" in self.name


@dataclass(frozen=True)
class ClusterFacts:
    """What the files say about one cluster."""

    name: str
    provider: str = ""
    region: str = ""
    account: str = ""
    is_shared: bool = False
    paid_by_us: bool | None = None
    agreement_id: int | None = None
    hubs: tuple[HubFacts, ...] = ()


@dataclass(frozen=True)
class Reading:
    """Everything a folder holds, and what could not be read."""

    clusters: tuple[ClusterFacts, ...]
    warnings: tuple[str, ...] = ()

    @property
    def hubs(self) -> tuple[HubFacts, ...]:
        """The hubs of all clusters."""
        return tuple(hub for cluster in self.clusters for hub in cluster.hubs)


def read_folder(folder: Path) -> Reading:
    """The clusters below `folder`, by name. Links that lead out of it are not followed."""
    found: list[ClusterFacts] = []
    warnings: list[str] = []
    for path in sorted(folder.glob("*/cluster.yaml")):
        try:
            texts = _texts(folder.resolve(), path.parent)
            found.append(read_cluster(path.parent.name, texts))
        except (YAMLError, TypeError, ValueError, AttributeError) as error:
            warnings.append(f"{path.parent.name}: {str(error).splitlines()[0]}")
        else:
            warnings += [f"{path.parent.name}/{name}: not readable as YAML" for name, text in texts.items() if not is_readable(text)]
    return Reading(tuple(found), tuple(warnings))


def read_cluster(folder: str, texts: Mapping[str, str]) -> ClusterFacts:
    """One cluster from the texts of its files, by file name. Raises ValueError for what is not a cluster's file."""
    facts = parsed(texts["cluster.yaml"])
    if not isinstance(facts, Mapping) or not isinstance(facts.get("name"), str):
        raise ValueError("cluster.yaml does not name a cluster")
    provider = str(facts.get("provider", ""))
    detail: Mapping[str, Any] = facts[provider] if isinstance(facts.get(provider), Mapping) else {}
    name = folder or facts["name"]
    return ClusterFacts(
        name=name,
        provider=provider,
        region=str(detail.get("region") or detail.get("zone") or ""),
        account=str(detail.get("account") or detail.get("project") or ""),
        is_shared=facts.get("tenancy") == "shared",
        paid_by_us=at(detail, "billing", "paid_by_us"),
        agreement_id=at(facts, "metadata", "2i2c", "hubspot_deal_id"),
        hubs=tuple(_hub(name, entry, texts) for entry in facts.get("hubs") or [] if isinstance(entry, Mapping) and entry.get("name")),
    )


def parsed(text: str) -> Any:
    """The plain values of a YAML text."""
    return _parsed(text)


def layer(text: str) -> Mapping[str, Any]:
    """The values of one values file; none where it cannot be read, which is for a check to say."""
    try:
        found = parsed(text)
    except YAMLError:
        return {}
    return found if isinstance(found, Mapping) else {}


def merged(layers: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Values files as Helm merges them: later ones win, lists are replaced, null removes."""
    result: dict[str, Any] = {}
    for values in layers:
        result = _over(result, values)
    return result


def hub_values(chart: str, layers: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """A hub's merged values from where basehub's own begin (the older daskhub chart keeps them one level down)."""
    values = merged(layers)
    inner = values.get("basehub", {}) if chart == "daskhub" else values
    return dict(inner) if isinstance(inner, Mapping) else {}


def is_readable(text: str) -> bool:
    """Is this YAML at all?"""
    try:
        parsed(text)
    except YAMLError:
        return False
    return True


def is_secret(path: str) -> bool:
    """A file we never open."""
    name = PurePosixPath(path).name.lower()
    return any(mark in name for mark in SECRET_MARKS)


def at(values: Any, *keys: str) -> Any:
    """The value below these keys, or None."""
    for key in keys:
        values = values.get(key) if isinstance(values, Mapping) else None
    return values


def _hub(cluster: str, entry: Mapping[str, Any], texts: Mapping[str, str]) -> HubFacts:
    files = [str(path) for path in entry.get("helm_chart_values_files") or []]
    open_files = [path for path in files if not is_secret(path)]
    chart = str(entry.get("helm_chart", ""))
    values = hub_values(chart, [layer(texts.get(path, "")) for path in open_files])
    config = at(values, "jupyterhub", "hub", "config") or {}
    return HubFacts(
        cluster=cluster,
        name=str(entry["name"]),
        display_name=str(entry.get("display_name", "")),
        domain=str(entry.get("domain", "")),
        chart=chart,
        values_files=tuple(open_files),
        secret_files=tuple(path for path in files if is_secret(path)),
        authenticator=authenticator(config),
        admins=admins(config),
        images=tuple(dict.fromkeys(_images(values))),
        memory_gb=tuple(sorted({round(size / GIB) for size in _memory(values)})),
        home_quota_gib=at(values, "jupyterhub-home-nfs", "quotaEnforcer", "config", "QuotaManager", "hard_quota"),
        default_url=str(at(values, "jupyterhub", "singleuser", "defaultUrl") or ""),
        organisation=str(at(values, "jupyterhub", "custom", "homepage", "templateVars", "org", "name") or ""),
        features=tuple(_features(values)),
    )


def authenticator(config: Mapping[str, Any]) -> str:
    """How people sign in, as far as the open files say."""
    named = at(config, "JupyterHub", "authenticator_class")
    known = (method for key, method in METHODS.items() if key in config)
    return str(named) if named else next(known, "")


def admins(config: Mapping[str, Any]) -> tuple[str, ...]:
    """The community's admins, wherever the authenticator keeps them."""
    lists = [part["admin_users"] for part in config.values() if isinstance(part, Mapping) and isinstance(part.get("admin_users"), list)]
    return tuple(dict.fromkeys(str(person) for people in lists for person in people))


def profiles(values: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The profiles people choose from when they start a server."""
    found = at(values, "jupyterhub", "singleuser", "profileList")
    return [profile for profile in found if isinstance(profile, Mapping)] if isinstance(found, list) else []


def choices(profile: Mapping[str, Any], option: str) -> Mapping[str, Any]:
    """The choices of one option (image, requests) of a profile, by key."""
    found = at(profile, "profile_options", option, "choices")
    return found if isinstance(found, Mapping) else {}


def _images(values: Mapping[str, Any]) -> Iterable[str]:
    image = at(values, "jupyterhub", "singleuser", "image")
    if isinstance(image, Mapping) and image.get("name"):
        yield f"{image['name']}:{image.get('tag', '')}"
    for profile in profiles(values):
        for part in [profile, *choices(profile, "image").values()]:
            if name := at(part, "kubespawner_override", "image"):
                yield str(name)


def _memory(values: Mapping[str, Any]) -> Iterable[float]:
    for profile in profiles(values):
        options = [option for option in (at(profile, "profile_options") or {}) if option != "image"]
        for part in [profile, *(choice for option in options for choice in choices(profile, option).values())]:
            if size := _bytes(at(part, "kubespawner_override", "mem_limit")):
                yield size


def _bytes(size: object) -> float:
    """Kubernetes' way of writing sizes, in bytes; 0 for what is not a size."""
    if isinstance(size, int | float):
        return float(size)
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([KMGT]i?)?", str(size))
    if not match:
        return 0
    number, unit = match.groups()
    return float(number) * (1024 if (unit or "").endswith("i") else 1000) ** ("KMGT".index(unit[0]) + 1 if unit else 0)


def _features(values: Mapping[str, Any]) -> Iterable[str]:
    flags = {
        "dask_gateway": at(values, "dask-gateway", "enabled"),
        "dynamic_image_building": at(values, "binderhub-service", "enabled"),
        "named_servers": at(values, "jupyterhub", "hub", "allowNamedServers"),
        "gh_scoped_creds": at(values, "jupyterhub", "singleuser", "extraEnv", "GH_SCOPED_CREDS_CLIENT_ID"),
        "scratch_bucket": at(values, "jupyterhub", "singleuser", "extraEnv", "SCRATCH_BUCKET"),
        "persistent_bucket": at(values, "jupyterhub", "singleuser", "extraEnv", "PERSISTENT_BUCKET"),
        "gpu": any(at(profile, "kubespawner_override", "extra_resource_limits", "nvidia.com/gpu") for profile in profiles(values)),
    }
    return (name for name, value in flags.items() if value)


def _over(base: Mapping[str, Any], layer: Mapping[str, Any]) -> dict[str, Any]:
    result = dict(base)
    for key, value in layer.items():
        if value is None:
            result.pop(key, None)
        elif isinstance(value, Mapping):
            below = result.get(key)
            result[key] = _over(below if isinstance(below, Mapping) else {}, value)
        else:
            result[key] = value
    return result


def _texts(root: Path, folder: Path) -> dict[str, str]:
    paths = [path for path in folder.glob("*.yaml") if not is_secret(path.name) and path.resolve().is_relative_to(root)]
    return {path.name: path.read_text(encoding="utf-8") for path in paths if path.is_file()}


@lru_cache(maxsize=512)
def _parsed(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(text)
