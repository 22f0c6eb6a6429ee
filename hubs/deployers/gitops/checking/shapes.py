"""Schemas made ready for what they are held against, and what they find, by steps into the value."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _
from jsonschema import Draft7Validator, ValidationError
from jsonschema.exceptions import SchemaError, UnknownType
from referencing import Registry
from referencing.exceptions import Unresolvable

from hubs.clusters import at
from hubs.deployers.gitops.checking.looking import Layer, together, value_of
from hubs.notation import NotYAML, parsed

WHOLE_ONLY = {"required", "if", "then", "else", "oneOf", "anyOf", "allOf", "not", "minItems", "dependencies"}
PLACES_OF_SCHEMAS = ("properties", "patternProperties", "definitions", "$defs")
NOTHING_REMOTE: Registry[Any] = Registry()  # a schema that points elsewhere is not fetched: it is broken
NAMED_BY_HUBS = frozenset({"items", "additionalProperties", "patternProperties"})
LONGEST = 300

Shape = Callable[[Any], Any]


def _anything(_value: Any) -> bool:
    return True


@dataclass(frozen=True)
class Fault:
    """What a schema finds. Where something is absent, `missing` names it, and `is_met_by` tells whether another value has it.

    Of a thing that hubs name themselves (an item of a list, a choice) no chart knows what it does not say.
    """

    steps: tuple[str | int, ...]
    detail: str
    missing: str = ""
    is_named_by_hub: bool = False
    is_met_by: Callable[[Any], bool] = field(default=_anything, compare=False)


@lru_cache(maxsize=4096)
def faults_in_file(schema: str, shape: Shape, file: Layer, below: tuple[str, ...] = ()) -> tuple[Fault, ...]:
    """What a schema finds in one file, below these keys."""
    return _faults_in(schema, shape, at(value_of(file.text), *file.below, *below))


@lru_cache(maxsize=4096)
def faults_in_hub(schema: str, layers: tuple[Layer, ...], below: tuple[str, ...] = ()) -> tuple[Fault, ...]:
    """What a schema finds in the merged values of a hub, below these keys."""
    return _faults_in(schema, for_every_item, at(together(layers), *below))


@lru_cache(maxsize=32)
def validator(schema: str, shape: Shape) -> Draft7Validator:
    """The validator of a schema's text. Raises NotYAML."""
    return Draft7Validator(shape(parsed(schema)), registry=NOTHING_REMOTE)


def for_every_item(schema: Any) -> Any:
    """`items: [x]` checks the first item only; it is meant for each."""
    if isinstance(schema, Mapping):
        found = {key: for_every_item(part) for key, part in schema.items()}
        items = found.get("items")
        return {**found, "items": items[0]} if isinstance(items, list) and len(items) == 1 else found
    return [for_every_item(part) for part in schema] if isinstance(schema, list) else schema


def fragment(schema: Any) -> Any:
    """The schema for a file that says only part: nothing is required, and null takes something away."""
    if not isinstance(schema, Mapping):
        return schema
    found = {key: part for key, part in schema.items() if key not in WHOLE_ONLY}
    if "type" in found:
        kinds = found["type"] if isinstance(found["type"], list) else [found["type"]]
        found["type"] = [*kinds, "null"]
    if "enum" in found:
        found["enum"] = [*found["enum"], None]
    for place in PLACES_OF_SCHEMAS:
        if isinstance(found.get(place), Mapping):
            found[place] = {key: fragment(part) for key, part in found[place].items()}
    for place in ("items", "additionalProperties"):
        if isinstance(found.get(place), Mapping):
            found[place] = fragment(found[place])
    return found


def _faults_in(schema: str, shape: Shape, value: Any) -> tuple[Fault, ...]:
    if value is None:
        return ()
    try:
        held = validator(schema, shape)
        return tuple(dict.fromkeys(fault for error in held.iter_errors(value) for fault in _told(error, held)))
    except (NotYAML, Unresolvable) as error:
        return (_unusable(error),)
    except (UnknownType, TypeError, AttributeError, ValueError, re.error):
        broken = _what_is_wrong_with(schema)
        if broken is None:
            raise
        return (_unusable(broken),)


def _what_is_wrong_with(schema: str) -> SchemaError | None:
    """Why a schema could not be used. It is looked at only now, because that takes longer than all checks."""
    try:
        Draft7Validator.check_schema(parsed(schema))
    except SchemaError as error:
        return error
    return None


def _unusable(error: Exception) -> Fault:
    return Fault((), _("The schema cannot be used: %(error)s") % {"error": str(error).splitlines()[0][:LONGEST]})


def _told(error: ValidationError, held: Draft7Validator) -> Iterator[Fault]:
    steps = tuple(error.absolute_path)
    match error.validator:
        case "required":
            yield from (_absent(error, key, {"required": [key]}, held) for key in _missing(error))
        case "additionalProperties" if error.validator_value is False:
            yield from (Fault((*steps, key), _("This is not known here.")) for key in _unknown_keys(error))
        case "oneOf" | "anyOf":
            yield _of_alternatives(error, held)
        case _:
            yield Fault(steps, error.message[:LONGEST])


def _absent(error: ValidationError, key: str, rule: Mapping[str, Any], held: Draft7Validator) -> Fault:
    words = _("“%(key)s” is missing.") % {"key": key}
    is_named_by_hub = not NAMED_BY_HUBS.isdisjoint(map(str, error.absolute_schema_path))
    return Fault(tuple(error.absolute_path), words, key, is_named_by_hub, held.evolve(schema=rule).is_valid)


def _missing(error: ValidationError) -> list[str]:
    required: Any = error.validator_value
    value: Any = error.instance
    return [key for key in required if key not in value]


def _unknown_keys(error: ValidationError) -> list[str]:
    rule: Any = error.schema
    value: Any = error.instance
    patterns, named = rule.get("patternProperties", ()), rule.get("properties", {})
    return [key for key in value if key not in named and not any(re.search(pattern, key) for pattern in patterns)]


def _of_alternatives(error: ValidationError, held: Draft7Validator) -> Fault:
    """Of several ways to be right, the nearest; one that only something absent keeps from being right comes first."""
    ways: dict[Any, list[ValidationError]] = {}
    for reason in error.context or ():
        ways.setdefault(reason.schema_path[0], []).append(reason)
    if not ways:
        return Fault(tuple(error.absolute_path), _("This fits several descriptions of which only one may be meant."))
    absences = [reasons[0] for reasons in ways.values() if _is_absence(reasons, error)]
    if absences:
        nearest = max(absences, key=_likeness)
        return _absent(error, _missing(nearest)[0], {str(error.validator): error.validator_value}, held)
    reason = min(ways.values(), key=len)[0]
    return Fault(tuple(reason.absolute_path), reason.message[:LONGEST])


def _likeness(reason: ValidationError) -> tuple[int, int]:
    """How much of a way is there; of those of which nothing is, the one that says most comes first."""
    required: Any = reason.validator_value
    return (len(required) - len(_missing(reason)), len(required))


def _is_absence(reasons: Sequence[ValidationError], error: ValidationError) -> bool:
    return all(reason.validator == "required" and reason.absolute_path == error.absolute_path for reason in reasons)
