"""Clusters and hubs read from configuration files laid out `<cluster>/cluster.yaml` + values files. Files with secrets are never opened."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from hubs.clusters import equipment, servers, signing_in
from hubs.clusters.facts import ClusterFacts, HubFacts, Profile, Reading, Size
from hubs.clusters.secrets import without_secrets
from hubs.clusters.servers import GIB, choices, profiles
from hubs.clusters.signing_in import admins, authenticator
from hubs.clusters.support import read_support
from hubs.clusters.values import (
    at,
    flag_at,
    hub_values,
    is_readable,
    is_secret,
    layer,
    listed_at,
    map_at,
    merged,
    plain,
    root,
    stacked,
    switched_off,
    text_at,
    texts_at,
    values_in,
    without_nulls,
)
from hubs.notation import parsed

__all__ = [
    "ClusterFacts",
    "HubFacts",
    "Profile",
    "Reading",
    "Size",
    "admins",
    "at",
    "authenticator",
    "choices",
    "hub_values",
    "is_readable",
    "is_secret",
    "layer",
    "merged",
    "parsed",
    "profiles",
    "read_cluster",
    "read_folder",
    "read_hub",
    "values_in",
]


def read_folder(folder: Path) -> Reading:
    """The clusters below `folder`, by name. Links that lead out of it are not followed."""
    found: list[ClusterFacts] = []
    warnings: list[str] = []
    for path in sorted(folder.glob("*/cluster.yaml")):
        try:
            texts = _texts(folder.resolve(), path.parent)
            found.append(read_cluster(path.parent.name, texts))
        except (TypeError, ValueError, AttributeError, OSError) as error:
            warnings.append(f"{path.parent.name}: {str(error).splitlines()[0]}")
        else:
            warnings += [f"{path.parent.name}/{name}: not readable as YAML" for name, text in texts.items() if not is_readable(text)]
    return Reading(tuple(found), tuple(warnings))


def read_cluster(folder: str, texts: Mapping[str, str]) -> ClusterFacts:
    """One cluster from the texts of its files, by file name. Raises ValueError for what is not a cluster's file."""
    return _read_cluster(folder, tuple(sorted(texts.items())))


@lru_cache(maxsize=512)
def _read_cluster(folder: str, files: tuple[tuple[str, str], ...]) -> ClusterFacts:
    texts = dict(files)
    facts = plain(parsed(texts["cluster.yaml"]))
    if not isinstance(facts, Mapping) or not isinstance(facts.get("name"), str):
        raise ValueError("cluster.yaml does not name a cluster")
    provider, name = text_at(facts, "provider"), folder or facts["name"]
    detail = map_at(facts, provider)
    entries = facts["hubs"] if isinstance(facts.get("hubs"), list) else []
    return ClusterFacts(
        name=name,
        provider=provider,
        region=text_at(detail, "region") or text_at(detail, "zone"),
        account=text_at(detail, "account") or text_at(detail, "project"),
        is_shared=facts.get("tenancy") == "shared",
        paid_by_us=flag_at(detail, "billing", "paid_by_us"),
        agreement_id=at(facts, "metadata", "2i2c", "hubspot_deal_id"),
        hubs=tuple(_hub(name, entry, texts) for entry in entries if isinstance(entry, Mapping) and entry.get("name")),
        console=text_at(facts, "provider_url"),
        tenancy=text_at(facts, "tenancy"),
        cluster_name=text_at(detail, "clusterName") or text_at(detail, "cluster"),
        cluster_type=text_at(detail, "clusterType"),
        credentials=text_at(detail, "key") or text_at(detail, "file"),
        resource_group=text_at(detail, "resource_group"),
        billing_export=".".join(filter(None, [text_at(detail, "billing", "bigquery", key) for key in ("project", "dataset")])),
        billing_account=text_at(detail, "billing", "bigquery", "billing_id"),
        filestores=_filestores(detail),
        support=read_support(texts_at(facts, "support", "helm_chart_values_files"), texts),
    )


def read_hub(cluster: str, entry: Mapping[str, Any], values: Mapping[str, Any]) -> HubFacts:
    """One hub from its entry in cluster.yaml and the values laid over each other, which hold no secrets any more."""
    chart = text_at(entry, "helm_chart")
    inner = root(chart, without_nulls(values))
    config = map_at(inner, "jupyterhub", "hub", "config")
    homepage = equipment.read_homepage(inner)
    return HubFacts(
        cluster=cluster,
        name=str(entry["name"]),
        display_name=text_at(entry, "display_name"),
        domain=text_at(entry, "domain"),
        chart=chart,
        values_files=tuple(path for path in listed_at(entry, "helm_chart_values_files") if not is_secret(path)),
        secret_files=tuple(path for path in texts_at(entry, "helm_chart_values_files") if is_secret(path)),
        authenticator=authenticator(config),
        admins=admins(config),
        images=tuple(dict.fromkeys(servers.images(inner))),
        memory_gb=tuple(sorted({round(size / GIB) for size in servers.memory(inner)})),
        home_quota_gib=at(inner, "jupyterhub-home-nfs", "quotaEnforcer", "config", "QuotaManager", "hard_quota"),
        default_url=text_at(inner, "jupyterhub", "singleuser", "defaultUrl"),
        organisation=homepage.org.name,
        features=tuple(equipment.features(inner)),
        chart_override=text_at(entry, "chart_override"),
        domain_override_file=text_at(entry, "domain_override_file"),
        expected_status=text_at(entry, "uptime_check", "expected_status"),
        homepage=homepage,
        sign_in=signing_in.read_sign_in(inner),
        profiles=servers.read_profiles(inner),
        server=servers.server_size(inner),
        storage=equipment.read_storage(inner),
        environment=equipment.environment(inner),
        culling=equipment.read_culling(inner),
        binder=equipment.read_binder(inner),
        spare=equipment.read_spare(inner),
        usage_quotas=equipment.usage_quotas(inner),
        own_code=equipment.own_code(inner),
        node_labels=equipment.node_labels(inner),
        group_figures=texts_at(inner, "jupyterhub-groups-exporter", "config", "groupsExporter", "allowed_groups"),
        image_pull=text_at(config, "KubeSpawner", "image_pull_policy"),
        switched_off=tuple(switched_off(values)),
        values=values,
    )


def _hub(cluster: str, entry: Mapping[str, Any], texts: Mapping[str, str]) -> HubFacts:
    files = [path for path in texts_at(entry, "helm_chart_values_files") if not is_secret(path)]
    return read_hub(cluster, entry, without_secrets(stacked(plain(layer(texts.get(path, ""))) for path in files)))


def _filestores(detail: Mapping[str, Any]) -> tuple[str, ...]:
    """File servers, where a cluster.yaml lists them by name or as maps with one."""
    found = detail.get("filestores")
    parts = found if isinstance(found, list) else list(found) if isinstance(found, Mapping) else []
    return tuple(text_at(part, "name") if isinstance(part, Mapping) else str(part) for part in parts)


def _texts(folder: Path, cluster: Path) -> dict[str, str]:
    paths = [path for path in cluster.glob("*.yaml") if not is_secret(path.name) and path.resolve().is_relative_to(folder)]
    return {path.name: path.read_text(encoding="utf-8") for path in paths if path.is_file()}
