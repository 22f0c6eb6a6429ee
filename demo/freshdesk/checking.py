"""How Freshdesk refuses a request: unknown keys, missing ones, the wrong type, a value taken."""

from collections.abc import Mapping
from typing import Any, NoReturn

from demo.freshdesk import multipart
from demo.freshdesk.clock import parse, stamp
from demo.freshdesk.exchange import Refusal, Request

Fields = Mapping[str, type | tuple[type, ...]]


def refuse(field: str, message: str, code: str, *, status: int = 400, **more: Any) -> NoReturn:
    """Say no to one field."""
    raise Refusal(status, {"description": "Validation failed", "errors": [{"field": field, **more, "message": message, "code": code}]})


def body(request: Request, fields: Fields, *, required: tuple[str, ...] = (), files: bool = False) -> dict[str, Any]:
    """The request's object, once it holds only known keys of the right type; with `files` it may be a form whose `attachments` are uploads."""
    known: Fields = {**fields, "attachments": list} if files else fields
    given = _form(request, known) if files and request.content_type == "multipart/form-data" else _json(request)
    errors = [*_unknown(given, known), *_missing(given, required), *_mismatched(given, known), *_no_files(given)]
    if errors:
        raise Refusal(400, {"description": "Validation failed", "errors": errors})
    return given


def _json(request: Request) -> dict[str, Any]:
    if request.content and request.content_type != "application/json":
        raise Refusal(
            415,
            {
                "code": "invalid_content_type",
                "message": f"Content-Type header is set to {request.content_type}. It should be set to application/json",
            },
        )
    try:
        given = request.json()
    except ValueError:
        given = None
    if not isinstance(given, dict):
        raise Refusal(400, {"code": "invalid_json", "message": "Request body has invalid json format"})
    return given


def _form(request: Request, fields: Fields) -> dict[str, Any]:
    try:
        return multipart.read(request, fields)
    except ValueError:
        raise Refusal(400, {"code": "invalid_json", "message": "Request body has invalid multipart format"}) from None


def within(given: Any, name: str, fields: Fields, *, required: tuple[str, ...] = ()) -> dict[str, Any]:
    """An object inside the body, once it too holds only known keys of the right type; nothing is an empty one."""
    inner = given.get(name) or {}
    if not isinstance(inner, dict):
        refuse(name, f"Value set is of type {type(inner).__name__}.", "datatype_mismatch")
    errors = [*_unknown(inner, fields), *(_missing(inner, required) if inner else []), *_mismatched(inner, fields)]
    if errors:
        raise Refusal(400, {"description": "Validation failed", "errors": errors})
    return inner


def strings(given: Mapping[str, Any], name: str) -> list[str]:
    """A list of words, maybe empty."""
    words: list[str] = given.get(name) or []
    if not all(isinstance(word, str) for word in words):
        refuse(name, "It should contain elements of type String only", "datatype_mismatch")
    return words


def query(request: Request, known: tuple[str, ...]) -> Mapping[str, str]:
    """The query's parameters, once they are all known."""
    errors = _unknown(request.query, dict.fromkeys(known, str))
    if errors:
        raise Refusal(400, {"description": "Validation failed", "errors": errors})
    return request.query


def choice(name: str, value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        refuse(name, f"It should be one of these values: '{','.join(allowed)}'", "invalid_value")
    return value


def moment(name: str, text: str) -> str:
    """A time somebody asked for, as it is kept."""
    try:
        return stamp(parse(text))
    except ValueError:
        refuse(name, "Value set is not a valid date-time", "invalid_value")


def number(name: str, text: str) -> int:
    if not text.isdigit():
        refuse(name, "It should be a Positive Integer", "datatype_mismatch")
    return int(text)


def identifiers(given: Mapping[str, Any], name: str) -> list[int]:
    """A list of ids, and at least one."""
    ids = given.get(name)
    if not isinstance(ids, list) or not ids or not all(type(one) is int for one in ids):
        refuse(name, "It should contain elements of type Positive Integer only", "datatype_mismatch")
    return ids


def _unknown(given: Mapping[str, Any], fields: Fields) -> list[dict[str, str]]:
    return [
        {"field": name, "message": "Unexpected/invalid field in request", "code": "invalid_field"} for name in given if name not in fields
    ]


def _missing(given: Mapping[str, Any], required: tuple[str, ...]) -> list[dict[str, str]]:
    return [
        {"field": name, "message": "Mandatory attribute missing", "code": "missing_field"}
        for name in required
        if given.get(name) in (None, "")
    ]


def _mismatched(given: Mapping[str, Any], fields: Fields) -> list[dict[str, str]]:
    wrong = [name for name, value in given.items() if name in fields and value is not None and not _is(value, fields[name])]
    return [
        {"field": name, "message": f"Value set is of type {type(given[name]).__name__}.", "code": "datatype_mismatch"} for name in wrong
    ]


def _no_files(given: Mapping[str, Any]) -> list[dict[str, str]]:
    """Words where files belong, in JSON always, and files without a byte."""
    uploads = given.get("attachments") if isinstance(given.get("attachments"), list) else []
    if all(isinstance(one, multipart.Upload) and one.content for one in uploads or ()):
        return []
    message = "It should contain elements of type valid file format only"
    return [{"field": "attachments", "message": message, "code": "datatype_mismatch"}]


def _is(value: Any, wanted: type | tuple[type, ...]) -> bool:
    if isinstance(value, bool):
        return wanted is bool
    return isinstance(value, wanted)
