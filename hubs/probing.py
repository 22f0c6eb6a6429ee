"""Looks at a running hub from outside, as anybody could: does it answer, how fast, and which version is it. Never with a token."""

import json
import ssl
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

import httpx

from ground import bounded
from ground.addresses import Resolve, addresses_of, stay_outside
from ground.errors import OutsideError, Rejected, Unavailable

SECONDS = 5.0
HOPS = 3
LARGEST = 64 * 1024
PLAINLY = {"Accept": "*/*", "Accept-Encoding": "identity"}  # what is packed small may be endless unpacked
HEALTH = ("hub/health", "health")
"""JupyterHub's own address, and BinderHub's where that is not there."""


class Outcome(StrEnum):
    """What a look says: it answers, it does not, or nothing can be concluded from here."""

    ANSWERS = "answers"
    SILENT = "silent"
    HIDDEN = "hidden"


class Why(StrEnum):
    """Why not, in a word that stays; `hubs.conditions.REASONS` has the sentences."""

    TIMEOUT = "timeout"
    REFUSED = "refused"
    NO_NAME = "no-name"
    CERTIFICATE = "certificate"
    BROKEN_OFF = "broken-off"
    ERROR = "error"
    NOT_A_HUB = "not-a-hub"
    ELSEWHERE = "elsewhere"
    LOCKED = "locked"
    BUSY = "busy"
    PRIVATE = "private"
    NO_ADDRESS = "no-address"


UNHEARD = frozenset({Why.TIMEOUT, Why.REFUSED, Why.NO_NAME, Why.BROKEN_OFF})
"""Nobody at all was heard: it may be them, and it may be us."""


@dataclass(frozen=True)
class Look:
    """What one look found. `took_ms` where it answered; `version` where it was asked for and told."""

    outcome: Outcome
    why: Why | None = None
    took_ms: int = 0
    version: str = ""

    @property
    def is_unheard(self) -> bool:
        """Whether nobody at all was heard there."""
        return self.why in UNHEARD


class Prober:
    """Looks at hubs, from several threads at once if need be. Redirects are followed on the same host alone."""

    def __init__(
        self, *, name: str, seconds: float = SECONDS, transport: httpx.BaseTransport | None = None, resolve: Resolve | None = None
    ) -> None:
        self._seconds, self._resolve = seconds, resolve or (None if transport else addresses_of)
        self._http = httpx.Client(
            timeout=seconds, transport=transport, follow_redirects=False, trust_env=False, headers={"User-Agent": name, **PLAINLY}
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def look(self, url: str, *, private: bool = False, with_version: bool = False) -> Look:
        """One look at the hub of that address; it never raises. `private`: whether it may be within our own walls."""
        try:
            base = _address(url)
            began = time.monotonic()
            status, _body = self._health(base, private=private)
            took = round((time.monotonic() - began) * 1000)
        except _NotSeen as error:
            return Look(error.outcome, error.why)
        if judged := _judge(status):
            return judged
        return Look(Outcome.ANSWERS, took_ms=took, version=self._version(base, private=private) if with_version else "")

    def _health(self, base: httpx.URL, *, private: bool) -> tuple[int, bytes]:
        answers = (self._get(base.join(path), private=private) for path in HEALTH)
        first = next(answers)
        return next(answers) if first[0] == 404 else first

    def _version(self, base: httpx.URL, *, private: bool) -> str:
        """What `/hub/api` tells whoever asks; empty for an answer that makes no sense."""
        try:
            status, body = self._get(base.join("hub/api"), private=private, most=LARGEST)
            found = json.loads(body) if status == 200 else {}
        except (_NotSeen, ValueError, RecursionError):
            return ""
        version = found.get("version", "") if isinstance(found, dict) else ""
        return version[:40] if isinstance(version, str) and version.isprintable() else ""

    def _get(self, target: httpx.URL, *, private: bool, most: int = 0) -> tuple[int, bytes]:
        """Status and body (unread without `most`) after redirects that stay."""
        host = target.host
        for _hop in range(HOPS + 1):
            status, onward, body = self._send(target, private=private, most=most)
            if not onward:
                return status, body
            target = _join(target, onward)
            if target.host != host:
                raise _NotSeen(Outcome.HIDDEN, Why.ELSEWHERE)
        raise _NotSeen(Outcome.SILENT, Why.NOT_A_HUB)

    def _send(self, target: httpx.URL, *, private: bool, most: int) -> tuple[int, str, bytes]:
        request = self._http.build_request("GET", target)
        self._stay_outside(request, private=private)
        try:
            response = self._http.send(request, stream=True)
        except httpx.RequestError as error:
            raise _NotSeen(Outcome.SILENT, _why(error)) from error
        except httpx.InvalidURL as error:  # httpx looks where a redirect leads, also when it is not to follow
            raise _NotSeen(Outcome.HIDDEN, Why.ELSEWHERE) from error
        try:
            body = bounded.read(response, most=most, within=self._seconds) if most and response.status_code == 200 else b""
        except (httpx.RequestError, OutsideError) as error:
            raise _NotSeen(Outcome.SILENT, Why.BROKEN_OFF) from error
        finally:
            response.close()
        return response.status_code, response.headers.get("location", "") if response.is_redirect else "", body

    def _stay_outside(self, request: httpx.Request, *, private: bool) -> None:
        if self._resolve is None:  # a transport that was put in reaches no network
            return
        try:
            stay_outside(request, private=private, resolve=self._resolve)
        except Rejected as error:
            raise _NotSeen(Outcome.HIDDEN, Why.PRIVATE) from error
        except Unavailable as error:
            raise _NotSeen(Outcome.SILENT, Why.NO_NAME) from error


class _NotSeen(Exception):
    """No answer to judge, and why."""

    def __init__(self, outcome: Outcome, why: Why) -> None:
        super().__init__(why)
        self.outcome, self.why = outcome, why


def _judge(status: int) -> Look | None:
    """What that status says of a hub that is not well; None when it is."""
    if 200 <= status < 300:
        return None
    if status in {401, 403, 407, 511}:
        return Look(Outcome.HIDDEN, Why.LOCKED)
    if status == 429:
        return Look(Outcome.HIDDEN, Why.BUSY)
    return Look(Outcome.SILENT, Why.ERROR if status >= 500 else Why.NOT_A_HUB)


def _why(error: httpx.RequestError) -> Why:
    if isinstance(error, httpx.TimeoutException):
        return Why.TIMEOUT
    if _is_of_certificate(error):
        return Why.CERTIFICATE
    return Why.REFUSED if isinstance(error, httpx.ConnectError) else Why.BROKEN_OFF


def _is_of_certificate(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False


def _address(text: str) -> httpx.URL:
    try:
        url = httpx.URL(text.rstrip("/") + "/")
    except (httpx.InvalidURL, TypeError) as error:
        raise _NotSeen(Outcome.HIDDEN, Why.NO_ADDRESS) from error
    if url.scheme not in {"http", "https"} or not url.host:
        raise _NotSeen(Outcome.HIDDEN, Why.NO_ADDRESS)
    return url.copy_with(userinfo=b"", fragment=None)


def _join(base: httpx.URL, onward: str) -> httpx.URL:
    """Where a redirect leads; what is no address of the web leads elsewhere."""
    try:
        return _address(str(base.join(onward))[:2000].rstrip("/"))
    except (httpx.InvalidURL, ValueError, _NotSeen) as error:
        raise _NotSeen(Outcome.HIDDEN, Why.ELSEWHERE) from error
