"""A request and an answer, freed of WSGI, and the ways an answer does not come."""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl


class Dropped(ConnectionError):
    """The connection breaks before an answer: whoever asked cannot know what happened."""


class TimedOut(Dropped):
    """The answer takes longer than anybody waits."""


@dataclass(frozen=True)
class Request:
    """What was asked."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    content: bytes = b""
    content_type: str = ""
    boundary: str = ""
    accept: str = ""
    authorization: str = ""
    host: str = ""

    @classmethod
    def read(cls, environ: Mapping[str, Any]) -> "Request":
        length = int(environ.get("CONTENT_LENGTH") or 0)
        content_type, boundary = _kind(environ.get("CONTENT_TYPE", ""))
        return cls(
            method=environ["REQUEST_METHOD"],
            path=environ.get("PATH_INFO", "/"),
            query=dict(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True)),
            content=environ["wsgi.input"].read(length) if length else b"",
            content_type=content_type,
            boundary=boundary,
            accept=environ.get("HTTP_ACCEPT", ""),
            authorization=environ.get("HTTP_AUTHORIZATION", ""),
            host=f"{environ.get('wsgi.url_scheme', 'http')}://{environ.get('HTTP_HOST', '127.0.0.1')}",
        )

    @property
    def user(self) -> str:
        return _user(self.authorization)

    def json(self) -> Any:
        """The body; raises ValueError."""
        return json.loads(self.content or b"{}")


@dataclass(frozen=True)
class Answer:
    """What is said back; `payload` None is an empty body."""

    status: int = 200
    payload: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json; charset=utf-8"
    credits: float = 1.0
    breaks: bool = False  # in the middle of the body

    @property
    def status_line(self) -> str:
        return f"{self.status} {HTTPStatus(self.status).phrase}"

    def content(self) -> bytes:
        if self.payload is None:
            return b""
        if isinstance(self.payload, str):
            return self.payload.encode()
        if isinstance(self.payload, bytes):
            return self.payload
        return json.dumps(self.payload).encode()


class Refusal(Exception):
    """An answer other than success."""

    def __init__(self, status: int, payload: Any = None) -> None:
        super().__init__(status, payload)
        self.answer = Answer(status, payload)


def _kind(header: str) -> tuple[str, str]:
    """The media type, and the boundary between the parts of a form."""
    message = Message()
    message["content-type"] = header or "application/octet-stream"
    return (message.get_content_type() if header else "", str(message.get_boundary() or ""))


def _user(authorization: str) -> str:
    scheme, _, secret = authorization.partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(secret).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return ""
