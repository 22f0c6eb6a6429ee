"""The fields of a hub request as it stands, to draw a form from: those filled, those missing and those that may stay empty."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hubs.questions import Question, question
from hubs.schema.checking import below
from hubs.schema.shape import Schema, choices_of_names, is_object, narrowed, request_schema


@dataclass(frozen=True)
class Field:
    """One answer to ask for. `schema` is the narrowed schema of this value alone (type, enum, default, maxLength, items …)."""

    pointer: str
    schema: Schema
    required: bool
    value: Any
    question: Question


def fields(document: Mapping[str, Any], under: str = "") -> list[Field]:
    """Every field the document's kind, methods and operations call for, in the schema's order; lists of groups show the items there are, or one."""
    return [field for field in _fields(request_schema(), document, "", required=True) if field.pointer.startswith(under)]


def _fields(schema: Schema, value: Any, pointer: str, *, required: bool) -> Iterator[Field]:
    schema = narrowed(schema, value if value is not None else {} if required else None)
    items = schema.get("items")
    if schema.get("properties"):
        yield from _fields_of_object(schema, value if isinstance(value, Mapping) else {}, pointer, required=required)
    elif items and is_object(narrowed(items, {})):
        for index, item in enumerate(value if isinstance(value, list) and value else [{}]):
            yield from _fields(items, item, below(pointer, str(index)), required=required)
    else:
        yield Field(pointer, schema, required, value, question(pointer))


def _fields_of_object(schema: Schema, value: Mapping[str, Any], pointer: str, *, required: bool) -> Iterator[Field]:
    needed = set(schema.get("required", ()))
    for name, part in schema.get("properties", {}).items():
        if not _is_ruled_out(schema, value, name):
            yield from _fields(part, value.get(name), below(pointer, name), required=required and name in needed)


def _is_ruled_out(schema: Schema, value: Mapping[str, Any], name: str) -> bool:
    """A rival of this property has been chosen (a new cluster, say, instead of an existing one)."""
    for exclusive, groups in choices_of_names(schema):
        rivals = [group for group in groups if name not in group]
        mine = [group for group in groups if name in group]
        if exclusive and mine and rivals and name not in value and any(all(rival in value for rival in group) for group in rivals):
            return True
    return False
