"""A running hub's own API, as far as we read it: its users, and when each was last seen."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

import httpx

from ground.addresses import Resolve, addresses_of, stay_outside
from ground.errors import Rejected, Unavailable

TIMEOUT = httpx.Timeout(20, connect=5)
PAGE = 200  # the most that JupyterHub gives at once by default
MOST_PAGES = 500
PAGED = "application/jupyterhub-pagination+json"


@dataclass(frozen=True)
class HubUser:
    """One account of a hub. `last_activity` is in UTC, None where it was never used."""

    name: str
    is_admin: bool
    last_activity: datetime | None


class JupyterHub:
    """One hub's API; its token goes to that host alone, since redirects are not followed and pages are asked for by number."""

    def __init__(
        self,
        url: str,
        token: str,
        *,
        private: bool = False,
        transport: httpx.BaseTransport | None = None,
        resolve: Resolve = addresses_of,
    ) -> None:
        """`private`: whether an address within our own walls may be asked. Raises `Rejected` for what is no address of the web."""
        self._base = _address(url)
        self._private, self._resolve = private, None if transport else resolve
        self._http = httpx.Client(
            timeout=TIMEOUT, transport=transport, follow_redirects=False, headers={"Authorization": f"token {token}", "Accept": PAGED}
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def users(self) -> Iterator[HubUser]:
        """Every account, page by page. Raises `Unavailable` (later) and `Rejected` (never with this token)."""
        offset: int | None = 0
        for _page in range(MOST_PAGES):
            if offset is None:
                return
            rows, offset = self._page(offset)
            yield from map(_user, rows)
        raise Rejected(f"More than {MOST_PAGES} pages of users")

    def _page(self, offset: int) -> tuple[list[Any], int | None]:
        """The accounts from there on, and where the next page begins. A hub before version 2 gives all of them at once."""
        found = self._read("users", offset=offset, limit=PAGE)
        if isinstance(found, list):
            return found, None
        try:
            following = found["_pagination"]["next"]
            return list(found["items"]), int(following["offset"]) if following else None
        except (KeyError, TypeError, ValueError) as error:
            raise Rejected("The hub's answer is not a page of users") from error

    def _read(self, path: str, **params: int) -> Any:
        request = self._http.build_request("GET", self._base.join(f"hub/api/{path}"), params=params)
        self._stay_outside(request)
        try:
            response = self._http.send(request)
        except httpx.RequestError as error:
            raise Unavailable(f"{self._base.host} cannot be reached: {type(error).__name__}") from error
        except httpx.InvalidURL as error:  # httpx looks where a redirect leads, also when it is not to follow
            raise Rejected(f"{self._base.host} sends on to what is no address") from error
        _refuse(response, self._base.host)
        try:
            return response.json()
        except ValueError as error:
            raise Rejected(f"{self._base.host} did not answer in JSON") from error

    def _stay_outside(self, request: httpx.Request) -> None:
        if self._resolve is None:  # a transport that was put in reaches no network
            return
        stay_outside(request, private=self._private, resolve=self._resolve)


def separate_people(users: Iterable[HubUser], *, since: datetime, without: Collection[str] = ()) -> int:
    """How many accounts were used since then, admins and the names in `without` (in lower case) left out. Pure."""
    seen = {user.name.lower() for user in users if not user.is_admin and user.last_activity is not None and user.last_activity >= since}
    return len(seen - set(without))


def _address(url: str) -> httpx.URL:
    try:
        base = httpx.URL(url.rstrip("/") + "/")
    except (httpx.InvalidURL, TypeError) as error:
        raise Rejected("The hub's address is not one") from error
    if base.scheme not in {"http", "https"} or not base.host:
        raise Rejected(f"{base.host or 'The hub'} is not an address of the web", status=400)
    return base.copy_with(userinfo=b"")


def _user(row: Any) -> HubUser:
    try:
        return HubUser(str(row["name"]), bool(row.get("admin", False)), _moment(row.get("last_activity")))
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise Rejected("The hub's answer is not a list of users") from error


def _moment(text: str | None) -> datetime | None:
    if not text:
        return None
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _refuse(response: httpx.Response, host: str) -> None:
    if response.is_success:
        return
    if response.status_code >= 500 or response.status_code == 429:
        raise Unavailable(f"{host} answered {response.status_code}")
    raise Rejected(f"{host} answered {response.status_code}", status=response.status_code)
