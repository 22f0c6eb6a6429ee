"""The desk's keys: what each does, where it works, and which a person has changed. A pure table."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Place(StrEnum):
    """Where a key works. The list and the ticket stand beside each other, so their keys differ."""

    DESK = "desk"
    TRIAGE = "triage"


@dataclass(frozen=True)
class Shortcut:
    """One action and the key it has until somebody changes it. A capital is the key with shift."""

    action: str
    words: str | Promise
    key: str
    group: str | Promise
    places: frozenset[Place] = frozenset({Place.DESK})


MOVING, READING, DECIDING, ELSEWHERE, TRIAGE = _("Moving"), _("Writing"), _("Deciding"), _("Anywhere"), _("Triage")
BOTH = frozenset(Place)
SHORTCUTS: Mapping[str, Shortcut] = {
    each.action: each
    for each in (
        Shortcut("next", _("next ticket of the list"), "j", MOVING),
        Shortcut("previous", _("previous ticket of the list"), "k", MOVING),
        Shortcut("open", _("open the ticket"), "o", MOVING),
        Shortcut("back", _("back to the list"), "u", MOVING, BOTH),
        Shortcut("select", _("select the ticket, for many at once"), "x", MOVING),
        Shortcut("next-ticket", _("from this ticket to the next"), "]", MOVING),
        Shortcut("previous-ticket", _("from this ticket to the one before"), "[", MOVING),
        Shortcut("search", _("search"), "/", MOVING),
        Shortcut("filter", _("filter"), "f", MOVING),
        Shortcut("triage", _("triage, one ticket after another"), "t", MOVING),
        Shortcut("reply", _("reply"), "r", READING),
        Shortcut("note", _("internal note"), "n", READING),
        Shortcut("macro", _("ready-made answer"), "m", READING),
        Shortcut("solve", _("send and solve"), "e", READING),
        Shortcut("solve-next", _("send, solve and go to the next"), "E", READING),
        Shortcut("assign", _("assign to somebody"), "a", DECIDING),
        Shortcut("take", _("assign to me"), "i", DECIDING),
        Shortcut("status", _("status"), "s", DECIDING),
        Shortcut("priority", _("priority"), "p", DECIDING),
        Shortcut("kind", _("kind"), "y", DECIDING),
        Shortcut("snooze", _("snooze"), "z", DECIDING),
        Shortcut("tag", _("tags"), "g", DECIDING),
        Shortcut("link", _("link with another ticket"), "l", DECIDING),
        Shortcut("merge", _("merge with another ticket"), "M", DECIDING),
        Shortcut("timebox", _("start or end the half hour"), "b", DECIDING),
        Shortcut("escalate", _("hand on to GitHub"), "G", DECIDING),
        Shortcut("watch", _("watch or stop watching"), "w", DECIDING),
        Shortcut("skip", _("skip this ticket"), "s", TRIAGE, frozenset({Place.TRIAGE})),
        Shortcut("work", _("keep the decisions and open the ticket"), "w", TRIAGE, frozenset({Place.TRIAGE})),
        Shortcut("undo", _("take the last decision back"), "z", TRIAGE, frozenset({Place.TRIAGE})),
        Shortcut("help", _("show all keys"), "?", ELSEWHERE, BOTH),
    )
}


def keys(changed: Mapping[str, str]) -> dict[str, str]:
    """The key of every action, with what a person changed; what no longer exists is left out."""
    return {action: changed.get(action) or each.key for action, each in SHORTCUTS.items()}


def differing(chosen: Mapping[str, str]) -> dict[str, str]:
    """Only what differs from the defaults: the rest follows them when they change."""
    return {action: key for action, key in chosen.items() if action in SHORTCUTS and key and key != SHORTCUTS[action].key}


def is_key(text: str) -> bool:
    """Whether that can be a key: one printable character that is no digit; digits choose in triage."""
    return len(text) == 1 and text.isprintable() and not text.isspace() and not text.isdigit()


def doubled(chosen: Mapping[str, str]) -> dict[str, str]:
    """Each action whose key another one has in the same place, and that other one."""
    found: dict[str, str] = {}
    for place in Place:
        taken: dict[str, str] = {}
        for action in (action for action, each in SHORTCUTS.items() if place in each.places):
            first = taken.setdefault(chosen[action], action)
            if first != action:
                found[action] = first
    return found


def at(place: Place, *, changed: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """What the page's script needs: by action its key and its words."""
    return _at(place, tuple(sorted(changed.items())), get_language() or "")


@lru_cache(maxsize=64)
def _at(place: Place, changed: tuple[tuple[str, str], ...], _language: str) -> dict[str, dict[str, str]]:
    """The same table for each language and each set of changes, to be read only."""
    known = keys(dict(changed))
    return {action: {"key": known[action], "words": str(each.words)} for action, each in SHORTCUTS.items() if place in each.places}
