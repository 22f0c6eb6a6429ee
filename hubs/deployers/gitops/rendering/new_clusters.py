"""A new cluster's files, as far as they are known before an engineer has made it."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from hubs.deployers.gitops.configuration import Workspace
from hubs.deployers.gitops.rendering import storing
from hubs.deployers.gitops.rendering.circumstances import Circumstances
from hubs.deployers.gitops.rendering.finding import path_of

ACCOUNT = "cloud-account"
KEY = "enc-deployer-credentials.secret"
BILLING = ("bigquery_project", "bigquery_dataset", "billing_id")

Facts = Mapping[str, Any]


def add(workspace: Workspace, facts: Facts, circumstances: Circumstances) -> None:
    """cluster.yaml, the support chart's values and the values all its hubs share."""
    name = facts["name"]
    provider = facts["provider"]
    words = {"cluster": name, "provider": provider, "region": facts["region"]}
    listing = {
        "name": name,
        "provider": provider,
        "metadata": {"2i2c": {"hubspot_deal_id": facts["agreement_id"]}},
        provider: PROVIDERS[provider](facts, circumstances),
        "support": {"helm_chart_values_files": ["support.values.yaml", "enc-support.secret.values.yaml"]},
        "hubs": [],
    }
    workspace.create(
        path_of(name, "cluster.yaml"), listing, _("Describes the new cluster “%(cluster)s” at %(provider)s in %(region)s.") % words
    )
    workspace.create(
        path_of(name, "support.values.yaml"),
        support(name, provider, facts, circumstances),
        _("Monitoring and entry to the cluster “%(cluster)s”.") % words,
    )
    common: dict[str, Any] = {}
    storing.keep_homes(common)
    workspace.create(
        path_of(name, "common.values.yaml"),
        common,
        _("What all hubs of the cluster “%(cluster)s” share.") % words,
    )


def support(name: str, provider: str, facts: Facts, circumstances: Circumstances) -> dict[str, Any]:
    """The support chart: dashboards, metrics, and growing with its users on AWS."""
    suffix = f"{name}.{circumstances.organisation.domain_suffix}"
    grafana, prometheus = f"grafana.{suffix}", f"prometheus.{suffix}"
    values: dict[str, Any] = {
        "prometheus": {"server": {"ingress": {"enabled": True, **_entrance(prometheus, "prometheus-tls")}}},
        "grafana": {"grafana.ini": {"server": {"root_url": f"https://{grafana}/"}}, "ingress": _entrance(grafana, "grafana-tls")},
    }
    if provider == "aws":
        values["cluster-autoscaler"] = {"enabled": True, "autoDiscovery": {"clusterName": name}, "awsRegion": facts["region"]}
    return values


def _entrance(host: str, secret: str) -> dict[str, Any]:
    return {"hosts": [host], "tls": [{"secretName": secret, "hosts": [host]}]}


def _aws(facts: Facts, circumstances: Circumstances) -> dict[str, Any]:
    account = circumstances.output(ACCOUNT, "account")
    return {
        "account": int(account) if account.isdigit() else 0,
        "key": f"{KEY}.json",
        "clusterType": "eks",
        "clusterName": facts["name"],
        "region": facts["region"],
        "billing": {"paid_by_us": facts["paid_by"] == "organisation"},
    }


def _gcp(facts: Facts, circumstances: Circumstances) -> dict[str, Any]:
    billing: dict[str, Any] = {"paid_by_us": facts["paid_by"] == "organisation"}
    if billing["paid_by_us"]:
        project, dataset, number = (circumstances.output(ACCOUNT, name) for name in BILLING)
        billing["bigquery"] = {"project": project, "dataset": dataset, "billing_id": number}
    project = circumstances.output(ACCOUNT, "project") or facts["account_name"]
    return {"key": f"{KEY}.json", "project": project, "cluster": f"{facts['name']}-cluster", "zone": facts["region"], "billing": billing}


def _azure(facts: Facts, circumstances: Circumstances) -> dict[str, Any]:
    group = circumstances.output(ACCOUNT, "resource_group") or facts["account_name"]
    return {"key": f"{KEY}.json", "resource_group": group, "cluster": facts["name"]}


def _kubeconfig(_facts: Facts, _circumstances: Circumstances) -> dict[str, Any]:
    return {"file": f"{KEY}.yaml"}


PROVIDERS: dict[str, Callable[[Facts, Circumstances], dict[str, Any]]] = {
    "aws": _aws,
    "gcp": _gcp,
    "azure": _azure,
    "kubeconfig": _kubeconfig,
}
