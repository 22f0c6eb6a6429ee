"""Questions in the order people think in: who, where, what; each hub and each change by itself."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hubs.documents import at

Words = str | Promise

WHO, WHERE, EVENT, CHANGES, END, HUBS, ELSE = range(7)
PARTS: tuple[tuple[str, int, Words], ...] = (
    (r"^/(requested_by|technical_contacts)\b", WHO, gettext_lazy("Who asks")),
    (r"^/(hub|cluster|new_cluster)\b", WHERE, gettext_lazy("Where")),
    (r"^/event\b", EVENT, gettext_lazy("The event")),
    (r"^/changes\b", CHANGES, gettext_lazy("What shall change")),
    (r"^/decommission\b", END, gettext_lazy("The end of the hub")),
    (r"/authentication\b", HUBS, gettext_lazy("Signing in")),
    (r"/environment\b", HUBS, gettext_lazy("Software")),
    (r"/(resources|storage)\b", HUBS, gettext_lazy("Machines and storage")),
    (r"/homepage\b", HUBS, gettext_lazy("Front page")),
    (r"^/(hubs/\d+|new_hub)/", HUBS, gettext_lazy("The hub")),
    (r"", ELSE, gettext_lazy("Anything else")),
)
ORDER_OF_HUB = (9, 5, 6, 7, 8)
NUMBERED = re.compile(r"^/(hubs|changes)/(\d+)(?=/|$)")


@dataclass(frozen=True)
class Question:
    """One question as the page shows it; `can_be_unsure` offers “I don't know yet”."""

    field: BoundField
    pointer: str
    can_be_unsure: bool
    is_unsure: bool


@dataclass(frozen=True)
class Section:
    """Questions that belong together; `more` may all stay empty, `summary` says so. `hub` is the number of a further hub that begins here."""

    title: Words
    asked: list[Question]
    more: list[Question]
    summary: Words = ""
    hub: int | None = None


@dataclass(frozen=True, order=True)
class Place:
    """Where a question stands: the part of the form, which hub or change of several, and what of it."""

    part: int
    number: int
    within: int
    pattern: int


def place_of(pointer: str) -> Place:
    """The place of that question."""
    pattern, part = next((index, part) for index, (found, part, _title) in enumerate(PARTS) if re.search(found, pointer))
    numbered = NUMBERED.match(pointer)
    within = ORDER_OF_HUB.index(pattern) if part == HUBS else 0
    return Place(part, int(numbered[2]) if numbered else 0, within, pattern)


def title_of(place: Place, document: Mapping[str, Any], *, several_hubs: bool) -> Words:
    """What stands over the questions of that place."""
    title = PARTS[place.pattern][2]
    if place.part == HUBS and several_hubs:
        name = at(document, f"/hubs/{place.number}/name") or place.number + 1
        return _("%(hub)s: %(part)s") % {"hub": name, "part": title}
    if place.part == CHANGES and _is_spare(place, document):
        return _("One more change")
    if place.part == CHANGES and len(document.get("changes") or []) > 1:
        return _("Change %(n)d") % {"n": place.number + 1}
    return title


def summary_of(place: Place, document: Mapping[str, Any], *, has_asked: bool) -> Words:
    """What opens the questions that may all stay empty."""
    if place.part == CHANGES and _is_spare(place, document):
        return _("Add another change to this request")
    if place.part == HUBS and place.number:
        return _("As with the first hub: look or change")
    if place.part == ELSE:
        return _("A note for us, and when you need it")
    return _("More choices, all optional") if has_asked else _("Optional: we choose what usually fits")


def _is_spare(place: Place, document: Mapping[str, Any]) -> bool:
    return bool(place.number) and place.number >= len(document.get("changes") or [])


def arranged(questions: Iterable[tuple[Question, bool]], document: Mapping[str, Any]) -> list[Section]:
    """The sections, in order; each question comes with whether it stands out."""
    found: dict[Place, list[tuple[Question, bool]]] = {}
    for question, stands_out in questions:
        found.setdefault(place_of(question.pointer), []).append((question, stands_out))
    several = any(place.part == HUBS and place.number for place in found)
    return [_section(place, found[place], document, several_hubs=several) for place in sorted(found)]


def _section(place: Place, questions: list[tuple[Question, bool]], document: Mapping[str, Any], *, several_hubs: bool) -> Section:
    asked = [question for question, stands_out in questions if stands_out]
    return Section(
        title_of(place, document, several_hubs=several_hubs),
        asked,
        [question for question, stands_out in questions if not stands_out],
        summary_of(place, document, has_asked=bool(asked)),
        hub=place.number if place.part == HUBS and place.number and place.within == 0 else None,
    )
