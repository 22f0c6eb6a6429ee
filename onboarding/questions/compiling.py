"""From a form's structure and its words to one plain JSON document, checked and hashed before it is published."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from onboarding.questions.conditions import OPERATIONS, leaves
from onboarding.questions.kinds import KINDS, NOT_YET
from onboarding.questions.shape import Condition, Field, Form, Step

CHOICES = frozenset({"choice", "multi_choice"})
PERSONAL = frozenset({"email", "person"})
LEVELS = frozenset({"submit", "review", "decision", "optional"})
STATEMENTS = frozenset({"privacy", "terms", "accessibility"})  # what a consent can be about: the statements that are published
Schema = dict[str, Any]
Words = Mapping[str, Any]


def compile_form(structure: Mapping[str, Any], words: Mapping[str, Words]) -> Schema:
    """The form with every text by language. `words` are the texts of each language; what is missing is left out, for `lint`."""
    languages = list(structure["languages"])
    ordered = {language: words.get(language, {}) for language in languages}
    return {
        "schema": 1,
        "key": structure["key"],
        "languages": languages,
        "title": _text(ordered, "title"),
        "intro": _text(ordered, "intro"),
        "steps": [_step(step, ordered) for step in structure["steps"]],
    }


def _step(step: Mapping[str, Any], words: Mapping[str, Words]) -> dict[str, Any]:
    compiled = dict(step) | {name: _text(words, "steps", step["key"], name) for name in ("title", "intro")}
    return compiled | {"fields": [_field(field, words) for field in step["fields"]]}


def _field(field: Mapping[str, Any], words: Mapping[str, Words]) -> dict[str, Any]:
    compiled = dict(field) | {name: _text(words, "fields", field["key"], name) for name in ("label", "hint")}
    options = [{"key": key, "label": _text(words, "fields", field["key"], "options", key)} for key in field.get("options", ())]
    return compiled | ({"options": options} if options else {})


def _text(words: Mapping[str, Words], *path: str) -> dict[str, str]:
    found = {language: _at(texts, path) for language, texts in words.items()}
    return {language: text for language, text in found.items() if text}


def _at(texts: Any, path: Iterable[str]) -> str:
    for name in path:
        texts = texts.get(name, {}) if isinstance(texts, Mapping) else {}
    return texts if isinstance(texts, str) else ""


def digest(schema: Schema) -> str:
    """The SHA-256 of the document, the same however its keys are ordered."""
    return hashlib.sha256(json.dumps(schema, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()


def lint(schema: Schema, previous: Schema | None = None) -> list[str]:
    """Everything that must be put right before this may be published; `previous` is the version it follows."""
    form = Form.from_json(schema)
    return [
        *_duplicates(form),
        *_missing_texts(form),
        *(problem for field in form.fields() for problem in _field_problems(field)),
        *_conditions(form),
        *(_changed_types(form, Form.from_json(previous)) if previous else ()),
    ]


def _duplicates(form: Form) -> Iterator[str]:
    for key, count in Counter(step.key for step in form.steps).items():
        if count > 1:
            yield f"{key}: two steps have this key"
    for key, count in Counter(field.key for field in form.fields()).items():
        if count > 1:
            yield f"{key}: two questions have this key"


def _missing_texts(form: Form) -> Iterator[str]:
    texts = [("title", form.title), ("intro", form.intro)]
    texts += [(f"{step.key}.{name}", text) for step in form.steps for name, text in (("title", step.title), ("intro", step.intro))]
    texts += [(f"{field.key}.{name}", text) for field in form.fields() for name, text in (("label", field.label), ("hint", field.hint))]
    texts += [(f"{field.key}.{option.key}", option.label) for field in form.fields() for option in field.options]
    for place, text in texts:
        for language in form.languages:
            if not text.get(language):
                yield f"{place}: no text in {language}"


def _field_problems(field: Field) -> Iterator[str]:
    if field.type not in KINDS and not (field.type in NOT_YET and field.later):
        yield f"{field.key}: unknown type {field.type}"
    if field.required not in LEVELS and not field.required.startswith("phase:"):
        yield f"{field.key}: unknown level {field.required}"
    if (field.type in CHOICES) != bool(field.options):
        yield f"{field.key}: a choice has options, and nothing else has"
    if len(set(field.option_keys)) < len(field.options):
        yield f"{field.key}: two options have the same key"
    if field.type in PERSONAL and not field.pii:
        yield f"{field.key}: asks for a person and is not marked pii"
    if field.statement and field.type != "consent":
        yield f"{field.key}: only a consent is about a statement"
    if field.statement and field.statement not in STATEMENTS:
        yield f"{field.key}: there is no statement {field.statement}"
    if field.pending and field.required == "submit":
        yield f"{field.key}: needed to send, so “I don't know yet” cannot be an answer"


def _conditions(form: Form) -> Iterator[str]:
    seen: dict[str, Field] = {}
    for step in form.steps:
        yield from _condition_problems(step, step.requires, seen)
        for field in step.fields:
            yield from _condition_problems(field, field.requires, seen)
            if field.not_before and field.not_before not in seen:
                yield f"{field.key}: not_before names {field.not_before}, which is not asked before"
            seen[field.key] = field


def _condition_problems(asked: Step | Field, condition: Condition | None, seen: Mapping[str, Field]) -> Iterator[str]:
    for leaf in leaves(condition):
        key, op, value = str(leaf.get("id")), leaf.get("op"), leaf.get("value")
        if op not in OPERATIONS:
            yield f"{asked.key}: unknown operation {op}"
        if key not in seen:
            yield f"{asked.key}: requires {key}, which is not asked before"
            continue
        named = value if isinstance(value, list) else [value]
        unknown = [option for option in named if option not in seen[key].option_keys]
        if seen[key].options and unknown:
            yield f"{asked.key}: requires an option that {key} does not offer: {unknown[0]}"


def _changed_types(form: Form, previous: Form) -> Iterator[str]:
    before = {field.key: field.type for field in previous.fields()}
    for field in form.fields():
        if before.get(field.key, field.type) != field.type:
            yield f"{field.key}: was {before[field.key]}, is {field.type}: a question that changes its type needs a new key"
