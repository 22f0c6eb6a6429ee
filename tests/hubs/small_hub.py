"""A hub as JupyterHub answers, small enough to hold in the hand: its users by pages, its health, its version, its metrics."""

import json
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from urllib.parse import parse_qs

import httpx

PAGED = "application/jupyterhub-pagination+json"
Start = Callable[[str, list[tuple[str, str]]], Any]


def person(name: str, last_activity: str | None = None, *, admin: bool = False) -> dict[str, Any]:
    return {
        "kind": "user",
        "name": name,
        "admin": admin,
        "roles": ["user"],
        "groups": [],
        "server": None,
        "pending": None,
        "created": "2026-01-05T09:00:00.000000Z",
        "last_activity": last_activity,
        "servers": None,
    }


class SmallHub:
    """Serves WSGI. `old`: as before version 2, without pages. `broken`: a status to answer with. Keeps what it was asked.

    `slow`: seconds before it answers. `location`: where it redirects, with `broken` 302. `version`: what `/hub/api` tells.
    `metrics`: the text of `/hub/metrics`, which needs `metrics_token` where there is one.
    """

    def __init__(self, users: Sequence[dict[str, Any]] = (), *, token: str = "for-tests", largest: int = 200, old: bool = False) -> None:
        self.users, self.token, self.largest, self.old = list(users), token, largest, old
        self.broken = 0
        self.body: bytes | None = None
        self.asked: list[tuple[str, str, str]] = []
        self.slow = 0.0
        self.location = "http://elsewhere.example/"
        self.version: Any = "6.1.1"
        self.metrics = ""
        self.metrics_token = ""

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        self.asked.append((environ["PATH_INFO"], environ["QUERY_STRING"], environ.get("HTTP_AUTHORIZATION", "")))
        time.sleep(self.slow)
        status, answer = self._answer(environ)
        body = self.body if self.body is not None else answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
        start(f"{status} Status", [*headers, ("Location", self.location)] if status == 302 else headers)
        return [body]

    def _answer(self, environ: dict[str, Any]) -> tuple[int, Any]:
        if self.broken:
            return self.broken, {"status": self.broken, "message": "Something"}
        if environ["PATH_INFO"] in {"/hub/health", "/hub/api", "/hub/metrics"}:
            return self._open(environ["PATH_INFO"], environ.get("HTTP_AUTHORIZATION", ""))
        if environ["PATH_INFO"] != "/hub/api/users":
            return 404, {"status": 404, "message": "Not Found"}
        if environ.get("HTTP_AUTHORIZATION") != f"token {self.token}":
            return 403, {"status": 403, "message": "Missing or invalid credentials."}
        if self.old or environ.get("HTTP_ACCEPT") != PAGED:
            return 200, self.users
        return 200, self._page(parse_qs(environ["QUERY_STRING"]))

    def _open(self, path: str, authorization: str) -> tuple[int, Any]:
        """What anybody may read, but for metrics that ask for a token."""
        if path == "/hub/metrics":
            allowed = not self.metrics_token or authorization == f"token {self.metrics_token}"
            return (200, self.metrics) if allowed else (403, "Forbidden")
        return 200, {"version": self.version} if path == "/hub/api" else ""

    def _page(self, query: dict[str, list[str]]) -> dict[str, Any]:
        offset = int(query.get("offset", ["0"])[0])
        limit = min(int(query.get("limit", ["50"])[0]), self.largest)
        after = offset + limit
        following = {"offset": after, "limit": limit, "url": f"http://elsewhere.example/hub/api/users?offset={after}&limit={limit}"}
        return {
            "items": self.users[offset:after],
            "_pagination": {
                "offset": offset,
                "limit": limit,
                "total": len(self.users),
                "next": following if after < len(self.users) else None,
            },
        }


class Network(httpx.BaseTransport):
    """Several hubs by host; whoever is not on it cannot be reached, nor anybody while it is `cut`. Keeps whom it was asked for."""

    def __init__(self, **hubs: SmallHub) -> None:
        self.hubs = hubs
        self.cut = False
        self.asked: list[str] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        name = request.url.host.partition(".")[0].replace("-", "_")
        self.asked.append(name)
        if self.cut or name not in self.hubs:
            raise httpx.ConnectError("No route to host", request=request)
        return httpx.WSGITransport(app=self.hubs[name]).handle_request(request)
