"""The servers people get: profiles, choices, images, memory, machines and graphics cards, read from merged values."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from hubs.clusters.facts import Choice, Profile, Size
from hubs.clusters.values import at, flag_at, map_at, number_at, text_at, texts_at

GIB = 2**30
OVERRIDE = "kubespawner_override"
MACHINE = "node.kubernetes.io/instance-type"
CARD = "cloud.google.com/gke-accelerator"
NVIDIA = "nvidia.com/gpu"


def profiles(values: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The profiles people choose from when they start a server, as written."""
    found = at(values, "jupyterhub", "singleuser", "profileList")
    return [profile for profile in found if isinstance(profile, Mapping)] if isinstance(found, list) else []


def choices(profile: Mapping[str, Any], option: str) -> Mapping[str, Any]:
    """The choices of one option (image, requests) of a profile, by key, as written."""
    return map_at(profile, "profile_options", option, "choices")


def images(values: Mapping[str, Any]) -> Iterable[str]:
    """Every image a server may start from."""
    image = at(values, "jupyterhub", "singleuser", "image")
    if isinstance(image, Mapping) and image.get("name"):
        yield f"{image['name']}:{image.get('tag', '')}"
    for profile in profiles(values):
        for part in [profile, *choices(profile, "image").values()]:
            if name := at(part, OVERRIDE, "image"):
                yield str(name)


def memory(values: Mapping[str, Any]) -> Iterable[float]:
    """Every limit of memory, in bytes."""
    for profile in profiles(values):
        options = [option for option in map_at(profile, "profile_options") if option != "image"]
        for part in [profile, *(choice for option in options for choice in choices(profile, option).values())]:
            if size := in_bytes(at(part, OVERRIDE, "mem_limit")):
                yield size


def read_profiles(values: Mapping[str, Any]) -> tuple[Profile, ...]:
    """The profiles with what each offers."""
    return tuple(_profile(profile) for profile in profiles(values))


def server_size(values: Mapping[str, Any]) -> Size:
    """What a server gets where no profile says otherwise."""
    user = map_at(values, "jupyterhub", "singleuser")
    return Size(
        memory_gb=_gb(at(user, "memory", "limit")),
        memory_guaranteed_gb=_gb(at(user, "memory", "guarantee")),
        cpus=number_at(user, "cpu", "limit"),
        cpus_guaranteed=number_at(user, "cpu", "guarantee"),
        machine=text_at(user, "nodeSelector", MACHINE),
        gpus=_gpus(user, "extraResource", "limits"),
        gpu=text_at(user, "nodeSelector", CARD),
    )


def in_bytes(size: object) -> float:
    """JupyterHub's way of writing memory, in which a G is 1024³ bytes; 0 for what is not a size."""
    if isinstance(size, int | float) and not isinstance(size, bool):
        return float(size)
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([KMGT]?)i?", str(size))
    if not match:
        return 0
    number, unit = match.groups()
    return float(number) * 1024 ** (" KMGT".index(unit) if unit else 0)


def _profile(profile: Mapping[str, Any]) -> Profile:
    image = map_at(profile, "profile_options", "image")
    return Profile(
        title=text_at(profile, "display_name"),
        key=text_at(profile, "slug"),
        description=text_at(profile, "description"),
        is_default=profile.get("default") is True,
        groups=texts_at(profile, "allowed_groups"),
        image=text_at(profile, OVERRIDE, "image"),
        interface=text_at(profile, OVERRIDE, "default_url"),
        size=_size(profile),
        choices=tuple(
            _choice(option, key, choice)
            for option in map_at(profile, "profile_options")
            for key, choice in choices(profile, option).items()
        ),
        own_image=flag_at(image, "unlisted_choice", "enabled") is True,
        own_image_pull=text_at(image, "unlisted_choice", OVERRIDE, "image_pull_policy"),
        builds_images=flag_at(image, "dynamic_image_building", "enabled") is True,
    )


def _choice(option: str, key: str, choice: Any) -> Choice:
    return Choice(
        of=option,
        key=key,
        title=text_at(choice, "display_name"),
        description=text_at(choice, "description"),
        image=text_at(choice, OVERRIDE, "image"),
        pull=text_at(choice, OVERRIDE, "image_pull_policy"),
        size=_size(choice),
        is_default=at(choice, "default") is True,
        groups=texts_at(choice, "allowed_groups"),
    )


def _size(part: Any) -> Size:
    override = map_at(part, OVERRIDE)
    return Size(
        memory_gb=_gb(override.get("mem_limit")),
        memory_guaranteed_gb=_gb(override.get("mem_guarantee")),
        cpus=number_at(override, "cpu_limit"),
        cpus_guaranteed=number_at(override, "cpu_guarantee"),
        machine=text_at(override, "node_selector", MACHINE),
        gpus=_gpus(override, "extra_resource_limits"),
        gpu=text_at(override, "node_selector", CARD),
    )


def _gb(size: object) -> float | None:
    found = in_bytes(size)
    return round(found / GIB, 2) if found else None


def _gpus(values: Mapping[str, Any], *keys: str) -> int:
    count = text_at(values, *keys, NVIDIA)
    return int(count) if count.isdecimal() else 0
