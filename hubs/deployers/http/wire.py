"""One call to a deployer API, and what its answers mean. The token goes into one header and into no message."""

import json
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any

import httpx

from ground import documents
from ground.errors import Rejected, Unavailable
from hubs.deployers import contract

TIMEOUT = httpx.Timeout(30, connect=5)
LONGEST_CALL = 60.0  # seconds, however slowly the answer drips
LARGEST = 8 * 1024 * 1024
LONGEST_WORDS = 2000
LONGEST_WAIT = 3600.0
NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
NOT_NOW = {408, 425, 429, 503}  # it says itself that it did nothing
PROBLEM = "urn:deployer:problem:"
STILL_TAKEN = "idempotency-key-in-use"


@dataclass(frozen=True)
class Answer:
    """What came back: 2xx, or 304 where it was asked for."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


class Wire:
    """Calls below one base address, with one token. Redirects are not followed, so the token goes nowhere else."""

    def __init__(self, base: httpx.URL, token: str, *, transport: httpx.BaseTransport | None = None) -> None:
        self.base, self._token, self._transport = base, token, transport

    def call(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """The answer. Raises Unavailable (with `outcome_unknown` where a change may have been made all the same) or Rejected."""
        is_change = method != "GET"
        try:
            answer = self._exchange(method, path, body, params, headers)
        except NEVER_SENT as error:
            raise Unavailable(f"{self.base.host} cannot be reached: {type(error).__name__}") from error
        except httpx.RequestError as error:
            raise Unavailable(f"{self.base.host} did not answer: {type(error).__name__}", outcome_unknown=is_change) from error
        self._refuse(answer, is_change=is_change)
        return answer

    def _exchange(self, method: str, path: str, body: Any, params: Mapping[str, Any] | None, headers: Mapping[str, str] | None) -> Answer:
        content = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        sent = {"Accept": "application/json, application/problem+json", "User-Agent": "hubdesk", **(headers or {})}
        if content is not None:
            sent["Content-Type"] = "application/json"
        if self._token:
            sent["Authorization"] = f"Bearer {self._token}"
        with (
            httpx.Client(timeout=TIMEOUT, transport=self._transport, follow_redirects=False, verify=_trusted()) as client,
            client.stream(method, self.base.join(path), content=content, params=params, headers=sent) as response,
        ):
            return Answer(response.status_code, response.headers, self._read(response, is_change=method != "GET"))

    def _read(self, response: httpx.Response, *, is_change: bool) -> bytes:
        """The body, unless it is larger or slower than any answer should be."""
        until = time.monotonic() + LONGEST_CALL
        parts, size = [], 0
        for part in response.iter_bytes():
            parts.append(part)
            size += len(part)
            if size > LARGEST or time.monotonic() > until:
                raise Unavailable(f"{self.base.host} answers without end", outcome_unknown=is_change)
        return b"".join(parts)

    def _refuse(self, answer: Answer, *, is_change: bool) -> None:
        status = answer.status
        if 200 <= status < 300 or status == 304:
            return
        problem = _problem(answer) if 400 <= status < 500 else {}
        if status == 401:
            raise Unavailable(f"{self.base.host} does not accept DEPLOYER_TOKEN")  # an operator puts it right; what waits, waits
        if status in NOT_NOW or _code(problem) == STILL_TAKEN:
            raise Unavailable(f"{self.base.host} answered {status}", retry_after=retry_after(answer.headers))
        if not problem:  # a proxy, a page to sign in at, another service: whoever answered, it was no deployer
            raise Unavailable(
                f"{self.base.host} answered {status}, which is no answer of a deployer", outcome_unknown=is_change and status >= 500
            )
        raise _rejected(problem, status)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds until the next try, as the answer asks for; never more than an hour."""
    told = headers.get("retry-after", "").strip()
    if told.isascii() and told.isdigit() and len(told) < 10:
        return min(float(told), LONGEST_WAIT)
    try:
        return min(max((parsedate_to_datetime(told) - datetime.now(UTC)).total_seconds(), 0.0), LONGEST_WAIT)
    except (ValueError, TypeError):
        return None


def _problem(answer: Answer) -> dict[str, Any]:
    """The problem details of a refusal; empty when it has none."""
    try:
        found = documents.read(answer.body)
    except documents.Unreadable:
        return {}
    return {} if contract.complaint("Problem", found) else found


def _code(problem: Mapping[str, Any]) -> str:
    return str(problem.get("type", "")).removeprefix(PROBLEM)[:60]


def _rejected(problem: Mapping[str, Any], status: int) -> Rejected:
    """A refusal with one entry a field; with its own code where it names no field."""
    code, words = _code(problem), _words(problem.get("detail") or problem["title"])
    told = [_entry(each) for each in problem.get("errors", [])[:200]]
    return Rejected(words, status=status, errors=told or [{"pointer": "", "code": code, "detail": words}], code=code)


def _entry(told: Mapping[str, Any]) -> dict[str, Any]:
    entry: dict[str, Any] = {name: _words(told[name]) for name in ("pointer", "code", "detail")}
    return entry | ({"allowed": told["allowed"][:200]} if told.get("allowed") else {})


def _words(text: str) -> str:
    return text.replace("\x00", "").encode("utf-8", "replace").decode()[:LONGEST_WORDS]


@cache
def _trusted() -> ssl.SSLContext:
    """The authorities this machine trusts; reading them takes a while."""
    return ssl.create_default_context()
