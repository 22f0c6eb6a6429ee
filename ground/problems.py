"""Errors of the API as problem details (RFC 9457), naming the field."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from ground.states import WrongState

CONTENT_TYPE = "application/problem+json"


class Conflict(exceptions.APIException):
    """What was asked rests on something that has changed; `extra` says what."""

    status_code = 409
    default_code = "conflict"

    def __init__(self, detail: str, *, code: str = "conflict", **extra: Any) -> None:
        super().__init__(detail, code)
        self.extra = extra


class Unprocessable(exceptions.APIException):
    """The document was read and cannot be carried out; `errors` has one entry a field, with a JSON pointer."""

    status_code = 422
    default_code = "invalid-request"

    def __init__(self, detail: str, *, errors: list[dict[str, Any]], code: str = "invalid-request") -> None:
        super().__init__(detail, code)
        self.extra = {"errors": errors}


def as_problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler of this site."""
    if isinstance(error, WrongState):
        error = Conflict(_("This is not possible in the state it is in now."), code="wrong-state")
    response = exception_handler(error, context)
    if response is None:
        return None
    response.data = problem(error, response)
    response.content_type = CONTENT_TYPE
    return response


def problem(error: Exception, response: Response) -> dict[str, Any]:
    """The problem document: type, title, status, detail, and `errors` for a form."""
    code = _code(error)
    document: dict[str, Any] = {"type": f"urn:hubdesk:problem:{code}", "title": response.status_text, "status": response.status_code}
    if isinstance(error, exceptions.ValidationError):
        errors = list(_pointers(error.get_full_details(), ""))
        return document | {"detail": "; ".join(entry["detail"] for entry in errors), "errors": errors}
    return document | {"detail": str(getattr(error, "detail", response.status_text))} | getattr(error, "extra", {})


def _code(error: Exception) -> str:
    match error:
        case Http404():
            return "not-found"
        case PermissionDenied():
            return "forbidden"
        case exceptions.ValidationError():
            return "invalid-request"
        case exceptions.APIException():
            codes = error.get_codes()
            return str(codes).replace("_", "-") if isinstance(codes, str) else error.default_code
    return "error"


def _pointers(details: Any, pointer: str) -> Iterator[dict[str, str]]:
    """Every message with the JSON pointer of its field."""
    match details:
        case {"message": message, "code": code}:
            yield {"pointer": pointer, "code": str(code), "detail": str(message)}
        case dict():
            for name, inner in details.items():
                yield from _pointers(inner, pointer if name == "non_field_errors" else f"{pointer}/{name}")
        case list():
            for index, inner in enumerate(details):
                nested = isinstance(inner, dict) and "message" not in inner
                yield from _pointers(inner, f"{pointer}/{index}" if nested else pointer)
