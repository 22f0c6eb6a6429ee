"""What people choose from when they start a server: one default, fixed images, memory that can be had."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from hubs.clusters import at
from hubs.deployers.gitops.checking.findings import Finding, Level
from hubs.deployers.gitops.checking.looking import Look, Written
from hubs.deployers.gitops.checking.quantities import is_number, spawner_bytes

LIST = ("jupyterhub", "singleuser", "profileList")
IMAGE = ("jupyterhub", "singleuser", "image")
OVERRIDE = "kubespawner_override"
MOVING_TAGS = {"latest", "main", "master"}
MEMORY, PROCESSORS = ("mem_guarantee", "mem_limit"), ("cpu_guarantee", "cpu_limit")

Steps = tuple[str | int, ...]


def environments_and_sizes(look: Look) -> Iterator[Finding]:
    """The profiles of every hub."""
    for hub in look.whole_hubs:
        yield from _image_of_hub(hub)
        found = at(hub.values, *LIST)
        profiles = (
            [(index, profile) for index, profile in enumerate(found) if isinstance(profile, Mapping)] if isinstance(found, list) else []
        )
        yield from _one_default(hub, [((*LIST, index), profile) for index, profile in profiles], _("Only one profile can be the default."))
        yield from _one_of_each_slug(hub, profiles)
        for index, profile in profiles:
            yield from _profile(hub, (*LIST, index), profile)


def _profile(hub: Written, steps: Steps, profile: Mapping[str, Any]) -> Iterator[Finding]:
    own = at(profile, OVERRIDE) or {}
    yield from _override(hub, (*steps, OVERRIDE), own, {})
    options = profile.get("profile_options")
    for name, option in options.items() if isinstance(options, Mapping) else ():
        yield from _option(hub, (*steps, "profile_options", name), option, own)


def _option(hub: Written, steps: Steps, option: Any, inherited: Mapping[str, Any]) -> Iterator[Finding]:
    if "unlisted_choice" in (option or {}):
        yield from _unlisted(hub, (*steps, "unlisted_choice"), option["unlisted_choice"])
    choices = at(option, "choices")
    if not isinstance(choices, Mapping):
        return
    found = [((*steps, "choices", key), choice) for key, choice in choices.items() if isinstance(choice, Mapping)]
    yield from _one_default(hub, found, _("Only one choice can be the default."))
    for place, choice in found:
        if not isinstance(choice.get(OVERRIDE), Mapping):
            yield hub.finding(_("This choice changes nothing: “%(key)s” is missing.") % {"key": OVERRIDE}, *place, OVERRIDE)
        else:
            yield from _override(hub, (*place, OVERRIDE), choice[OVERRIDE], inherited)


def _one_default(hub: Written, found: list[tuple[Steps, Mapping[str, Any]]], words: str) -> Iterator[Finding]:
    defaults = [steps for steps, part in found if part.get("default")]
    yield from (hub.finding(words, *steps, "default") for steps in defaults[1:])


def _one_of_each_slug(hub: Written, profiles: list[tuple[int, Mapping[str, Any]]]) -> Iterator[Finding]:
    """Of two profiles with one slug, whoever chooses the second gets the first."""
    seen: set[str] = set()
    for index, profile in profiles:
        slug = profile.get("slug")
        if slug in seen:
            yield hub.finding(_("Another profile has the slug “%(slug)s” already.") % {"slug": slug}, *LIST, index, "slug")
        if slug:
            seen.add(slug)


def _unlisted(hub: Written, steps: Steps, choice: Any) -> Iterator[Finding]:
    """People's own image: it needs a label, and a place where what they type goes."""
    if not isinstance(choice, Mapping) or not choice.get("enabled"):
        return
    if not choice.get("display_name"):
        yield hub.finding(_("“%(key)s” is missing.") % {"key": "display_name"}, *steps, "display_name")
    if "{value}" not in str(choice.get(OVERRIDE, "")):
        yield hub.finding(_("What people type goes nowhere: “%(key)s” has to hold {value}.") % {"key": OVERRIDE}, *steps, OVERRIDE)
    try:
        re.compile(str(choice.get("validation_regex", "")))
    except re.error:
        yield hub.finding(_("This is no regular expression."), *steps, "validation_regex")


def _override(hub: Written, steps: Steps, override: Any, inherited: Mapping[str, Any]) -> Iterator[Finding]:
    if not isinstance(override, Mapping):
        return
    if isinstance(override.get("image"), str):
        yield from _image(hub, (*steps, "image"), override["image"])
    for key in MEMORY:
        if override.get(key) is not None and spawner_bytes(override[key]) is None:
            words = _("JupyterHub does not read this as memory: bytes, or a number with K, M, G or T.")
            yield hub.finding(words, *steps, key)
    for key in PROCESSORS:
        if override.get(key) is not None and not is_number(override[key]):
            yield hub.finding(_("A number of processors is a number."), *steps, key)
    both = {**inherited, **override}
    for (least, most), read in ((MEMORY, spawner_bytes), (PROCESSORS, lambda value: value if is_number(value) else None)):
        guarantee, limit = read(both.get(least)), read(both.get(most))
        if guarantee and limit and guarantee > limit and (least in override or most in override):
            yield hub.finding(_("More is guaranteed than is allowed."), *steps, least if least in override else most)


def _image_of_hub(hub: Written) -> Iterator[Finding]:
    image = at(hub.values, *IMAGE)
    if isinstance(image, Mapping) and image.get("name") and "tag" in image and str(image["tag"]) in MOVING_TAGS:
        yield hub.finding(_moving(f"{image['name']}:{image['tag']}"), *IMAGE, "tag", level=Level.UNWANTED)


def _image(hub: Written, steps: Steps, name: str) -> Iterator[Finding]:
    if "{" in name or "@" in name:
        return
    tag = name.rpartition("/")[2].partition(":")[2]
    if tag in MOVING_TAGS or not tag:
        yield hub.finding(_moving(name), *steps, level=Level.UNWANTED)


def _moving(name: str) -> str:
    return _("%(image)s has no fixed tag: it is another image tomorrow.") % {"image": name}
