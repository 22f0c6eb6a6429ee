"""A new hub: its entry in cluster.yaml and its own values file; and a new cluster for it, where one is asked for."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from hubs.deployers.gitops.configuration import Configuration, Workspace, put
from hubs.deployers.gitops.preconditions import key_for
from hubs.deployers.gitops.rendering import new_clusters, software, storing
from hubs.deployers.gitops.rendering.circumstances import Circumstances
from hubs.deployers.gitops.rendering.finding import cluster_of, path_of, users_of
from hubs.deployers.gitops.rendering.signing_in import METHODS_WITH_SECRETS, set_signing_in

COMMON = "common.values.yaml"
ENTITIES = ("designed_by", "operated_by")


def render(workspace: Workspace, request: Mapping[str, Any], circumstances: Circumstances) -> None:
    """The hubs of a request, on a cluster that is there or made first."""
    if "new_cluster" in request:
        new_clusters.add(workspace, request["new_cluster"], circumstances)
        cluster, provider = request["new_cluster"]["name"], request["new_cluster"]["provider"]
    else:
        found = cluster_of(workspace.configuration, request["cluster"])
        cluster, provider = found.name, found.provider
    for spec in request["hubs"]:
        add(workspace, spec, circumstances, cluster=cluster, provider=provider, alone=len(request["hubs"]) == 1)


def add(workspace: Workspace, spec: Mapping[str, Any], circumstances: Circumstances, *, cluster: str, provider: str, alone: bool) -> None:
    """One hub."""
    listing = path_of(cluster, "cluster.yaml")
    document = workspace.document(listing)
    if not document.get("hubs"):
        document["hubs"] = []
    shared = shared_files(workspace.configuration, cluster)
    document["hubs"].append(_entry(spec, shared))
    names = {"hub": spec["name"], "title": spec["display_name"], "domain": spec["domain"], "cluster": cluster}
    workspace.say(listing, _("Adds the hub “%(hub)s” (%(title)s) at %(domain)s to the cluster “%(cluster)s”.") % names)
    own = values(spec, circumstances, cluster=cluster, provider=provider, alone=alone)
    if not shared and spec["type"] == "jupyterhub":
        storing.keep_homes(own)
    workspace.create(path_of(cluster, f"{spec['name']}.values.yaml"), own, _summary(spec))


def values(spec: Mapping[str, Any], circumstances: Circumstances, *, cluster: str, provider: str, alone: bool) -> dict[str, Any]:
    """Everything a hub says about itself."""
    found: dict[str, Any] = {"jupyterhub": {"custom": {}, "singleuser": {}, "hub": {}}}
    set_signing_in(found, spec["authentication"], circumstances.organisation)
    set_homepage(found, spec["homepage"], circumstances)
    software.set_software(found, spec.get("environment", {}), spec.get("resources", {}), provider=provider)
    if spec["type"] == "jupyterhub":
        disk = key_for("home-disk", spec["name"], alone=alone)
        storing.set_disk(found, circumstances.output(disk, "volumeId"), circumstances.output(disk, "serverIP"), provider=provider)
        storage = {"home_quota_gib": 10, **spec.get("storage", {})}
        storing.set_storage(found, storage, cluster=cluster, hub=spec["name"], provider=provider)
    else:
        storing.keep_nothing(found)
    if spec["type"] == "binderhub-ui":
        software.set_image_building(found, enabled=True)
        put(found, "jupyterhub", "custom", "binderhubUI", "enabled", value=True)
    if spec.get("anonymize_usernames"):
        put(found, "jupyterhub", "custom", "auth", "anonymizeUsername", value=True)
    if spec.get("github_push"):
        set_github_push(found, circumstances, key_for("github-app", spec["name"], alone=alone))
    return found


def set_homepage(values: Any, homepage: Mapping[str, Any], circumstances: Circumstances) -> None:
    """The front page: whose hub it is, who runs it, who pays for it."""
    us = {"name": circumstances.organisation.name, "url": circumstances.organisation.url}
    org, funder = homepage["org"], homepage["funded_by"]
    page: dict[str, Any] = {"org": {key: org[key] for key in ("name", "url", "logo_url")}}  # in our order, whatever order a database kept
    page |= {**dict.fromkeys(ENTITIES, us), "funded_by": {key: funder[key] for key in ("name", "url")}}
    if homepage.get("announcement"):
        page["announcements"] = [homepage["announcement"]]
    put(values, "jupyterhub", "custom", "homepage", "templateVars", value=page)


def set_github_push(values: Any, circumstances: Circumstances, key: str) -> None:
    """Pushing to GitHub with a GitHub App that an engineer makes."""
    for name, variable in (("client_id", "GH_SCOPED_CREDS_CLIENT_ID"), ("app_url", "GH_SCOPED_CREDS_APP_URL")):
        if told := circumstances.output(key, name):
            put(values, "jupyterhub", "singleuser", "extraEnv", variable, value=told)


def shared_files(configuration: Configuration, cluster: str) -> list[str]:
    """What new hubs of a cluster share. A file of daskhub's hubs keeps everything one level down, and is not for a hub of today's chart."""
    if cluster not in configuration.clusters:
        return [COMMON]  # made together with the cluster
    path = path_of(cluster, COMMON)
    is_of_daskhub = any(hub.chart == "daskhub" for hub in users_of(configuration, path))
    return [COMMON] if path in configuration.paths and not is_of_daskhub else []


def _entry(spec: Mapping[str, Any], shared: list[str]) -> dict[str, Any]:
    name = spec["name"]
    secret = [f"enc-{name}.secret.values.yaml"] if spec["authentication"]["method"] in METHODS_WITH_SECRETS else []
    return {
        "name": name,
        "display_name": spec["display_name"],
        "domain": spec["domain"],
        "helm_chart": "basehub",
        "helm_chart_values_files": [*shared, f"{name}.values.yaml", *secret],
    }


def _summary(spec: Mapping[str, Any]) -> str:
    method = spec["authentication"]["method"]
    admins = len(spec["authentication"].get("admins", []))
    words = {"hub": spec["name"], "method": method, "admins": admins}
    return (
        _(
            "Settings of the hub “%(hub)s”: people sign in with %(method)s, admins named: %(admins)d; its front page, environments, sizes and storage."
        )
        % words
    )
