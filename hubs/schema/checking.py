"""Checking a hub request against its narrowed schema: one walk, one problem a field."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError as NotAnAddress
from django.core.validators import validate_email
from jsonschema import Draft202012Validator, FormatChecker

from hubs.questions import question
from hubs.schema import rules, words
from hubs.schema.problems import Problem
from hubs.schema.shape import Groups, Schema, choices_of_names, is_object, narrowed, request_schema

DISCRIMINATORS = {"kind", "method", "op", "action"}  # without them nobody knows what the rest of a group should look like
FORMATS = FormatChecker(formats=("date", "date-time", "uri"))


@FORMATS.checks("email", raises=NotAnAddress)
def _is_email(value: object) -> bool:
    if isinstance(value, str):
        validate_email(value)
    return True


@dataclass(frozen=True)
class Missing:
    """Something required that nobody has said yet, and who can say it."""

    pointer: str
    title: str
    supplier: str
    phase: str


def problems(document: Mapping[str, Any], *, today: date, notice: rules.Notice = rules.USUAL_NOTICE) -> list[Problem]:
    """Everything wrong with a request by itself, in the order of its fields; what the repository knows is the plan's to say."""
    found = list(_check(request_schema(), document, ""))
    broken = rules.broken(_sound(document, found), today=today, notice=notice)
    return found + [problem for problem in broken if problem not in found]


def sound(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document without what is wrong in it by itself, so that rules can trust what is left."""
    return _sound(document, list(_check(request_schema(), document, "")))


def is_sound(schema: Schema, value: object) -> bool:
    """Would this shape (`Field.schema`) take that value?"""
    return not any(_check(schema, value, ""))


def missing(document: Mapping[str, Any]) -> list[Missing]:
    """What is required and absent, computed from the document and never ticked."""
    asked = {problem.pointer: question(problem.pointer) for problem in problems(document, today=date.min) if problem.code == "required"}
    return [Missing(pointer, str(found.label), found.supplier, found.phase) for pointer, found in asked.items()]


def cleaned(value: Any) -> Any:
    """The same document without what forms leave behind: blank texts, empty lists and groups, spaces around words."""
    if isinstance(value, Mapping):
        return {key: kept for key, part in value.items() if not is_blank(kept := cleaned(part))}
    if isinstance(value, list):
        return [kept for part in value if not is_blank(kept := cleaned(part))]
    return value.strip() if isinstance(value, str) else value


def is_blank(value: object) -> bool:
    """Nothing was said here. `False` and 0 are something."""
    return value is None or (isinstance(value, str | list | Mapping) and not (value.strip() if isinstance(value, str) else value))


def _check(schema: Schema, value: object, pointer: str) -> Iterator[Problem]:
    schema = narrowed(schema, value)
    wanted = "object" if is_object(schema) else schema.get("type", "")
    if wanted == "object" and not isinstance(value, Mapping):
        yield words.wrong_type(pointer, "object")
    elif isinstance(value, Mapping) and wanted == "object":
        yield from _check_object(schema, value, pointer)
    elif isinstance(value, list) and wanted == "array":
        yield from _check_list(schema, value, pointer)
    else:
        yield from _check_value(schema, value, pointer)


def _check_object(schema: Schema, value: Mapping[str, Any], pointer: str) -> Iterator[Problem]:
    known: Mapping[str, Schema] = schema.get("properties", {})
    if schema.get("additionalProperties") is False:
        yield from (words.unknown(below(pointer, name), list(known)) for name in value if name not in known)
    for name, part in known.items():
        if not is_blank(value.get(name)):
            yield from _check(part, value[name], below(pointer, name))
        elif name in schema.get("required", ()):
            yield from _absent(part, below(pointer, name))
    for exclusive, groups in choices_of_names(schema):
        yield from _check_choice(value, pointer, groups, exclusive=exclusive)


def _check_choice(value: Mapping[str, Any], pointer: str, groups: Groups, *, exclusive: bool) -> Iterator[Problem]:
    given = [group for group in groups if not any(is_blank(value.get(name)) for name in group)]
    names = list(dict.fromkeys(name for group in groups for name in group))
    if not given:
        closest = max(groups, key=lambda group: sum(not is_blank(value.get(name)) for name in group))
        first = next(name for name in closest if is_blank(value.get(name)))
        yield words.one_of(below(pointer, first), pointer, [name for name in names if is_blank(value.get(name))])
    elif exclusive and len(given) > 1:
        rival = next(name for name in given[1] if name not in given[0])
        yield words.not_together(below(pointer, rival), pointer, [name for name in names if not all(name in group for group in groups)])


def _check_list(schema: Schema, value: Sequence[object], pointer: str) -> Iterator[Problem]:
    whole = {key: schema[key] for key in ("minItems", "maxItems", "uniqueItems") if key in schema}
    yield from _check_value(whole, value, pointer)
    for index, item in enumerate(value):
        yield from _check(schema.get("items", {}), item, below(pointer, str(index)))


def _check_value(schema: Schema, value: object, pointer: str) -> Iterator[Problem]:
    for error in Draft202012Validator(schema, format_checker=FORMATS).iter_errors(value):
        if error.validator == "type":
            yield words.wrong_type(pointer, str(schema["type"]))
        else:
            yield words.wrong(pointer, error)
        return  # one sentence a field is enough


def _absent(schema: Schema, pointer: str) -> Iterator[Problem]:
    """What would have to be said for a part that is not there at all, down to single answers."""
    schema = narrowed(schema, {})
    items = schema.get("items")
    if items and is_object(narrowed(items, {})):
        yield from _absent(items, below(pointer, "0"))
    elif is_object(schema):
        yield from _check_object(schema, {}, pointer)
    else:
        yield words.required(pointer)


def _sound(document: Mapping[str, Any], found: Sequence[Problem]) -> dict[str, Any]:
    """The document without the values already found wrong, so that the rules between fields can trust what is left."""
    wrong = {
        problem.pointer.removesuffix("/" + last) if last in DISCRIMINATORS else problem.pointer
        for problem in found
        for last in [problem.pointer.rpartition("/")[2]]
    }
    kept = _without(document, "", wrong)
    return kept if isinstance(kept, dict) else {}


def _without(value: Any, pointer: str, wrong: set[str]) -> Any:
    if pointer in wrong:
        return None
    if isinstance(value, Mapping):
        parts = {str(name): _without(item, below(pointer, str(name)), wrong) for name, item in value.items()}
        return {name: part for name, part in parts.items() if not is_blank(part)}
    if isinstance(value, list):
        items = [_without(item, below(pointer, str(index)), wrong) for index, item in enumerate(value)]
        return (
            [{} if item is None else item for item in items]
            if any(isinstance(item, Mapping) for item in value)
            else [item for item in items if item is not None]
        )
    return value


def below(pointer: str, name: str) -> str:
    """The pointer of a member, escaped as RFC 6901 wants it."""
    return f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}"
