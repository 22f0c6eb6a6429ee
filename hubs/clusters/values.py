"""Values files made plain and merged as Helm merges them. Files with secrets are never opened."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, time
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any

from hubs.notation import NotYAML, parsed

SECRET_MARKS = ("secret", "enc-")
DEEPEST = 50
LARGEST = 50_000  # parts of one file; the largest real one has 2,000


def layer(text: str) -> Mapping[str, Any]:
    """The values of one values file; none where it cannot be read, which is for a check to say."""
    try:
        found = parsed(text)
    except NotYAML:
        return {}
    return found if isinstance(found, Mapping) else {}


def stacked(layers: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Values files as Helm lays them over each other: later ones win, lists are replaced, null stays to switch off what a chart brings."""
    result: dict[str, Any] = {}
    for values in layers:
        result = _over(result, values)
    return result


def merged(layers: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The same without what is switched off."""
    return without_nulls(stacked(layers))


def without_nulls(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values in which nothing is null, but inside lists, which Helm leaves as they are."""
    return {key: without_nulls(part) if isinstance(part, Mapping) else part for key, part in values.items() if part is not None}


def hub_values(chart: str, layers: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """A hub's merged values from where basehub's own begin (the older daskhub chart keeps them one level down)."""
    return root(chart, merged(layers))


@lru_cache(maxsize=1024)
def values_in(chart: str, texts: tuple[str, ...]) -> Mapping[str, Any]:
    """The same from the texts of the files, not to be changed: everybody gets the same."""
    return hub_values(chart, [layer(text) for text in texts])


def root(chart: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Where basehub's own values begin among those of that chart."""
    inner = values.get("basehub", {}) if chart == "daskhub" else values
    return dict(inner) if isinstance(inner, Mapping) else {}


def switched_off(values: Mapping[str, Any], path: str = "") -> Iterator[str]:
    """The paths at which null takes away what the chart brings."""
    for key, part in values.items():
        if part is None:
            yield f"{path}{key}"
        elif isinstance(part, Mapping):
            yield from switched_off(part, f"{path}{key}.")


def is_readable(text: str) -> bool:
    """Is this YAML at all?"""
    try:
        parsed(text)
    except NotYAML:
        return False
    return True


def is_secret(path: str) -> bool:
    """A file we never open."""
    name = PurePosixPath(path).name.lower()
    return any(mark in name for mark in SECRET_MARKS)


def at(values: Any, *keys: str) -> Any:
    """The value below these keys, or None."""
    for key in keys:
        values = values.get(key) if isinstance(values, Mapping) else None
    return values


def map_at(values: Any, *keys: str) -> Mapping[str, Any]:
    """The map below these keys; an empty one where something else stands."""
    found = at(values, *keys)
    return found if isinstance(found, Mapping) else {}


def texts_at(values: Any, *keys: str) -> tuple[str, ...]:
    """The words listed below these keys, each once; a single one counts as a list of one."""
    return tuple(dict.fromkeys(listed_at(values, *keys)))


def listed_at(values: Any, *keys: str) -> tuple[str, ...]:
    """The same as they are listed, even twice."""
    found = at(values, *keys)
    parts = found if isinstance(found, list) else [] if found is None or isinstance(found, Mapping) else [found]
    return tuple(str(part) for part in parts if not isinstance(part, Mapping | list))


def text_at(values: Any, *keys: str) -> str:
    """What stands below these keys as text; blank where nothing or a whole map does."""
    found = at(values, *keys)
    return "" if found is None or isinstance(found, Mapping | list) else str(found)


def flag_at(values: Any, *keys: str) -> bool | None:
    """A truth below these keys, or None."""
    found = at(values, *keys)
    return found if isinstance(found, bool) else None


def number_at(values: Any, *keys: str) -> float | None:
    """A number below these keys, or None."""
    found = at(values, *keys)
    return found if isinstance(found, int | float) and not isinstance(found, bool) else None


def plain(value: Any) -> Any:
    """Values as JSON knows them. Raises ValueError for what is folded into itself or without end."""
    return _Plain().of(value, DEEPEST)


class _Plain:
    """One walk through values, which counts what it meets: an alias of an alias of an alias grows without end."""

    def __init__(self) -> None:
        self.left = LARGEST

    def of(self, value: Any, depth: int) -> Any:
        self.left -= 1
        if depth < 0 or self.left < 0:
            raise ValueError("too large or too deep to be read")
        if isinstance(value, Mapping):
            return {_text(key): self.of(part, depth - 1) for key, part in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [self.of(part, depth - 1) for part in value]
        if isinstance(value, bool | int | None):
            return value
        if isinstance(value, float):
            return value if value - value == 0 else str(value)
        return _text(value)


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        return "(binary)"
    return value.isoformat() if isinstance(value, date | time) else str(value).replace("\0", "")


def _over(base: Mapping[str, Any], layer: Mapping[str, Any]) -> dict[str, Any]:
    result = dict(base)
    for key, value in layer.items():
        below = result.get(key)
        result[key] = _over(below if isinstance(below, Mapping) else {}, value) if isinstance(value, Mapping) else value
    return result
