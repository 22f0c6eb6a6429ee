"""Two values of one fact, told apart line by line, so that a change is read without the rest."""

from collections.abc import Iterator, Mapping
from typing import Any

MOST_LINES = 30
LONGEST = 300
NAMES = ("title", "key", "name", "entity", "path")  # what stands for a part of a list in its lines


def differing(before: Any, after: Any) -> tuple[list[str], list[str]]:
    """The lines only the first has, and those only the second has."""
    old, new = list(lines(before)), list(lines(after))
    return _short([line for line in old if line not in set(new)]), _short([line for line in new if line not in set(old)])


def lines(value: Any, path: str = "") -> Iterator[str]:
    """A value as lines: a map's members and a list's parts each with their way there."""
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from lines(part, _joined(path, str(key)))
    elif isinstance(value, list):
        for part in value:
            yield from lines(part, _joined(path, _name(part)))
    elif value not in (None, ""):
        yield f"{path}: {value}" if path else str(value)


def _name(part: Any) -> str:
    """How a part of a list is called: all that names it, for titles come twice."""
    return " ".join(str(part[name]) for name in NAMES if part.get(name)) if isinstance(part, Mapping) else ""


def _joined(path: str, step: str) -> str:
    return " › ".join(filter(None, [path, step]))


def _short(found: list[str]) -> list[str]:
    return [line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…" for line in found[:MOST_LINES]]
