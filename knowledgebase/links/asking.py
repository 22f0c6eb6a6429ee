"""Asks an address of the web whether it is still there, without reading what it says. Knows no model."""

from dataclasses import dataclass
from types import TracebackType
from typing import Self

import httpx

from ground.addresses import Resolve, addresses_of, stay_outside
from ground.errors import Rejected, Unavailable

TIMEOUT = httpx.Timeout(15, connect=5)
REDIRECTS = 5
SOMEBODY_IS_THERE = frozenset({401, 403, 405, 406, 407, 423, 429, 451, 999})
"""Answers to machines, or to who is not signed in: for a reader the page may be there."""


@dataclass(frozen=True)
class Answer:
    """How an address answered: a status (None if nothing did), and what is wrong in a few words; empty if it is there."""

    status: int | None = None
    problem: str = ""

    @property
    def is_there(self) -> bool:
        return not self.problem


class Asker:
    """Asks addresses outside; within our own walls none, unless `private`."""

    def __init__(
        self, *, name: str, private: bool = False, transport: httpx.BaseTransport | None = None, resolve: Resolve | None = None
    ) -> None:
        self._private, self._resolve = private, resolve or (None if transport else addresses_of)
        self._http = httpx.Client(
            timeout=TIMEOUT,
            transport=transport,
            follow_redirects=False,
            trust_env=False,
            headers={"User-Agent": name, "Accept": "*/*"},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._http.close()

    def ask(self, url: str) -> Answer:
        """HEAD first; GET, unread, for who does not know HEAD."""
        answer = self._follow("HEAD", url)
        return answer if answer.is_there else self._follow("GET", url)

    def _follow(self, method: str, url: str) -> Answer:
        try:
            target = _address(url)
            for _hop in range(REDIRECTS + 1):
                status, onward = self._send(method, target)
                if not onward:
                    return _judged(status)
                target = _address(onward, base=target)
        except (Rejected, Unavailable) as error:
            return Answer(problem=str(error)[:200])
        return Answer(status, f"More than {REDIRECTS} redirects")

    def _send(self, method: str, target: httpx.URL) -> tuple[int, str]:
        """The status, and where a redirect leads. What is sent is never read."""
        request = self._http.build_request(method, target)
        if self._resolve is not None:
            stay_outside(request, private=self._private, resolve=self._resolve)
        try:
            response = self._http.send(request, stream=True)
        except (httpx.RequestError, httpx.InvalidURL) as error:
            raise Unavailable(f"{target.host} cannot be reached: {type(error).__name__}") from error
        response.close()
        return response.status_code, response.headers.get("location", "") if response.is_redirect else ""


def _judged(status: int) -> Answer:
    return Answer(status, "" if status < 400 or status in SOMEBODY_IS_THERE else f"It answers {status}")


def _address(text: str, *, base: httpx.URL | None = None) -> httpx.URL:
    try:
        url = base.join(text) if base else httpx.URL(text)
    except (httpx.InvalidURL, TypeError, ValueError) as error:
        raise Rejected("It is not an address") from error
    if url.scheme not in {"http", "https"} or not url.host:
        raise Rejected("It is not an address of the web")
    return url.copy_with(userinfo=b"", fragment=None)
