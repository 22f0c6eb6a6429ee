"""What no request can carry, because only an engineer, the community or the provider can do it."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from hubs.clusters import HubFacts, at
from hubs.deployers.interface import Precondition

OAUTH_METHODS = {"github", "cilogon", "google", "auth0", "generic-oauth", "canvas"}
ACCOUNT_OUTPUTS = {"aws": ("account",), "gcp": ("project",), "azure": ("resource_group",)}
BEFORE_MERGE = {"proposal", "merge"}


def key_for(kind: str, hub: str, *, alone: bool) -> str:
    """A precondition's key; it names the hub where a request has several."""
    return kind if alone else f"{kind}-{hub}"


def preconditions(request: Mapping[str, Any], *, provider: str, hub: HubFacts | None = None) -> tuple[Precondition, ...]:
    """Those that apply to a sound request on a cluster of this provider; `hub` is the one it changes."""
    return tuple(KINDS[request["kind"]](request, provider, hub))


def _new_hubs(request: Mapping[str, Any], provider: str, _hub: HubFacts | None) -> Iterator[Precondition]:
    if "new_cluster" in request:
        yield from _new_cluster(request["new_cluster"])
    for spec in request["hubs"]:
        yield from _new_hub(spec, provider, alone=len(request["hubs"]) == 1)


def _new_cluster(facts: Mapping[str, Any]) -> Iterator[Precondition]:
    outputs = dict.fromkeys(ACCOUNT_OUTPUTS.get(facts["provider"], ()), "")
    if facts["provider"] == "gcp" and facts["paid_by"] == "organisation":
        outputs |= dict.fromkeys(("bigquery_project", "bigquery_dataset", "billing_id"), "")
    yield Precondition(
        "cloud-account", _("Cloud account “%(name)s”") % {"name": facts["account_name"]}, who="provider", blocks="merge", outputs=outputs
    )
    yield Precondition("cluster", _("The cluster “%(name)s” itself, with its credentials") % {"name": facts["name"]}, blocks="deploy")


def _new_hub(spec: Mapping[str, Any], provider: str, *, alone: bool) -> Iterator[Precondition]:
    def key(kind: str) -> str:
        return key_for(kind, spec["name"], alone=alone)

    name = {"hub": spec["name"]}
    if spec["type"] == "jupyterhub":
        yield Precondition(
            key("home-disk"),
            _("A disk for the home directories of “%(hub)s”") % name,
            blocks="merge",
            outputs={"volumeId": "", "serverIP": ""},
        )
    yield from _sign_in(spec, key("oauth-app"), key("secret-file"))
    if spec["authentication"].get("org_owner"):
        yield Precondition(
            key("org-grant"),
            _("%(person)s presses “Grant” at the first sign-in") % {"person": spec["authentication"]["org_owner"]},
            who="community",
        )
    if provider == "aws":
        yield Precondition(key("node-group"), _("A group of machines for “%(hub)s”") % name, blocks="deploy")
    if spec.get("domain_owner") == "community":
        yield Precondition(key("dns-cname"), _("A DNS entry (CNAME) for %(domain)s") % spec, who="community", blocks="deploy")
    if spec["type"] == "binderhub-ui" or spec.get("environment", {}).get("dynamic_image_building"):
        yield Precondition(
            key("registry"), _("A registry for the images that “%(hub)s” builds, with its credentials") % name, blocks="deploy"
        )
    if spec.get("github_push"):
        yield _github_app(key("github-app"))
    yield from _storage(spec.get("storage", {}), key("bucket"))
    yield from _gpu(spec.get("resources", {}), key("gpu-quota"))


def _sign_in(spec: Mapping[str, Any], app: str, secret: str) -> Iterator[Precondition]:
    words = {"hub": spec["name"], "method": spec["authentication"]["method"], "file": f"enc-{spec['name']}.secret.values.yaml"}
    if words["method"] in OAUTH_METHODS:
        yield Precondition(
            app, _("Sign-in of “%(hub)s” registered with %(method)s; its id and secret encrypted in %(file)s") % words, blocks="deploy"
        )
    elif words["method"] == "shared-password":
        yield Precondition(secret, _("The passwords of “%(hub)s”, encrypted in %(file)s") % words, blocks="deploy")


def _storage(storage: Mapping[str, Any], key: str) -> Iterator[Precondition]:
    if storage.get("scratch_bucket") or storage.get("persistent_bucket") or storage.get("requester_pays"):
        yield Precondition(key, _("Buckets, and the right to use them"), blocks="deploy")


def _gpu(resources: Mapping[str, Any], key: str) -> Iterator[Precondition]:
    if isinstance(resources.get("gpu"), Mapping):
        yield Precondition(key, _("The cloud's leave to use graphics processors, and machines with them"), who="provider", blocks="deploy")


def _github_app(key: str) -> Precondition:
    return Precondition(key, _("A GitHub App for pushing from the hub"), blocks="deploy", outputs={"client_id": "", "app_url": ""})


def _event(request: Mapping[str, Any], provider: str, _hub: HubFacts | None) -> Iterator[Precondition]:
    if "new_hub" in request:
        yield from _new_hub(request["new_hub"], provider, alone=True)
    yield Precondition("quota", _("The cloud's limits are enough for %(attendees)d people at once") % request["event"], blocks="deploy")
    if request["event"].get("kind") == "exam":
        yield Precondition("exam-engineers", _("Two engineers are there during the exam"), blocks="merge")


def _change(request: Mapping[str, Any], _provider: str, hub: HubFacts | None) -> Iterator[Precondition]:
    found: dict[str, Precondition] = {}
    for change in request["changes"]:
        for precondition in _one_change(change, hub):
            found.setdefault(precondition.key, precondition)
    yield from found.values()


def _one_change(change: Mapping[str, Any], hub: HubFacts | None) -> Iterator[Precondition]:
    feature = change.get("feature") if change.get("enabled") else None
    if change["op"] == "set_domain":
        yield Precondition("dns-cname", _("A DNS entry for %(domain)s") % change, who="community", blocks="deploy")
        yield Precondition("oauth-app", _("The new address registered where people sign in"), blocks="deploy")
    if feature == "gh_scoped_creds" and (hub is None or "gh_scoped_creds" not in hub.features):
        yield _github_app("github-app")
    if feature == "dynamic_image_building" or at(change, "environment", "dynamic_image_building"):
        yield Precondition("registry", _("A registry for the images that are built, with its credentials"), blocks="deploy")
    yield from _storage(change.get("storage", {}), "bucket")
    yield from _gpu(change.get("resources", {}), "gpu-quota")


def _decommission(request: Mapping[str, Any], _provider: str, _hub: HubFacts | None) -> Iterator[Precondition]:
    data = request["decommission"]["data"]
    if data["action"] != "delete":
        yield Precondition("data-moved", _("The data is safe at %(destination)s") % data, blocks="merge")
    yield Precondition("helm-delete", _("What runs of the hub is stopped and deleted by hand"))
    if request["decommission"].get("remove_cluster"):
        yield Precondition("cluster-removed", _("The cluster is taken down at its cloud provider"))


KINDS = {"new-hub": _new_hubs, "event": _event, "change": _change, "decommission": _decommission}
