"""Three ways, field by field: what both sides last agreed on, ours, theirs. Pure.

Freshdesk wins where both changed, and the clash is told.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

FIELDS = ("status", "priority", "responder_id", "subject")


@dataclass(frozen=True)
class Clash:
    """A field that both sides changed, each to something else."""

    name: str
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
            clashes.append(Clash(name, ours.get(name), theirs[name]))
    return Merged(here, there, tuple(clashes))
