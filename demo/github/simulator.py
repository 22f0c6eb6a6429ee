"""The WSGI application: the API, an issue's page with a button that closes it, and the rehearsal's door under /_control/."""

import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from demo.github import code_table, pages, routes
from demo.github.bells import Bells
from demo.github.code import Code
from demo.github.exchange import Answer, Dropped, Request, TimedOut
from demo.github.faults import DOES_IT_FIRST, Fault, Faults
from demo.github.store import Issue, Store, utc_now

BAD_CREDENTIALS = Answer(401, {"message": "Bad credentials"})
AN_HOUR = 5000
ENTERPRISE = "/api/v3"
WEB = "https://github.test"


class Simulator:
    """Some repositories of one GitHub, as an application any WSGI server or httpx's WSGITransport can call. `code`: where it keeps their git."""

    def __init__(
        self,
        *repositories: str,
        file: Path | None = None,
        code: Path | None = None,
        token: str = "demo-token",  # noqa: S107  of a simulator
        webhook_url: str = "",
        webhook_secret: str = "",
        webhook_transport: httpx.BaseTransport | None = None,
        now: Callable[[], datetime] | None = None,
    ) -> None:
        self.store = Store(file, now or utc_now)
        for repository in repositories:
            self.store.open(repository)
        self.token, self.faults = token, Faults()
        self.seen: list[Request] = []
        self.used = 0
        self.bells = Bells(webhook_url, webhook_secret, webhook_transport)
        self._folder, self._code = code, dict[str, Code]()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        answer = self.answer(Request.read(environ))
        start_response(answer.status_line, [("content-type", answer.content_type), *answer.headers.items()])
        return [answer.content()]

    def answer(self, request: Request) -> Answer:
        request = replace(request, path=request.path.removeprefix(ENTERPRISE))
        if not request.path.startswith(("/repos/", "/app/")):
            return pages.answer(self, request)
        self.seen.append(request)
        fault = self.faults.strike(request)
        try:
            return self._struck(fault, request) if fault else self._counted(self._true(request))
        finally:
            self.bells.tell()

    def code(self, repository: str) -> Code | None:
        """A repository's code, made with its first use; none where the simulator has no folder for it."""
        if repository not in self._code and self._folder is not None and repository in self.store.repositories:
            self._code[repository] = Code(repository, self._folder / f"{repository}.git", self.store, self.bells, host=WEB)
        return self._code.get(repository)

    def close(self, repository: str, number: int, *, reason: str = "completed") -> Issue:
        """An engineer closes an issue."""
        return self.change(repository, number, state="closed", state_reason=reason)

    def change(self, repository: str, number: int, **values: Any) -> Issue:
        """An engineer changes an issue, and whoever listens is told."""
        issue = self.store.find(repository, number)
        if issue is None:
            raise LookupError(f"{repository}#{number}")
        self.store.change(issue, **values)
        self.bells.ring("issues", repository, action="edited", issue=issue)
        self.bells.tell()
        return issue

    def _true(self, request: Request) -> Answer:
        is_proof = request.path.endswith(("/installation", "/access_tokens"))
        if not request.bearer or (not is_proof and request.bearer != self.token and not request.bearer.startswith("ghs_")):
            return BAD_CREDENTIALS
        with self.store.lock:
            said = code_table.answer(self.code, request) or routes.answer(self.store, request)
        if request.method == "GET" and said.status == 200 and "etag" not in said.headers:
            return routes.with_etag(request, said.payload, said.headers)
        return said

    def _struck(self, fault: Fault, request: Request) -> Answer:
        if fault.kind in DOES_IT_FIRST:
            self._true(request)
        if fault.kind == "timeout":
            raise TimedOut
        if fault.kind in {"drop", "down"}:
            raise Dropped
        return fault.answer(reset=int(time.time()) + fault.seconds)

    def _counted(self, answer: Answer) -> Answer:
        """A 304 is free."""
        self.used += answer.status != 304
        left = {"x-ratelimit-limit": str(AN_HOUR), "x-ratelimit-remaining": str(max(AN_HOUR - self.used, 0))}
        return Answer(answer.status, answer.payload, {**left, "x-ratelimit-reset": str(int(time.time()) + 3600), **answer.headers})
