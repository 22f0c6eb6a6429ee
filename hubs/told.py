"""What a deployer told of a hub, read as what it should be: another's deployer may tell anything, and nothing of it breaks a page. Pure."""

from collections.abc import Mapping
from typing import Any, TypeGuard

MOST = 1_000_000  # no memory in GB and no folder in GiB is as large


def mapped(value: Any) -> Mapping[str, Any]:
    """A map, whatever an older or a foreign deployer told."""
    return value if isinstance(value, Mapping) else {}


def listed(value: Any) -> list[Any]:
    """A list, likewise."""
    return value if isinstance(value, list) else []


def texts(value: Any) -> list[str]:
    """A list of words, likewise."""
    return [str(part) for part in listed(value)]


def words(spec: Mapping[str, Any], name: str) -> list[str]:
    """The words of that list; what is none is left out."""
    return [part for part in listed(spec.get(name)) if isinstance(part, str) and part]


def word(spec: Mapping[str, Any], name: str) -> str:
    """That word; blank where something else stands."""
    found = spec.get(name)
    return found if isinstance(found, str) else ""


def numbers(spec: Mapping[str, Any], name: str) -> list[float]:
    """The sizes of that list; what is none is left out."""
    return [part for part in listed(spec.get(name)) if is_size(part)]


def number(spec: Mapping[str, Any], name: str) -> float | None:
    """That size, or None."""
    found = spec.get(name)
    return found if is_size(found) else None


def is_size(value: Any) -> TypeGuard[float]:
    """Is this a number that something can be as large as? No truth, nothing without end."""
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < MOST
