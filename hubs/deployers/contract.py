"""The deployer API as it is written down in deployer-api.yaml: what each document has to look like, for whoever sends or gets one."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, cast

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError, best_match
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012
from ruamel.yaml import YAML

from hubs.schema import request_schema

FILE = Path(__file__).resolve().parent.parent / "deployer-api.yaml"
AT = "file:///deployer-api.yaml"
FORMATS = FormatChecker(formats=("date-time",))  # addresses are looked at where they would be followed
NAMED = "#/components/schemas/"
CODES = {"additionalProperties": "unknown", "enum": "not-in-enum"}  # as errors in a request are called, too


@cache
def api() -> Mapping[str, Any]:
    """The whole description."""
    described: Mapping[str, Any] = YAML(typ="safe", pure=True).load(FILE.read_text(encoding="utf-8"))
    return described


def validator(pointer: str, *, formats: FormatChecker = FORMATS) -> Draft202012Validator:
    """A validator of the schema at that pointer of the description, such as `#/components/schemas/Plan`."""
    return Draft202012Validator({"$ref": AT + pointer}, registry=_registry(), format_checker=formats)


def complaint(name: str, document: object) -> str:
    """What is wrong with a document that should be a `Plan`, a `Deployment` …, without repeating any of it; blank when nothing is."""
    found = best_match(_named(name).iter_errors(document))
    return f"/{'/'.join(map(str, found.absolute_path))} breaks “{found.validator}”" if found else ""


def complaints(name: str, document: object) -> list[dict[str, Any]]:
    """The same as entries of problem details, one a place."""
    return wrongs(NAMED + name, document)


def wrongs(pointer: str, document: object) -> list[dict[str, Any]]:
    """The same by the pointer of a schema."""
    entries = {entry["pointer"]: entry for error in _at(pointer).iter_errors(document) for entry in _entries(error)}
    return [entries[pointer] for pointer in sorted(entries)]


def _entries(error: ValidationError) -> list[dict[str, Any]]:
    """What stands at each place that is wrong; members that are absent or surplus are pointed at by their own names."""
    here = [str(step) for step in error.absolute_path]
    asked, schema, found = cast("Any", error.validator_value), cast("Any", error.schema), cast("Any", error.instance)
    code = CODES.get(str(error.validator), str(error.validator))
    match code:
        case "required":
            absent = [name for name in asked if name not in found]
            return [{"pointer": _pointer(*here, name), "code": code, "detail": f"“{name}” is needed."} for name in absent]
        case "unknown":
            known = sorted(schema["properties"])
            surplus = [name for name in found if name not in known]
            return [
                {"pointer": _pointer(*here, name), "code": code, "detail": "There is no such field.", "allowed": known} for name in surplus
            ]
        case "not-in-enum":
            return [{"pointer": _pointer(*here), "code": code, "detail": "It is not one of those allowed.", "allowed": list(asked)}]
    return [{"pointer": _pointer(*here), "code": code, "detail": error.message[:300]}]


def _named(name: str) -> Draft202012Validator:
    return _at(NAMED + name)


@cache
def _at(pointer: str) -> Draft202012Validator:
    return validator(pointer)


def _pointer(*steps: str) -> str:
    return "".join(f"/{step.replace('~', '~0').replace('/', '~1')}" for step in steps)


@cache
def _registry() -> Registry[Any]:
    described: Resource[Any] = Resource.from_contents(api(), default_specification=DRAFT202012)
    request: Resource[Any] = Resource.from_contents(dict(request_schema()), default_specification=DRAFT202012)
    return Registry().with_resources([(AT, described), ("file:///hub_request.schema.json", request)])
