"""From a form's structure and its words to one plain JSON document, hashed before it is published."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

Schema = dict[str, Any]
Words = Mapping[str, Any]


def compile_form(structure: Mapping[str, Any], words: Mapping[str, Words]) -> Schema:
    """The form with every text by language. `words` are the texts of each language; what is missing is left out, for `linting`."""
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
