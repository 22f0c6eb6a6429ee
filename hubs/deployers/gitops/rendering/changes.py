"""Changes to a hub that runs, each by its operation. What the request does not mention stays as it is.

People are changed in the hub's own file alone; environments and sizes where the hub's are written, which hubs may share: the plan
then names every hub that restarts.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from hubs.clusters import HubFacts, admins, at, profiles
from hubs.deployers.gitops.configuration import Workspace, put, unshared
from hubs.deployers.gitops.preconditions import key_for
from hubs.deployers.gitops.rendering import new_hubs, software, storing
from hubs.deployers.gitops.rendering.circumstances import Circumstances
from hubs.deployers.gitops.rendering.finding import (
    cluster_of,
    defining_file,
    entry_of,
    hub_of,
    own_file,
    own_values,
    path_of,
    refused,
    root,
    values_of,
)

PROFILES = ("jupyterhub", "singleuser", "profileList")
IMAGE = ("jupyterhub", "singleuser", "image")
DOMAIN_COMMENT = "# Served at "


class Target:
    """The hub being changed, with its files, and where in the request we are."""

    def __init__(self, workspace: Workspace, hub: HubFacts, circumstances: Circumstances, pointer: str) -> None:
        self.workspace = workspace
        self.hub = hub
        self.circumstances = circumstances
        self.pointer = pointer
        self.provider = cluster_of(workspace.configuration, hub.cluster).provider
        self.own_path = path_of(hub.cluster, own_file(workspace.configuration, hub))

    def own(self, sentence: str) -> Any:
        """The hub's own values, to be changed in place."""
        values = own_values(self.workspace, self.hub)
        self.workspace.say(self.own_path, sentence)
        return values

    def defining(self, sentence: str, *keys: str) -> Any:
        """The values of the file that has the last word on these keys."""
        name = defining_file(self.workspace.configuration, self.hub, *keys)
        if path_of(self.hub.cluster, name) == self.own_path:
            return self.own(sentence)
        path = path_of(self.hub.cluster, name)
        self.workspace.say(path, sentence)
        return root(self.workspace.document(path), self.hub.chart)

    def merged(self) -> Mapping[str, Any]:
        """The hub's values before the request."""
        return values_of(self.workspace.configuration, self.hub)


def render(workspace: Workspace, request: Mapping[str, Any], circumstances: Circumstances) -> None:
    """The changes, in their order."""
    hub = hub_of(workspace.configuration, request["cluster"], request["hub"])
    for index, change in enumerate(request["changes"]):
        OPERATIONS[change["op"]](Target(workspace, hub, circumstances, f"/changes/{index}"), change)


def set_image(target: Target, change: Mapping[str, Any]) -> None:
    """Another image for one environment, or for the hub where it offers no choice."""
    sentence = _("People get the image %(image)s.") % {"image": change["image"]}
    if not profiles(target.merged()):
        name, _colon, tag = change["image"].rpartition(":")
        image = target.defining(sentence, *IMAGE)
        put(image, *IMAGE, "name", value=name)
        put(image, *IMAGE, "tag", value=tag)
        return
    profile = _profile(target, change, sentence)
    choice = _choice(target, profile, change)
    put(choice if choice is not None else profile, "kubespawner_override", "image", value=change["image"])


def set_environment(target: Target, change: Mapping[str, Any]) -> None:
    """Other environments to choose from, another first page, features of software."""
    environment = change["environment"]
    if {"images", "bring_your_own_image"} & set(environment):
        software.set_images(_profile(target, {}, _("Changes the environments people choose from.")), environment)
    rest = {key: value for key, value in environment.items() if key not in {"images", "bring_your_own_image"}}
    if rest:
        values = target.own(_("Changes what opens first and which features are on."))
        for feature in {"dask_gateway", "dynamic_image_building"} & set(rest):
            FEATURES[feature](target, values, rest.pop(feature))
        software.set_environment(values, rest)


def set_resources(target: Target, change: Mapping[str, Any]) -> None:
    """Other sizes to choose from, and a profile with graphics processors."""
    resources = change["resources"]
    profile = _profile(target, {}, _("Changes the memory people can choose."))
    if {"instance_type", "max_memory_gb", "choices"} & set(resources):
        put(profile, "profile_options", "requests", value=software.size_option(resources, provider=target.provider))
    if isinstance(resources.get("gpu"), Mapping):
        values = target.defining(_("Adds machines with graphics processors."), *PROFILES)
        image = at(profile, "profile_options", "image") or software.image_option({})
        known = at(values, *PROFILES)
        added = software.machines.gpu_profile(resources["gpu"], target.provider, image)
        known.append(unshared({**added, "slug": software.free_slug(added["slug"], known)}))


def change_admins(target: Target, change: Mapping[str, Any]) -> None:
    """Who is admin, in the hub's own file: nobody becomes admin of another hub by it."""
    config = at(target.merged(), "jupyterhub", "hub", "config") or {}
    gone = set(change.get("remove", []))
    unknown = gone - set(admins(config))
    if unknown:
        raise refused(
            422,
            f"{target.pointer}/remove",
            "unknown",
            _("Not an admin of this hub: %(names)s.") % {"names": ", ".join(sorted(unknown))},
            sorted(admins(config)),
        )
    people = [person for person in dict.fromkeys([*admins(config), *change.get("add", [])]) if person not in gone]
    if not people:
        raise refused(422, f"{target.pointer}/remove", "last-admin", _("Somebody has to stay admin."))
    keeper = next((key for key, part in config.items() if isinstance(part, Mapping) and part.get("admin_users")), "Authenticator")
    put(
        target.own(_("Admins are now: %(names)s.") % {"names": ", ".join(people)}),
        "jupyterhub",
        "hub",
        "config",
        keeper,
        "admin_users",
        value=people,
    )


def set_storage(target: Target, change: Mapping[str, Any]) -> None:
    """Quota, buckets, shared folders."""
    values = target.own(_("Changes where work and data are kept."))
    storing.set_storage(values, change["storage"], cluster=target.hub.cluster, hub=target.hub.name, provider=target.provider)


def set_homepage(target: Target, change: Mapping[str, Any]) -> None:
    """Another front page."""
    new_hubs.set_homepage(target.own(_("Changes the front page.")), change["homepage"], target.circumstances)


def set_domain(target: Target, change: Mapping[str, Any]) -> None:
    """Another address. A deployer that looks only at values files needs one of them to change as well, hence the comment."""
    listing = path_of(target.hub.cluster, "cluster.yaml")
    entry_of(target.workspace, target.hub)["domain"] = change["domain"]
    target.workspace.say(listing, _("The hub “%(hub)s” moves to %(domain)s.") % {"hub": target.hub.name, "domain": change["domain"]})
    target.own(_("Notes the new address, so that the hub is deployed again."))
    target.workspace.comment(target.own_path, f"{DOMAIN_COMMENT}{change['domain']}", replacing=DOMAIN_COMMENT)


def set_culling(target: Target, change: Mapping[str, Any]) -> None:
    """When servers that nobody uses are stopped."""
    minutes, hours = change.get("idle_minutes", 60), change.get("max_age_hours", 168)
    values = target.own(
        _("Stops idle servers after %(minutes)d minutes, every server after %(hours)d hours.") % {"minutes": minutes, "hours": hours}
    )
    put(values, "jupyterhub", "cull", "timeout", value=minutes * 60)
    put(values, "jupyterhub", "cull", "maxAge", value=hours * 3600)


def set_feature(target: Target, change: Mapping[str, Any]) -> None:
    """A feature, on or off. Rejected where only an engineer knows how."""
    if change["feature"] not in FEATURES:
        raise refused(
            422, f"{target.pointer}/feature", "by-hand", _("This feature is set up by an engineer; please open a ticket."), sorted(FEATURES)
        )
    words = {"feature": change["feature"]}
    values = target.own((_("Switches on: %(feature)s.") if change["enabled"] else _("Switches off: %(feature)s.")) % words)
    FEATURES[change["feature"]](target, values, change["enabled"])


def _dask(target: Target, values: Any, enabled: bool) -> None:
    for role in software.DASK_ROLES:  # lists are replaced, never merged: start from what the hub has
        if known := at(target.merged(), *software.ROLES, role, "scopes"):
            put(values, *software.ROLES, role, "scopes", value=known)
    software.set_dask(values, enabled=enabled)


def _image_building(target: Target, values: Any, enabled: bool) -> None:
    software.set_image_building(values, enabled=enabled)
    if not profiles(values):
        put(
            _profile(target, {}, _("Lets people build images.")),
            "profile_options",
            "image",
            "dynamic_image_building",
            "enabled",
            value=enabled,
        )


def _github_push(target: Target, values: Any, enabled: bool) -> None:
    if enabled:
        new_hubs.set_github_push(values, target.circumstances, key_for("github-app", target.hub.name, alone=True))
        return
    for variable in ("GH_SCOPED_CREDS_CLIENT_ID", "GH_SCOPED_CREDS_APP_URL"):
        put(values, "jupyterhub", "singleuser", "extraEnv", variable, value=None)


def _profile(target: Target, change: Mapping[str, Any], sentence: str) -> Any:
    """The profile a change is about: the named one, or the one people get by default. A hub without any gets one first."""
    if not profiles(target.merged()):
        values = target.own(sentence)
        put(values, *PROFILES, value=software.profile_list({}, {}, provider=target.provider))
        return values["jupyterhub"]["singleuser"]["profileList"][0]
    found = at(target.defining(sentence, *PROFILES), *PROFILES)
    if "profile" not in change:
        return next((profile for profile in found if profile.get("default")), found[0])
    named = [profile for profile in found if change["profile"] in {profile.get("slug"), profile.get("display_name")}]
    if not named:
        raise refused(
            422,
            f"{target.pointer}/profile",
            "unknown",
            _("The hub has no profile of this name."),
            [str(profile.get("display_name")) for profile in found],
        )
    return named[0]


def _choice(target: Target, profile: Any, change: Mapping[str, Any]) -> Any:
    """The environment a change is about, or None where the profile offers no choice."""
    found = at(profile, "profile_options", "image", "choices") or {}
    if "choice" not in change:
        return next((choice for choice in found.values() if choice.get("default")), next(iter(found.values()), None))
    named = [choice for key, choice in found.items() if change["choice"] in {key, choice.get("slug"), choice.get("display_name")}]
    if not named:
        raise refused(422, f"{target.pointer}/choice", "unknown", _("The hub has no environment of this name."), list(found))
    return named[0]


OPERATIONS: dict[str, Callable[[Target, Mapping[str, Any]], None]] = {
    "set_image": set_image,
    "set_environment": set_environment,
    "set_resources": set_resources,
    "admins": change_admins,
    "set_storage": set_storage,
    "set_homepage": set_homepage,
    "set_domain": set_domain,
    "set_culling": set_culling,
    "feature": set_feature,
}

FEATURES: dict[str, Callable[[Target, Any, bool], None]] = {
    "dask_gateway": _dask,
    "dynamic_image_building": _image_building,
    "shared_public": lambda _target, values, enabled: storing.set_shared_folder(values, enabled=enabled),
    "allusers": lambda _target, values, enabled: storing.set_all_homes(values, enabled=enabled),
    "gh_scoped_creds": _github_push,
}
