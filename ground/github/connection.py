"""A connection to one GitHub: asks with the token of a repository, waits no longer than it must, keeps what has not changed."""

import re
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import stamina

from ground.addresses import stay_outside
from ground.errors import Unavailable
from ground.github import answers
from ground.github.answers import NOT_MODIFIED, Throttled
from ground.github.signing import Tokens

TIMEOUT = httpx.Timeout(20, connect=5)
ATTEMPTS = 3
PAGE = 100
MOST_PAGES = 20
MOST_KEPT = 300
NEXT = re.compile(r"<([^>]*)>\s*;\s*rel=\"next\"")
NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
HEADERS = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28", "User-Agent": "hubdesk"}


@dataclass(frozen=True)
class Kept:
    """An answer that holds as long as GitHub says that its ETag does."""

    etag: str
    payload: Any
    has_next: bool


class Connection:
    """The token goes to the API's address alone: httpx drops it when a redirect leaves the host."""

    def __init__(
        self, api_url: str, tokens: Tokens, *, transport: httpx.BaseTransport | None = None, now: Callable[[], float] = time.time
    ) -> None:
        self._http = httpx.Client(
            base_url=f"{api_url.rstrip('/')}/", timeout=TIMEOUT, transport=transport, headers=HEADERS, max_redirects=3
        )
        self._tokens, self._now = tokens, now
        self._kept: OrderedDict[str, Kept] = OrderedDict()

    def look(self, repository: str, path: str, *, expect: type = dict, **params: Any) -> Any:
        """The JSON at a path; what GitHub says has not changed is not sent again, and costs nothing."""
        return self._look(repository, path, expect, params).payload

    def pages(self, repository: str, path: str, *, within: str = "", **params: Any) -> list[Any]:
        """Every item of a list, `within` a member of each page or by itself. Raises Unavailable where it has no end."""
        found: list[Any] = []
        for page in range(1, MOST_PAGES + 1):
            kept = self._look(repository, path, dict if within else list, {**params, "per_page": PAGE, "page": page})
            found += _listed(kept.payload, within)
            if not kept.has_next:
                return found
        raise Unavailable(f"GitHub's list has more than {MOST_PAGES} pages")

    def read(
        self, repository: str, path: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] = {}
    ) -> httpx.Response:
        """Read; tried again when GitHub stumbles, but not when it asks us to wait."""
        for attempt in stamina.retry_context(on=_is_a_stumble, attempts=ATTEMPTS, timeout=None, wait_initial=0.2, wait_max=2):
            with attempt:
                return self.send("GET", repository, path, params=params, headers=headers, follow_redirects=True)
        raise AssertionError("stamina raises the last error")

    def send(self, method: str, repository: str, path: str, *, headers: Mapping[str, str] = {}, **content: Any) -> httpx.Response:
        """One call, made once. Unavailable with `outcome_unknown` means: look before asking again."""
        response = self._answer(method, repository, path, headers=headers, **content)
        answers.understand(response, now=self._now())
        return response

    def download(self, repository: str, path: str, *, limit: int) -> bytes:
        """The beginning of a file that GitHub serves at another, short-lived address, which gets no token and lies outside our walls."""
        response = self._answer("GET", repository, path, headers={})
        if not response.is_redirect:
            answers.understand(response, now=self._now())
            return response.content[:limit]
        request = self._http.build_request("GET", response.headers["location"], headers={"Accept": "*/*"})
        if request.url.host != self._http.base_url.host:
            stay_outside(request)
        try:
            return self._beginning(request, limit)
        except httpx.RequestError as error:
            raise Unavailable(f"GitHub's file cannot be read: {error or type(error).__name__}") from error

    def close(self) -> None:
        self._http.close()

    def _beginning(self, request: httpx.Request, limit: int) -> bytes:
        response = self._http.send(request, stream=True)
        try:
            found = b""
            for part in response.iter_bytes():
                found += part
                if len(found) >= limit or response.is_error:
                    break
        finally:
            response.close()
        if response.is_error:
            raise Unavailable(f"GitHub's file answered {response.status_code}")
        return found[:limit]

    def _look(self, repository: str, path: str, expect: type, params: Mapping[str, Any]) -> Kept:
        name = str(httpx.URL(_path(repository, path), params=params or None))
        known = self._kept.get(name)
        response = self.read(repository, path, params=params or None, headers={"If-None-Match": known.etag} if known else {})
        if response.status_code == NOT_MODIFIED and known:
            return known
        fresh = Kept(response.headers.get("etag", ""), answers.content(response, expect), has_next(response.headers))
        self._keep(name, fresh)
        return fresh

    def _keep(self, name: str, fresh: Kept) -> None:
        self._kept.pop(name, None)
        if fresh.etag:
            self._kept[name] = fresh
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)

    def _answer(self, method: str, repository: str, path: str, *, headers: Mapping[str, str], **content: Any) -> httpx.Response:
        authorisation = {"Authorization": f"Bearer {self._tokens.token(self._http, repository)}"}
        try:
            return self._http.request(method, _path(repository, path), headers={**headers, **authorisation}, **content)
        except NOT_SENT as error:
            raise Unavailable(f"GitHub cannot be reached: {error or type(error).__name__}") from error
        except (httpx.RequestError, httpx.TooManyRedirects) as error:
            raise Unavailable(f"GitHub broke off: {error or type(error).__name__}", outcome_unknown=method != "GET") from error


def has_next(headers: Mapping[str, str]) -> bool:
    """Does another page follow?"""
    return bool(NEXT.search(headers.get("link", "")))


def _path(repository: str, path: str) -> str:
    return f"repos/{repository}/{path}" if path else f"repos/{repository}"


def _listed(payload: Any, within: str) -> list[Any]:
    found = payload.get(within) if within else payload
    if not isinstance(found, list):
        raise Unavailable("GitHub answered something that is no list")
    return found


def _is_a_stumble(error: Exception) -> bool:
    return isinstance(error, Unavailable) and not isinstance(error, Throttled)
