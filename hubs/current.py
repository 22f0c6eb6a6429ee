"""What a hub has now, at the places of a request that would change it: a value to begin from, and words to read. Pure."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from hubs.told import number, numbers, word, words

ABOUT_THE_HUB = re.compile(r"^/(changes/\d+|decommission|event)(?=/)")


@dataclass(frozen=True)
class Present:
    """One hub as it runs; `spec` is what its configuration says (`Hub.facts["spec"]`). Without a name: no hub, nothing to say."""

    name: str = ""
    domain: str = ""
    organisation: str = ""
    website: str = ""
    spec: Mapping[str, Any] = field(default_factory=dict)

    def value(self, pointer: str, document: Mapping[str, Any]) -> Any:
        """What a control at that place begins with; None where there is nothing, or not one thing, to begin with."""
        found = self._found(pointer, document)
        return (
            found[0]
            if isinstance(found, list) and len(found) == 1 and not _is_list(pointer)
            else None
            if isinstance(found, list)
            else found
        )

    def words(self, pointer: str, document: Mapping[str, Any]) -> str:
        """“Now: …”, or nothing."""
        found = self._found(pointer, document)
        if found in (None, "", []):
            return ""
        if isinstance(found, bool):
            return _("Now: on.") if found else _("Now: off.")
        return _("Now: %(value)s.") % {"value": ", ".join(map(str, found)) if isinstance(found, list) else found}

    def _found(self, pointer: str, document: Mapping[str, Any]) -> Any:
        about = ABOUT_THE_HUB.match(pointer)
        read = READ.get(pointer[about.end() :]) if self.name and about else None
        return read(self, _inside(document, about[0])) if read and about else None


def _is_list(pointer: str) -> bool:
    return pointer.endswith(("/add", "/remove"))


def _inside(document: Any, pointer: str) -> Mapping[str, Any]:
    """The change (or the like) that the place belongs to."""
    for step in pointer.split("/")[1:]:
        document = (
            document[int(step)]
            if isinstance(document, Sequence) and step.isdigit() and int(step) < len(document)
            else _member(document, step)
        )
    return document if isinstance(document, Mapping) else {}


def _member(document: Any, step: str) -> Any:
    return document.get(step) if isinstance(document, Mapping) else None


def _listed(name: str) -> Callable[[Present, Mapping[str, Any]], Any]:
    return lambda hub, _change: words(hub.spec, name)


def _feature(*names: str) -> Callable[[Present, Mapping[str, Any]], Any]:
    return lambda hub, _change: any(name in words(hub.spec, "features") for name in names) if "features" in hub.spec else None


def _this_feature(hub: Present, change: Mapping[str, Any]) -> Any:
    name = change.get("feature")
    return _feature(name)(hub, change) if name in KNOWN_FEATURES else None


def _most_memory(hub: Present, _change: Mapping[str, Any]) -> Any:
    return max(numbers(hub.spec, "memory_gb"), default=None)


def _sizes(hub: Present, _change: Mapping[str, Any]) -> Any:
    return len(numbers(hub.spec, "memory_gb")) or None


KNOWN_FEATURES = frozenset(
    {"dask_gateway", "dynamic_image_building", "named_servers", "gh_scoped_creds", "scratch_bucket", "persistent_bucket"}
)
READ: Mapping[str, Callable[[Present, Mapping[str, Any]], Any]] = {
    "/image": _listed("images"),
    "/add": _listed("admins"),
    "/remove": _listed("admins"),
    "/domain": lambda hub, _change: hub.domain or None,
    "/enabled": _this_feature,
    "/environment/default_interface": lambda hub, _change: word(hub.spec, "default_interface") or None,
    "/environment/named_servers": _feature("named_servers"),
    "/environment/dask_gateway": _feature("dask_gateway"),
    "/environment/dynamic_image_building": _feature("dynamic_image_building"),
    "/resources/max_memory_gb": _most_memory,
    "/resources/choices": _sizes,
    "/storage/home_quota_gib": lambda hub, _change: number(hub.spec, "home_quota_gib"),
    "/storage/scratch_bucket": _feature("scratch_bucket"),
    "/storage/persistent_bucket": _feature("persistent_bucket"),
    "/homepage/org/name": lambda hub, _change: hub.organisation or None,
    "/homepage/org/url": lambda hub, _change: hub.website or None,
}
