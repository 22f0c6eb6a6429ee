"""What only the repository knows to be wrong with a request: names taken, places unknown, the last staging hub."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from ground.errors import Rejected
from hubs.clusters import HubFacts, admins, at
from hubs.deployers.gitops.configuration import Configuration
from hubs.deployers.gitops.rendering.finding import cluster_of, hub_of, path_of, values_of
from hubs.schema import Problem, rules

CONFLICTS = {"taken", "name-taken"}


def refuse_conflicts(request: Mapping[str, Any], configuration: Configuration) -> None:
    """Raises Rejected 404 for unknown places, 409 for names that are taken, 422 for the rest, one error a field."""
    found = list(conflicts(request, configuration))
    if found:
        status = 409 if all(problem.code in CONFLICTS for problem in found) else 422
        raise Rejected(found[0].detail, status=status, errors=[problem.as_document() for problem in found])


def conflicts(request: Mapping[str, Any], configuration: Configuration) -> Iterator[Problem]:
    """The problems of a request that is sound by itself."""
    hub = hub_of(configuration, request["cluster"], request["hub"]) if "hub" in request else None
    if "cluster" in request:
        cluster = cluster_of(configuration, request["cluster"])
        yield from rules.names_fit_google(request, provider=cluster.provider, cluster=cluster.name)
        yield from rules.resources_fit_provider(request, provider=cluster.provider)
    elif path_of(request["new_cluster"]["name"], "cluster.yaml") in configuration.paths:
        yield Problem("/new_cluster/name", "name-taken", _("There is a cluster of this name already."))
    yield from _names_taken(request, configuration)
    if hub and request["kind"] == "change":
        yield from _change_conflicts(request, hub, configuration)
    if hub and request["kind"] == "decommission":
        yield from _ending_conflicts(request, hub, configuration)


def _names_taken(request: Mapping[str, Any], configuration: Configuration) -> Iterator[Problem]:
    everywhere = [hub for cluster in configuration.clusters.values() for hub in cluster.hubs]
    for pointer, spec in rules.specs(request):
        cluster = request.get("cluster", "")
        if (
            any(hub.name == spec["name"] for hub in everywhere if hub.cluster == cluster)
            or path_of(cluster, f"{spec['name']}.values.yaml") in configuration.paths
        ):
            yield Problem(f"{pointer}/name", "name-taken", _("This cluster has a hub of this name already."))
        if any(hub.display_name.casefold() == spec["display_name"].casefold() for hub in everywhere):
            yield Problem(f"{pointer}/display_name", "taken", _("Another hub has this name already."))
        if any(hub.domain.casefold() == spec["domain"] for hub in everywhere):
            yield Problem(f"{pointer}/domain", "taken", _("Another hub has this address already."))


def _change_conflicts(request: Mapping[str, Any], hub: HubFacts, configuration: Configuration) -> Iterator[Problem]:
    for index, change in enumerate(request["changes"]):
        others = [
            other
            for cluster in configuration.clusters.values()
            for other in cluster.hubs
            if (other.cluster, other.name) != (hub.cluster, hub.name)
        ]
        if change["op"] == "set_domain" and any(other.domain == change["domain"] for other in others):
            yield Problem(f"/changes/{index}/domain", "taken", _("Another hub has this address already."))
        if change["op"] == "admins":
            yield from _admins_of_another_kind(f"/changes/{index}/add", change.get("add", []), hub, configuration)


def _admins_of_another_kind(pointer: str, people: list[str], hub: HubFacts, configuration: Configuration) -> Iterator[Problem]:
    """GitHub hubs know people by GitHub name, hubs that go by e-mail address by that."""
    known = admins(at(values_of(configuration, hub), "jupyterhub", "hub", "config") or {})
    by_mail = hub.authenticator in {"cilogon", "google"} and (not known or any("@" in person for person in known))
    for index, person in enumerate(people):
        if hub.authenticator == "github" and "@" in person:
            yield Problem(f"{pointer}/{index}", "auth-mismatch", _("People sign in with GitHub here: write the GitHub name."))
        if by_mail and "@" not in person:
            yield Problem(f"{pointer}/{index}", "auth-mismatch", _("People are known by their e-mail address here: write that."))


def _ending_conflicts(request: Mapping[str, Any], hub: HubFacts, configuration: Configuration) -> Iterator[Problem]:
    others = [other for other in configuration.clusters[hub.cluster].hubs if other.name != hub.name]
    if hub.is_staging and others and not any(other.is_staging for other in others):
        yield Problem("/hub", "last-staging", _("Changes to the cluster's other hubs are tried on this one first; it goes last."))
    if request["decommission"].get("remove_cluster") and others:
        yield Problem("/decommission/remove_cluster", "not-empty", _("The cluster still has other hubs."))
