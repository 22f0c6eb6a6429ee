"""What is asked and answered over WSGI, and refusals as problem details (RFC 9457)."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from ground import documents
from ground.errors import Rejected, Unavailable
from hubs.deployers.redaction import without_secrets

LARGEST = 1024 * 1024
PROBLEM = "urn:deployer:problem:"
CODES = frozenset(
    {
        "invalid-request",
        "plan-changed",
        "name-taken",
        "hub-busy",
        "not-cancellable",
        "idempotency-key-reused",
        "idempotency-key-in-use",
        "unknown-cluster",
        "unknown-hub",
        "unsupported-kind",
    }
)
BY_STATUS = {
    401: "unauthorised",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    409: "conflict",
    413: "too-large",
    415: "unsupported-media-type",
    429: "rate-limited",
    500: "internal-error",
    503: "upstream-unavailable",
}


@dataclass(frozen=True)
class Request:
    """What was asked; names of headers in lower case, `kind` without parameters."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = b""
    kind: str = ""

    def json(self) -> dict[str, Any]:
        """The body as an object. Rejected 415 when it says that it is no JSON, 422 when it is no object."""
        if self.body and self.kind != "application/json":
            raise Rejected("Send the body as application/json.", status=415)
        try:
            found = documents.read(self.body)
        except documents.Unreadable:
            found = None
        if not isinstance(found, dict):
            raise unsound("", "type", "The body is a JSON object.")
        return found

    def number(self, name: str, *, default: int, least: int = 0, most: int = 2**53) -> int:
        """A number of the query. Rejected 422 when it is none, or out of bounds."""
        text = self.query.get(name, str(default))
        if not (text.isascii() and text.isdigit() and len(text) < 17 and least <= int(text) <= most):
            raise unsound("", name, f"“{name}” is a number from {least} to {most}.")
        return int(text)


@dataclass(frozen=True)
class Answer:
    """What is answered. A body that is not bytes goes on, part by part."""

    status: int
    body: bytes | Iterable[bytes] = b""
    kind: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


def read_request(environ: Mapping[str, Any]) -> Request:
    """The request of a WSGI environment. Rejected 413 when its body is larger than any order."""
    headers = {
        name.removeprefix("HTTP_").replace("_", "-").lower(): str(value) for name, value in environ.items() if name.startswith("HTTP_")
    }
    path = str(environ.get("PATH_INFO", "")).encode("latin-1").decode("utf-8", "replace")
    kind = str(environ.get("CONTENT_TYPE", "")).partition(";")[0].strip().lower()
    return Request(str(environ["REQUEST_METHOD"]), path, _query(environ), headers, _body(environ), kind)


def _query(environ: Mapping[str, Any]) -> dict[str, str]:
    try:
        return dict(parse_qsl(str(environ.get("QUERY_STRING", "")), keep_blank_values=True, max_num_fields=50))
    except ValueError as error:
        raise unsound("", "query", "No question has more than fifty parts.") from error


def _body(environ: Mapping[str, Any]) -> bytes:
    told = str(environ.get("CONTENT_LENGTH") or "0")
    size = int(told) if told.isascii() and told.isdigit() and len(told) < 12 else LARGEST + 1
    if environ.get("wsgi.input_terminated"):
        size = min(size, LARGEST + 1) or LARGEST + 1
    if size > LARGEST and not environ.get("wsgi.input_terminated"):
        raise Rejected("The body is larger than a megabyte.", status=413)
    found: bytes = environ["wsgi.input"].read(size) if size else b""
    if len(found) > LARGEST:
        raise Rejected("The body is larger than a megabyte.", status=413)
    return found


def told(document: Any, *, status: int = 200, headers: Mapping[str, str] | None = None, kind: str = "application/json") -> Answer:
    """A document."""
    return Answer(status, json.dumps(document, ensure_ascii=False).encode(), kind, headers or {})


def tagged(request: Request, document: Any, *, headers: Mapping[str, str] | None = None, kind: str = "application/json") -> Answer:
    """A document with its tag; 304 to whoever has it already."""
    answer = told(document, headers=headers, kind=kind)
    tag = f'"{hashlib.sha256(bytes(answer.body)).hexdigest()[:32]}"'  # type: ignore[arg-type]  # a document's body is bytes
    more = {**answer.headers, "ETag": tag}
    given = [each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")]
    return Answer(304, b"", "", more) if tag in given or "*" in given else Answer(200, answer.body, kind, more)


class NotAllowed(Rejected):
    """Something is there, for other methods."""

    def __init__(self, *methods: str) -> None:
        super().__init__(f"Here one may {' and '.join(methods)}.", status=405)
        self.methods = methods


def problem(error: Exception) -> Answer:
    """A refusal as problem details; of what nobody foresaw nothing is told."""
    if isinstance(error, Unavailable):
        return _problem(503, "upstream-unavailable", str(error), retryable=True, headers={"Retry-After": str(int(error.retry_after or 5))})
    if not isinstance(error, Rejected):
        return _problem(500, "internal-error", "Something went wrong here; it is written down.", retryable=True)
    status = error.status if 400 <= error.status < 500 else 422
    code = next((name for name in (error.code, *(each.get("code", "") for each in error.errors)) if name in CODES), "")
    return _problem(
        status, code or BY_STATUS.get(status, "invalid-request"), str(error), errors=error.errors, headers=_what_next(error, status, code)
    )


def _what_next(error: Rejected, status: int, code: str) -> dict[str, str]:
    """What HTTP has headers for: how to sign in, which methods there are, when to come again."""
    if isinstance(error, NotAllowed):
        return {"Allow": ", ".join(error.methods)}
    if status == 401:
        return {"WWW-Authenticate": "Bearer"}
    return {"Retry-After": "1"} if code == "idempotency-key-in-use" else {}


def unsound(pointer: str, code: str, detail: str) -> Rejected:
    """A request that cannot be taken as it is, because of what stands there."""
    return Rejected(detail, status=422, errors=[{"pointer": pointer, "code": code, "detail": detail}], code="invalid-request")


def _problem(
    status: int,
    code: str,
    detail: str,
    *,
    errors: Iterable[Mapping[str, Any]] = (),
    retryable: bool = False,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    document: dict[str, Any] = {"type": PROBLEM + code, "title": HTTPStatus(status).phrase, "status": status, "retryable": retryable}
    document["detail"] = without_secrets(detail)
    if entries := [_entry(each) for each in errors]:
        document["errors"] = entries
    return told(document, status=status, headers=headers, kind="application/problem+json")


def _entry(given: Mapping[str, Any]) -> dict[str, Any]:
    entry = {name: without_secrets(str(given.get(name, ""))) for name in ("pointer", "code", "detail")}
    return {**entry, **({"allowed": list(given["allowed"])} if given.get("allowed") else {})}
