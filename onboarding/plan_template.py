"""An onboarding plan as one document: what keeps it from being published. Nothing here knows a database."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from ground.texts import Text

Document = Mapping[str, Any]
RULES = ("fields", "skip", "starts")


@dataclass(frozen=True)
class Known:
    """What a plan may name, and what it must keep: `phases` by key, each with the question that is needed before it."""

    rules: Mapping[str, Collection[str]] = field(default_factory=dict)
    needed: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_documents(cls, documents: Sequence[Document], needed: Mapping[str, str]) -> "Known":
        """Every rule that these documents use is one that the code behind it understands."""
        phases = [phase for document in documents for phase in document["phases"]]
        rules: dict[str, set[str]] = {name: {phase[name] for phase in phases if phase.get(name)} for name in RULES}
        rules["check"] = {item["check"] for phase in phases for item in phase["items"] if item.get("check")}
        return cls(rules, needed)


def problems(document: Document, known: Known = Known()) -> list[str]:
    """What keeps this plan from being published; empty when nothing does."""
    phases = document["phases"]
    return [
        *_keys(phases),
        *_order(phases),
        *_missing_texts(document),
        *(words for phase in phases for words in _unknown_rules(phase, known)),
        *_gone(phases, known.needed),
    ]


def _keys(phases: Sequence[Document]) -> Iterator[str]:
    keys = [phase["key"] for phase in phases]
    if not keys:
        yield _("The plan has no phase.")
    if len(keys) != len(set(keys)):
        yield _("Two phases have the same key.")
    for phase in phases:
        items = [item["key"] for item in phase["items"]]
        if not phase["key"] or not all(items):
            yield _("%(phase)s: a phase or an item has no key.") % {"phase": phase["key"]}
        if len(items) != len(set(items)):
            yield _("%(phase)s: two items have the same key.") % {"phase": phase["key"]}


def _order(phases: Sequence[Document]) -> Iterator[str]:
    """A phase needs only phases before it, so nothing waits for itself."""
    seen: set[str] = set()
    for phase in phases:
        for key in phase["needs"]:
            if key not in seen:
                yield _("%(phase)s needs %(needed)s, which does not come before it.") % {"phase": phase["key"], "needed": key}
        seen.add(phase["key"])


def texts(document: Document) -> Iterator[tuple[str, Text]]:
    """Every text of a plan with its place."""
    for phase in document["phases"]:
        yield from ((f"{phase['key']}.title", phase["title"]), (f"{phase['key']}.done_when", phase["done_when"]))
        yield from ((f"{phase['key']}.{item['key']}", item["text"]) for item in phase["items"])


def languages(document: Document) -> list[str]:
    """The languages a plan speaks: those in which any phase has a title."""
    return list(dict.fromkeys(language for phase in document["phases"] for language in phase["title"]))


def _missing_texts(document: Document) -> Iterator[str]:
    spoken = languages(document) or ["en"]
    for place, text in texts(document):
        for language in spoken:
            if not text.get(language):
                yield _("%(place)s: no text in %(language)s") % {"place": place, "language": language}


def _unknown_rules(phase: Document, known: Known) -> Iterator[str]:
    named = [(name, phase.get(name)) for name in RULES] + [("check", item.get("check")) for item in phase["items"]]
    for name, value in named:
        if value and name in known.rules and value not in known.rules[name]:
            yield _("%(phase)s: nothing here knows what “%(value)s” is.") % {"phase": phase["key"], "value": value}


def _gone(phases: Sequence[Document], needed: Mapping[str, str]) -> Iterator[str]:
    keys = {phase["key"] for phase in phases}
    for key, question in needed.items():
        if key not in keys:
            yield _("%(question)s is needed before %(phase)s, which this plan no longer has.") % {"question": question, "phase": key}
