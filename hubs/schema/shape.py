"""The schema of a hub request, narrowed to the value in hand by its discriminators (kind, method, op, action), never by plain oneOf.

A plain `oneOf` can only say "not valid under any of the given schemas"; knowing the branch first lets every message name its field.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

Schema = Mapping[str, Any]
Groups = Sequence[Sequence[str]]

SCHEMA_FILE = Path(__file__).resolve().parent.parent / "hub_request.schema.json"


@cache
def request_schema() -> Schema:
    """The JSON Schema (2020-12) of a hub request."""
    schema: Schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    return schema


def narrowed(schema: Schema, value: object) -> Schema:
    """`schema` without references, conditions and branches: the one shape that `value` has chosen."""
    schema = _resolved(schema)
    facts = value if isinstance(value, Mapping) else {}
    if "allOf" in schema:
        schema = _with_conditions(schema, facts)
    if "oneOf" in schema and not _is_choice_of_names(schema["oneOf"]):
        schema = _with_branch(schema, value)
    return schema


def choices_of_names(schema: Schema) -> Iterator[tuple[bool, Groups]]:
    """Groups of properties of which one must be there: (only one of them may, the groups)."""
    for keyword, exclusive in (("oneOf", True), ("anyOf", False)):
        branches = schema.get(keyword, ())
        if branches and _is_choice_of_names(branches):
            yield exclusive, [branch["required"] for branch in branches]


def is_object(schema: Schema) -> bool:
    """Does this shape hold named properties?"""
    return schema.get("type") == "object" or "properties" in schema


def _resolved(schema: Schema) -> Schema:
    while "$ref" in schema:
        name = schema["$ref"].removeprefix("#/$defs/")
        schema = {**request_schema()["$defs"][name], **{key: value for key, value in schema.items() if key != "$ref"}}
    return schema


def _is_choice_of_names(branches: Sequence[Schema]) -> bool:
    return all(set(branch) == {"required"} for branch in branches)


def _with_conditions(schema: Schema, facts: Mapping[str, Any]) -> Schema:
    """The base properties and those of the `then` whose `if` holds; closed only once a kind is known."""
    plain = {key: value for key, value in schema.items() if key not in {"allOf", "unevaluatedProperties"}}
    for clause in schema["allOf"]:
        if _holds(clause["if"], facts):
            then = clause["then"]
            merged = {"properties": {**plain["properties"], **then["properties"]}, "required": [*plain["required"], *then["required"]]}
            return {**plain, **then, **merged, "additionalProperties": False}
    return plain


def _holds(condition: Schema, facts: Mapping[str, Any]) -> bool:
    return all(facts.get(key) == rule["const"] for key, rule in condition["properties"].items())


def _with_branch(schema: Schema, value: object) -> Schema:
    rest = {key: part for key, part in schema.items() if key != "oneOf"}
    branches = [_resolved(branch) for branch in schema["oneOf"]]
    key = _discriminator(branches)
    if key is None:
        return {**rest, **_branch_by_type(branches, value)}
    chosen = value.get(key) if isinstance(value, Mapping) else None
    known = {"enum": [constant for branch in branches for constant in _constants(branch["properties"][key])]}
    for branch in branches:
        if chosen in _constants(branch["properties"][key]):
            return {**rest, **branch, "properties": {**branch["properties"], key: known}}
    return {**rest, "type": "object", "required": [key], "properties": {key: known}}


def _discriminator(branches: Sequence[Schema]) -> str | None:
    common = set.intersection(*({key for key, rule in branch.get("properties", {}).items() if _constants(rule)} for branch in branches))
    return min(common) if common else None


def _constants(rule: Schema) -> list[Any]:
    return [rule["const"]] if "const" in rule else list(rule.get("enum", []))


def _branch_by_type(branches: Sequence[Schema], value: object) -> Schema:
    wanted = [branch for branch in branches if is_object(branch) == isinstance(value, Mapping)]
    return wanted[0] if wanted else branches[0]
