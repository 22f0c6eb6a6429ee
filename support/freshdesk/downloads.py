"""Files as Freshdesk hands them out: from addresses that carry their own permission, on hosts that never see the key."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Self

import httpx

from ground.addresses import addresses_of, is_address, is_within
from ground.errors import Rejected, Unavailable
from support.freshdesk.clock import Clock, RealClock

TIMEOUT = httpx.Timeout(30, connect=5)
LONGEST = 120.0  # seconds for one file, however slowly it trickles
LARGEST = 25 * 1024 * 1024  # octets; a ticket's files are at most 20 MB together
REDIRECTS = 3
Resolve = Callable[[str, int], list[str]]
"""A host's and a port's addresses; none where nothing is to be looked up."""


class Downloads:
    """Fetches what an API's answers point to. What is within our own walls is refused, unless the API itself is there."""

    def __init__(
        self, api_url: str, *, transport: httpx.BaseTransport | None = None, resolve: Resolve | None = None, clock: Clock | None = None
    ) -> None:
        self._http = httpx.Client(timeout=TIMEOUT, transport=transport, follow_redirects=False, headers={"Accept": "*/*"})
        self._resolve = resolve or (_nothing if transport else addresses_of)
        self._api = httpx.URL(api_url)
        self._clock = clock or RealClock()

    def close(self) -> None:
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def open(self, url: str, *, largest: int = LARGEST) -> Iterator[Iterator[bytes]]:
        """The file's octets, piece by piece. Raises Rejected (403: the address has expired; 413: too large) and Unavailable, also while reading."""
        response = self._follow(url)
        try:
            _refuse_large(int(length) if (length := response.headers.get("content-length", "")).isdigit() else 0, largest)
            yield self._pieces(response, largest)
        finally:
            response.close()

    def _follow(self, url: str) -> httpx.Response:
        target = _address(url)
        for _ in range(REDIRECTS + 1):
            response = self._ask(target)
            if not response.is_redirect:
                return _good(response)
            response.close()
            target = _address(response.headers.get("location", ""), base=target)
        raise Rejected(f"More than {REDIRECTS} redirects", status=response.status_code)

    def _ask(self, target: httpx.URL) -> httpx.Response:
        request = self._http.build_request("GET", target)
        self._stay_outside(request)
        try:
            return self._http.send(request, stream=True)
        except httpx.RequestError as error:
            raise Unavailable(f"The file cannot be fetched: {error or type(error).__name__}") from error

    def _stay_outside(self, request: httpx.Request) -> None:
        """Connect to the very address that was looked at: a name may say something else the next moment."""
        host, port = request.url.host, request.url.port or {"http": 80, "https": 443}[request.url.scheme]
        if (request.url.scheme, host, request.url.port) == (self._api.scheme, self._api.host, self._api.port):
            return
        addresses = self._addresses(host, port)
        if any(map(is_within, addresses)) and not any(map(is_within, self._addresses(self._api.host, self._api.port or port))):
            raise Rejected(f"{host} is not an address outside", status=400)
        if addresses and not is_address(host):
            request.extensions = {**request.extensions, "sni_hostname": host}
            request.url = request.url.copy_with(host=addresses[0])

    def _addresses(self, host: str, port: int) -> list[str]:
        return [host] if is_address(host) else self._resolve(host, port)

    def _pieces(self, response: httpx.Response, largest: int) -> Iterator[bytes]:
        until, octets = self._clock.now() + LONGEST, 0
        try:
            for piece in response.iter_bytes():
                octets += len(piece)
                _refuse_large(octets, largest)
                if self._clock.now() > until:
                    raise Unavailable("The file took too long")
                yield piece
        except httpx.RequestError as error:
            raise Unavailable(f"The file broke off: {error or type(error).__name__}") from error


def _nothing(host: str, port: int) -> list[str]:  # noqa: ARG001  a transport that was put in reaches no network
    return []


def _address(text: str, *, base: httpx.URL | None = None) -> httpx.URL:
    try:
        url = base.join(text) if base else httpx.URL(text)
    except (httpx.InvalidURL, TypeError, ValueError) as error:
        raise Rejected(f"{text[:200]!r} is not an address", status=400) from error
    if url.scheme not in {"http", "https"} or not url.host or (base and base.scheme == "https" and url.scheme != "https"):
        raise Rejected(f"{text[:200]!r} is not an address of the web", status=400)
    return url.copy_with(userinfo=b"")


def _good(response: httpx.Response) -> httpx.Response:
    if response.is_success:
        return response
    response.close()
    if response.status_code >= 500 or response.status_code == 429:
        raise Unavailable(f"The file's host answered {response.status_code}")
    raise Rejected(f"The file's host answered {response.status_code}", status=response.status_code)


def _refuse_large(octets: int, largest: int) -> None:
    if octets > largest:
        raise Rejected(f"The file is larger than {largest} octets", status=413)
