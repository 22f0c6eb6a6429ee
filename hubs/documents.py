"""The document of a hub request as something to write into: by JSON pointer (RFC 6901), one answer at a time."""

import copy
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hubs.schema import cleaned

if TYPE_CHECKING:
    from hubs.models import Hub

Document = dict[str, Any]
LARGEST = 60_000
"""Characters of the JSON of a request; the largest we know of has some four thousand."""


@dataclass(frozen=True)
class HubFacts:
    """What is known before anybody fills in the form: values by JSON pointer into a document of that kind.

    `source` says where the values were said (`hubs.drifting`), so that it is noticed when they change there.
    """

    kind: str = "new-hub"
    values: Mapping[str, Any] = field(default_factory=dict)
    hub: "Hub | None" = None
    source: str = ""

    @property
    def is_for_new_hub(self) -> bool:
        """An event with a hub of its own."""
        return any(pointer.startswith("/new_hub") for pointer in self.values)


def at(document: Any, pointer: str) -> Any:
    """The value there, or None."""
    for step in steps(pointer):
        if isinstance(document, list):
            document = document[int(step)] if step.isdigit() and int(step) < len(document) else None
        elif isinstance(document, Mapping):
            document = document.get(step)
        else:
            return None
    return document


def is_too_large(document: Mapping[str, Any]) -> bool:
    """More than anybody would write into a request."""
    return len(json.dumps(document, default=str)) > LARGEST


def changed(document: Mapping[str, Any], values: Mapping[str, Any]) -> Document:
    """A copy with these values put in place; None takes one away, and what that leaves empty goes with it."""
    result: Document = copy.deepcopy(dict(document))
    for pointer, value in values.items():
        _put(result, steps(pointer), copy.deepcopy(value))
    return dict(cleaned(result))


def filled(document: Mapping[str, Any], other: Mapping[str, Any]) -> Document:
    """A copy in which the other document fills the gaps; nothing already said changes."""
    gaps = {
        pointer: value for pointer, value in flat(other) if at(document, pointer) is None and not _is_beside_the_point(document, pointer)
    }
    return changed(document, gaps)


def flat(value: Any, pointer: str = "") -> Iterator[tuple[str, Any]]:
    """Every single answer with its pointer; a list of plain values is one answer."""
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from flat(part, f"{pointer}/{escaped(key)}")
    elif isinstance(value, list) and any(isinstance(part, Mapping) for part in value):
        for index, part in enumerate(value):
            yield from flat(part, f"{pointer}/{index}")
    else:
        yield pointer, value


def steps(pointer: str) -> list[str]:
    """`/hubs/0/name` as `hubs`, `0`, `name`."""
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]


def escaped(name: str) -> str:
    """One step of a pointer, as RFC 6901 writes it."""
    return name.replace("~", "~0").replace("/", "~1")


def _put(container: Any, path: list[str], value: Any) -> None:
    step, *rest = path
    if isinstance(container, list):
        index = int(step)
        while len(container) <= index:
            container.append({})
        key: Any = index
    else:
        key = step
    if not rest:
        container[key] = value
        return
    inside = container[key] if isinstance(container, list) else container.get(key)
    if not isinstance(inside, dict | list):
        inside = [] if rest[0].isdigit() else {}
        container[key] = inside
    _put(inside, rest, value)


def _is_beside_the_point(document: Mapping[str, Any], pointer: str) -> bool:
    """The other document took another way here (another sign-in method, say), so its answers do not fit."""
    if pointer == "/cluster" and "new_cluster" in document:
        return True
    parent = pointer.rpartition("/")[0]
    while parent:
        here = at(document, parent)
        if here is not None:
            return not isinstance(here, dict | list) or "method" in here
        parent = parent.rpartition("/")[0]
    return False
