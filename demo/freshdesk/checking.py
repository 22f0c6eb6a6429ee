"""How Freshdesk refuses a request: unknown keys, missing ones, the wrong type, a value taken."""

from collections.abc import Mapping
from typing import Any, NoReturn

from demo.freshdesk.exchange import Refusal, Request

Fields = Mapping[str, type | tuple[type, ...]]


def refuse(field: str, message: str, code: str, *, status: int = 400, **more: Any) -> NoReturn:
    """Say no to one field."""
    raise Refusal(status, {"description": "Validation failed", "errors": [{"field": field, **more, "message": message, "code": code}]})


def body(request: Request, fields: Fields, *, required: tuple[str, ...] = ()) -> dict[str, Any]:
    """The request's JSON object, once it holds only known keys of the right type."""
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
        raise Refusal(400, {"code": "invalid_json", "message": "Request body has invalid json format"}) from None
    if not isinstance(given, dict):
        raise Refusal(400, {"code": "invalid_json", "message": "Request body has invalid json format"})
    errors = [*_unknown(given, fields), *_missing(given, required), *_mismatched(given, fields)]
    if errors:
        raise Refusal(400, {"description": "Validation failed", "errors": errors})
    return given


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


def _unknown(given: Mapping[str, Any], fields: Fields) -> list[dict[str, str]]:
    return [
        {"field": name, "message": "Unexpected/invalid field in request", "code": "invalid_field"} for name in given if name not in fields
    ]


def _missing(given: Mapping[str, Any], required: tuple[str, ...]) -> list[dict[str, str]]:
    return [
        {"field": name, "message": "Mandatory attribute missing", "code": "missing_field"}
        for name in required
        if given.get(name) in {None, ""}
    ]


def _mismatched(given: Mapping[str, Any], fields: Fields) -> list[dict[str, str]]:
    wrong = [name for name, value in given.items() if name in fields and value is not None and not _is(value, fields[name])]
    return [
        {"field": name, "message": f"Value set is of type {type(given[name]).__name__}.", "code": "datatype_mismatch"} for name in wrong
    ]


def _is(value: Any, wanted: type | tuple[type, ...]) -> bool:
    if isinstance(value, bool):
        return wanted is bool
    return isinstance(value, wanted)
