"""A request and an answer, freed of WSGI, and the ways an answer does not come."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
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
    authorization: str = ""
    etag: str = ""
    host: str = ""

    @classmethod
    def read(cls, environ: Mapping[str, Any]) -> "Request":
        length = int(environ.get("CONTENT_LENGTH") or 0)
        return cls(
            method=environ["REQUEST_METHOD"],
            path=environ.get("PATH_INFO", "/"),
            query=dict(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True)),
            content=environ["wsgi.input"].read(length) if length else b"",
            authorization=environ.get("HTTP_AUTHORIZATION", ""),
            etag=environ.get("HTTP_IF_NONE_MATCH", ""),
            host=f"{environ.get('wsgi.url_scheme', 'http')}://{environ.get('HTTP_HOST', '127.0.0.1')}",
        )

    def json(self) -> Any:
        """The body; raises ValueError."""
        return json.loads(self.content or b"{}")

    @property
    def bearer(self) -> str:
        scheme, _, token = self.authorization.partition(" ")
        return token if scheme.lower() == "bearer" else ""


@dataclass(frozen=True)
class Answer:
    """What is said back; `payload` None is an empty body, words are HTML."""

    status: int = 200
    payload: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def status_line(self) -> str:
        return f"{self.status} {HTTPStatus(self.status).phrase}"

    @property
    def content_type(self) -> str:
        return "text/html; charset=utf-8" if isinstance(self.payload, str) else "application/json; charset=utf-8"

    def content(self) -> bytes:
        if self.payload is None:
            return b""
        return self.payload.encode() if isinstance(self.payload, str) else json.dumps(self.payload).encode()
