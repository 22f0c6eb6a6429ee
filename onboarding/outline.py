"""A form, a rubric or a plan as one list of entries with their texts: what two versions differ in, and what is not translated. Pure."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ground.texts import Text, pick

Document = Mapping[str, Any]
Labels = Mapping[str, str | Promise]

KINDS: Labels = {
    "form": gettext_lazy("Form"),
    "step": gettext_lazy("Page"),
    "question": gettext_lazy("Question"),
    "option": gettext_lazy("Option"),
    "rubric": gettext_lazy("Rubric"),
    "gate": gettext_lazy("Gate"),
    "criterion": gettext_lazy("Criterion"),
    "phase": gettext_lazy("Phase"),
    "item": gettext_lazy("Item"),
}
ASPECTS: Labels = {
    "title": gettext_lazy("title"),
    "intro": gettext_lazy("introduction"),
    "label": gettext_lazy("wording"),
    "hint": gettext_lazy("hint"),
    "text": gettext_lazy("wording"),
    "done_when": gettext_lazy("when it is done"),
    "type": gettext_lazy("kind of answer"),
    "required": gettext_lazy("when an answer is needed"),
    "requires": gettext_lazy("when it is asked"),
    "place": gettext_lazy("place"),
    "weight": gettext_lazy("weight"),
    "evidence": gettext_lazy("shown by"),
    "levels": gettext_lazy("level texts"),
    "owner": gettext_lazy("who holds it"),
    "needs": gettext_lazy("what comes first"),
    "supplied_by": gettext_lazy("who supplies it"),
}
NOT_FACTS = frozenset({"key", "steps", "options", "items", "gates", "criteria", "phases", "levels", "rules"})


@dataclass(frozen=True)
class Entry:
    """One thing in a document: its kind, its key within that kind, its texts and its plain facts."""

    kind: str
    key: str
    texts: Mapping[str, Text]
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return next((words for text in self.texts.values() if (words := pick(text))), self.key)


@dataclass(frozen=True)
class Change:
    """What became of one thing between two versions: `added`, `removed` or `changed`, then with each aspect, before and now."""

    what: str
    kind: str
    key: str
    name: str
    aspects: Sequence[tuple[str, str, str]] = ()

    @property
    def kind_words(self) -> str:
        return str(KINDS[self.kind])

    @property
    def what_words(self) -> str:
        return {"added": _("added"), "removed": _("removed"), "changed": _("changed")}[self.what]


@dataclass(frozen=True)
class Untranslated:
    """The places without a text in one language."""

    language: str
    places: Sequence[str]


def untranslated(entries: Sequence[Entry], languages: Sequence[str]) -> list[Untranslated]:
    """What each language lacks, in the order of the document; languages that lack nothing too."""
    return [Untranslated(language, list(_lacking(entries, language))) for language in languages]


def _lacking(entries: Sequence[Entry], language: str) -> Iterator[str]:
    for entry in entries:
        for aspect, text in entry.texts.items():
            if not text.get(language):
                yield f"{KINDS[entry.kind]} {entry.name} ({entry.key}): {_aspect(aspect)}"


def differences(before: Sequence[Entry], now: Sequence[Entry], renames: Mapping[str, str] | None = None) -> list[Change]:
    """What was added, changed and removed, in the order of the newer document. `renames` are new keys to old ones."""
    renames = renames or {}
    old = {(entry.kind, entry.key): entry for entry in before}
    met: set[tuple[str, str]] = set()
    changes = []
    for entry in now:
        place = (entry.kind, entry.key)
        place = place if place in old else (entry.kind, _old_key(entry.key, renames))
        met.add(place)
        changes += [_change(old.get(place), entry)]
    gone = [Change("removed", entry.kind, entry.key, entry.name) for place, entry in old.items() if place not in met]
    return [change for change in changes if change] + gone


def _old_key(key: str, renames: Mapping[str, str]) -> str:
    """An option's key begins with its question's."""
    question, mark, option = key.partition(" › ")
    return renames.get(question, question) + mark + option


def _change(before: Entry | None, now: Entry) -> Change | None:
    if before is None:
        return Change("added", now.kind, now.key, now.name)
    aspects = [*_renamed(before, now), *_facts(before, now), *_texts(before, now)]
    return Change("changed", now.kind, now.key, now.name, aspects) if aspects else None


def _renamed(before: Entry, now: Entry) -> Iterator[tuple[str, str, str]]:
    if before.key != now.key:
        yield _("key"), before.key, now.key


def _facts(before: Entry, now: Entry) -> Iterator[tuple[str, str, str]]:
    for name in dict.fromkeys([*before.facts, *now.facts]):
        was, is_ = before.facts.get(name, ""), now.facts.get(name, "")
        if was != is_:
            yield _aspect(name), was, is_


def _texts(before: Entry, now: Entry) -> Iterator[tuple[str, str, str]]:
    for name in dict.fromkeys([*before.texts, *now.texts]):
        was, is_ = before.texts.get(name, {}), now.texts.get(name, {})
        for language in dict.fromkeys([*was, *is_]):
            if was.get(language, "") != is_.get(language, ""):
                yield f"{_aspect(name)} ({language})", was.get(language, ""), is_.get(language, "")


def _aspect(name: str) -> str:
    level = name.removeprefix("level_")
    return _("level %(number)s") % {"number": level} if level != name else str(ASPECTS.get(name, name.replace("_", " ")))


def of_form(schema: Document) -> list[Entry]:
    """The form itself, then each page with its questions and their options."""
    top = Entry("form", schema["key"], {"title": schema["title"], "intro": schema["intro"]}, {"languages": ", ".join(schema["languages"])})
    return [top, *(entry for place, step in enumerate(schema["steps"], 1) for entry in _of_step(step, place))]


def _of_step(step: Document, place: int) -> Iterator[Entry]:
    texts = {"title": step["title"], "intro": step["intro"]}
    yield Entry("step", step["key"], texts, _plain(step, {"fields", *texts}) | {"place": str(place)})
    for number, each in enumerate(step["fields"], 1):
        texts = {"label": each["label"], "hint": each["hint"]}
        yield Entry("question", each["key"], texts, _plain(each, texts) | {"place": f"{step['key']} {number}"})
        for option in each.get("options", ()):
            yield Entry("option", f"{each['key']} › {option['key']}", {"label": option["label"]})


def of_rubric(document: Document) -> list[Entry]:
    """The rubric with its rules, then gates and criteria."""
    top = Entry("rubric", document["key"], {"title": document["title"]}, _plain(document["rules"], ()))
    gates = [Entry("gate", row["key"], {"text": row["text"]}, _plain(row, {"text"})) for row in document["gates"]]
    return [top, *gates, *(_of_criterion(row) for row in document["criteria"])]


def _of_criterion(row: Document) -> Entry:
    levels = {f"level_{level}": text for level, text in enumerate(row["levels"])}
    return Entry("criterion", row["key"], {"title": row["title"], **levels}, _plain(row, {"title"}))


def of_plan(document: Document) -> list[Entry]:
    """Each phase with its items."""
    return [entry for place, phase in enumerate(document["phases"], 1) for entry in _of_phase(phase, place)]


def _of_phase(phase: Document, place: int) -> Iterator[Entry]:
    texts = {"title": phase["title"], "done_when": phase["done_when"]}
    yield Entry("phase", phase["key"], texts, _plain(phase, texts) | {"place": str(place)})
    for item in phase["items"]:
        yield Entry("item", f"{phase['key']} › {item['key']}", {"text": item["text"]}, _plain(item, {"text"}))


def _plain(row: Document, but: Any) -> dict[str, str]:
    return {name: _shown(value) for name, value in row.items() if name not in but and name not in NOT_FACTS}


def _shown(value: Any) -> str:
    match value:
        case True:
            return _("yes")
        case False | None:
            return _("no")
        case str():
            return value
        case [*parts] if all(isinstance(part, str) for part in parts):
            return ", ".join(parts)
    return json.dumps(value, ensure_ascii=False)
