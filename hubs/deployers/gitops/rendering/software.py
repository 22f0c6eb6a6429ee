"""The environments of a hub: its profile list, what opens first, features of software."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from hubs.clusters import at, profiles
from hubs.deployers.gitops.configuration import drop, put
from hubs.deployers.gitops.rendering import machines

PRESETS = {
    "pangeo": "quay.io/pangeo/pangeo-notebook:2025.12.30",
    "rocker": "docker.io/rocker/binder:4.5.1",
    "scipy": "quay.io/jupyter/scipy-notebook:2025-12-31",
    "pytorch": "quay.io/pangeo/pytorch-notebook:2025.12.30",
    "tensorflow": "quay.io/pangeo/ml-notebook:2025.12.30",
}
"""Ready-made environments with the tags they are offered with."""

USUAL_IMAGES = ({"title": "Pangeo", "preset": "pangeo", "default": True},)
UNLISTED = {
    "enabled": True,
    "display_name": "Custom image",
    "validation_regex": "^.+:.+$",
    "validation_message": "Must be a publicly available docker image, of form <image-name>:<tag>",
    "kubespawner_override": {"image": "{value}"},
}
DASK_SCOPE = "access:services!service=dask-gateway"
ROLES = ("jupyterhub", "hub", "loadRoles")
DASK_ROLES = ("server", "user")
USER_SCOPES = ("self", "users:activity!user")


def set_software(values: Any, environment: Mapping[str, Any], resources: Mapping[str, Any], *, provider: str) -> None:
    """A new hub's environments, sizes and what opens first."""
    put(values, "jupyterhub", "singleuser", "defaultUrl", value=environment.get("default_interface", "/lab"))
    put(values, "jupyterhub", "singleuser", "profileList", value=profile_list(environment, resources, provider=provider))
    set_features(values, environment)


def profile_list(environment: Mapping[str, Any], resources: Mapping[str, Any], *, provider: str) -> list[dict[str, Any]]:
    """The profiles people choose from."""
    image = image_option(environment)
    options = {"image": image, "requests": size_option(resources, provider=provider)}
    usual = {"display_name": "Choose your environment and resources", "slug": "default", "default": True, "profile_options": options}
    gpu = resources.get("gpu")
    return [usual, machines.gpu_profile(gpu, provider, image)] if isinstance(gpu, Mapping) else [usual]


def image_option(environment: Mapping[str, Any]) -> dict[str, Any]:
    """The choice of environments."""
    images = environment.get("images") or USUAL_IMAGES
    has_default = any(image.get("default") for image in images)
    option: dict[str, Any] = {"display_name": "Environment"}
    if environment.get("dynamic_image_building"):
        option["dynamic_image_building"] = {"enabled": True}
    if environment.get("bring_your_own_image", True):
        option["unlisted_choice"] = UNLISTED
    option["choices"] = _choices(images, first_is_default=not has_default)
    return option


def size_option(resources: Mapping[str, Any], *, provider: str) -> dict[str, Any]:
    """The choice of memory."""
    found = machines.sizes(resources, provider)
    return {"display_name": "Memory", "choices": {size.key: size.choice(default=size is found[0]) for size in found}}


def set_features(values: Any, environment: Mapping[str, Any]) -> None:
    """Named servers, Dask and the building of images, where the request says something about them."""
    if "named_servers" in environment:
        put(values, "jupyterhub", "hub", "allowNamedServers", value=environment["named_servers"])
    if environment.get("dask_gateway"):
        set_dask(values, enabled=True)
    if environment.get("dynamic_image_building"):
        set_image_building(values, enabled=True)


def set_dask(values: Any, *, enabled: bool) -> None:
    """Dask Gateway: the service, its sign-in, the hub's part of it, and people's right to reach it."""
    put(values, "dask-gateway", "enabled", value=enabled)
    put(values, "jupyterhub", "custom", "daskhubSetup", "enabled", value=enabled)
    if not enabled:
        return
    put(values, "dask-gateway", "gateway", "auth", value={"type": "jupyterhub", "jupyterhub": {"jupyterhubServiceName": "dask-gateway"}})
    for role in DASK_ROLES:
        known = at(values, *ROLES, role, "scopes") or USER_SCOPES
        put(values, *ROLES, role, "scopes", value=list(dict.fromkeys([*known, DASK_SCOPE])))


def set_image_building(values: Any, *, enabled: bool) -> None:
    """BinderHub's builder behind the choice of environments; its registry is the engineer's to set up."""
    put(values, "binderhub-service", "enabled", value=enabled)
    if enabled:
        put(values, "binderhub-service", "networkPolicy", "enabled", value=True)
    for profile in profiles(values):
        image = profile.get("profile_options", {}).get("image")
        if isinstance(image, Mapping):
            put(image, "dynamic_image_building", "enabled", value=enabled)


def set_environment(values: Any, environment: Mapping[str, Any]) -> None:
    """Change what a running hub offers; what the request does not mention stays."""
    if "default_interface" in environment:
        put(values, "jupyterhub", "singleuser", "defaultUrl", value=environment["default_interface"])
    if "named_servers" in environment:
        put(values, "jupyterhub", "hub", "allowNamedServers", value=environment["named_servers"])


def set_images(profile: Any, environment: Mapping[str, Any]) -> None:
    """Replace a profile's choice of environments; custom images stay allowed unless the request says otherwise."""
    if environment.get("images"):
        has_default = any(image.get("default") for image in environment["images"])
        put(profile, "profile_options", "image", "choices", value=_choices(environment["images"], first_is_default=not has_default))
        profile["profile_options"]["image"].setdefault("display_name", "Environment")
    if environment.get("bring_your_own_image") is True:
        put(profile, "profile_options", "image", "unlisted_choice", value=UNLISTED)
    elif environment.get("bring_your_own_image") is False:
        drop(profile, "profile_options", "image", "unlisted_choice")


def image_name(image: Mapping[str, Any]) -> str:
    """The image behind a preset, or the one that was typed."""
    return str(image.get("image") or PRESETS[image["preset"]])


def _choices(images: Sequence[Mapping[str, Any]], *, first_is_default: bool) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for index, image in enumerate(images):
        key = _key(str(image["title"]), found)
        choice: dict[str, Any] = {"display_name": image["title"], "slug": key}
        if image.get("default") or (index == 0 and first_is_default):
            choice["default"] = True
        if image.get("allowed_groups"):
            choice["allowed_groups"] = list(image["allowed_groups"])
        found[key] = {**choice, "kubespawner_override": {"image": image_name(image)}}
    return found


def free_slug(wanted: str, known: Sequence[Mapping[str, Any]]) -> str:
    """A slug that none of these profiles has: of two with the same, the second could never be chosen."""
    return _free(wanted, {str(profile.get("slug")) for profile in known})


def _key(title: str, taken: Mapping[str, Any]) -> str:
    return _free(re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or "image", taken)


def _free(wanted: str, taken: Collection[str]) -> str:
    return next(key for key in [wanted, *(f"{wanted}-{number}" for number in range(2, 99))] if key not in taken)
