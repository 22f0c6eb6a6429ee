"""Three ways, field by field: what both sides last agreed on, ours, theirs. Pure.

Freshdesk wins where both changed the same field (fact sheet §11.1), and the clash is told. Tags are a set: what either side
added is there, what either side took away is not, and nothing clashes.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

FIELDS = ("status", "priority", "responder_id", "group_id", "type", "subject")
TAGS = "tags"


@dataclass(frozen=True)
class Clash:
    """A field that both sides changed, each to something else."""

    name: str
    base: Any
    ours: Any
    theirs: Any


@dataclass(frozen=True)
class Merged:
    """What to change here, what to change there, and what clashed."""

    here: dict[str, Any] = field(default_factory=dict)
    there: dict[str, Any] = field(default_factory=dict)
    clashes: tuple[Clash, ...] = ()


def merge(base: Mapping[str, Any], ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> Merged:
    """What each side still has to learn. A field the answer did not hold is left alone."""
    here: dict[str, Any] = {}
    there: dict[str, Any] = {}
    clashes = []
    for name in FIELDS:
        if name not in theirs or ours.get(name) == theirs[name]:
            continue
        if ours.get(name) == base.get(name):
            here[name] = theirs[name]
        elif theirs[name] == base.get(name):
            there[name] = ours.get(name)
        else:
            here[name] = theirs[name]
            clashes.append(Clash(name, base.get(name), ours.get(name), theirs[name]))
    _merge_tags(base, ours, theirs, here, there)
    return Merged(here, there, tuple(clashes))


def _merge_tags(
    base: Mapping[str, Any], ours: Mapping[str, Any], theirs: Mapping[str, Any], here: dict[str, Any], there: dict[str, Any]
) -> None:
    if TAGS not in theirs or TAGS not in ours:
        return
    merged = merged_tags(base.get(TAGS) or (), ours[TAGS], theirs[TAGS] or ())
    if set(merged) != set(ours[TAGS]):
        here[TAGS] = merged
    if set(merged) != set(theirs[TAGS] or ()):
        there[TAGS] = merged


def merged_tags(base: Collection[str], ours: Collection[str], theirs: Collection[str]) -> list[str]:
    """In the order they have there, ours behind them."""
    added = [tag for tag in ours if tag not in base and tag not in theirs]
    taken_away = set(base) - set(ours)
    return [*(tag for tag in theirs if tag not in taken_away), *added]
