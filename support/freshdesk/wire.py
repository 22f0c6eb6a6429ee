"""One account's connection: authorised, timed, paid for, and what goes wrong translated."""

import threading
from collections.abc import Callable, Mapping
from typing import Any, Self

import httpx
import stamina

from ground.errors import Rejected, Unavailable
from support.freshdesk import headers
from support.freshdesk.answers import Answer, Throttled, understand
from support.freshdesk.budget import Budget, Cost, Lane, OwnBudget
from support.freshdesk.clock import Clock, RealClock
from support.freshdesk.multipart import Files, form_of

TIMEOUT = httpx.Timeout(30, connect=5)
TIMEOUT_WITH_FILES = httpx.Timeout(120, connect=5)
ATTEMPTS = 3
PATIENCE = 5.0  # seconds worth waiting in place; beyond that the caller comes back later
ASKS = 10  # times in a row that others may have been quicker, or Freshdesk asked us to wait
NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
KEY_REFUSED = 401
ONE = Cost()


class Wire:
    """Requests below one API address; the key goes nowhere else, since only relative paths are accepted and redirects are not followed."""

    def __init__(
        self,
        base_url: str,
        api_key: str,
        *,
        transport: httpx.BaseTransport | None = None,
        lane: Lane = Lane.PERSON,
        patience: float = PATIENCE,
        budget: Budget | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._http = httpx.Client(
            base_url=f"{base_url.rstrip('/')}/api/v2/",
            auth=(api_key, "X"),
            timeout=TIMEOUT,
            transport=transport,
            follow_redirects=False,
            headers={"Accept": "application/json"},
        )
        self._clock = clock or RealClock()
        self._budget = budget or OwnBudget(self._clock)
        self._lane, self._patience = lane, patience
        self._counting = threading.Lock()
        self.credits_used = 0.0

    def get(self, path: str, params: Mapping[str, Any] | None = None, *, cost: Cost = ONE, expect: type = dict) -> Answer:
        """Read; tried again when Freshdesk stumbles."""
        return self._again(lambda: self._send("GET", path, cost, expect, params=params))

    def put(self, path: str, payload: Mapping[str, Any] | None = None, *, cost: Cost = ONE, expect: type | None = dict) -> Answer:
        """Change to absolute values; saying it twice is the same, so it is tried again."""
        return self._again(lambda: self._send("PUT", path, cost, expect, **_json(payload)))

    def delete(self, path: str) -> Answer:
        """Delete; what is gone stays gone, so it is tried again."""
        return self._again(lambda: self._send("DELETE", path, ONE, None))

    def post(self, path: str, payload: Mapping[str, Any], *, files: Files = (), cost: Cost = ONE) -> Answer:
        """Create, once. Unavailable with `outcome_unknown` means: look before asking again."""
        return self._send("POST", path, cost, dict, **_content(payload, files))

    def put_once(self, path: str, payload: Mapping[str, Any], *, files: Files = (), cost: Cost = ONE, expect: type | None = dict) -> Answer:
        """A change that adds something each time it is said: like `post`."""
        return self._send("PUT", path, cost, expect, **_content(payload, files))

    def close(self) -> None:
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _again(self, send: Callable[[], Answer]) -> Answer:
        """What may be said twice, until it is answered. Only now is it sure that nobody answers."""
        try:
            for attempt in stamina.retry_context(
                on=self._worth_another_try, attempts=ATTEMPTS, timeout=None, wait_initial=0.2, wait_max=2, wait_jitter=0.3
            ):
                with attempt:
                    return self._unthrottled(send)
        except Throttled:
            raise
        except Unavailable as error:
            self._budget.lost(str(error))
            raise
        raise AssertionError("stamina raises the last error")

    def _unthrottled(self, send: Callable[[], Answer]) -> Answer:
        """Waits out what Freshdesk asks for, as long as it is worth the patience."""
        for _ in range(ASKS - 1):
            try:
                return send()
            except Throttled as error:
                if (error.retry_after or 0) > self._patience:
                    raise
        return send()

    def _send(self, method: str, path: str, cost: Cost, expect: type | None, **content: Any) -> Answer:
        if "://" in path or path.startswith("/"):
            raise ValueError(f"{path!r} is not relative to the API")
        self._reserve(cost)
        try:
            response = self._http.request(method, path, **content)
        except NOT_SENT as error:
            self._budget.lost(f"Freshdesk cannot be reached: {error or type(error).__name__}")
            raise Unavailable(f"Freshdesk cannot be reached: {error or type(error).__name__}") from error
        except httpx.RequestError as error:
            raise Unavailable(f"Freshdesk broke off: {error or type(error).__name__}", outcome_unknown=method != "GET") from error
        return self._heard(response, cost, expect)

    def _reserve(self, cost: Cost) -> None:
        """Before anything is sent. Waits in place as long as one wait is worth the patience; raises Throttled beyond."""
        for _ in range(ASKS):
            wait = self._budget.take(cost, self._lane)
            if not wait:
                return
            if wait > self._patience:
                break
            self._clock.sleep(wait)
        raise Throttled("The account's minute is used up", retry_after=wait)

    def _heard(self, response: httpx.Response, cost: Cost, expect: type | None) -> Answer:
        told = headers.credits_in(response.headers)
        with self._counting:
            self.credits_used += told.used
        try:
            answer = understand(response, expect=expect)
        except Unavailable as error:
            if error.retry_after:
                self._budget.block(error.retry_after)
            raise
        except Rejected as error:
            if error.status == KEY_REFUSED:
                self._budget.refused(str(error))
            else:
                self._budget.learn(cost, told)
            raise
        self._budget.learn(cost, told)
        return answer

    def _worth_another_try(self, error: Exception) -> bool:
        """A stumble is; a wait that was not worth the patience is not."""
        return isinstance(error, Unavailable) and (error.retry_after or 0) <= self._patience and not isinstance(error, Throttled)


def _json(payload: Mapping[str, Any] | None) -> dict[str, Any]:
    return {} if payload is None else {"json": payload}


def _content(payload: Mapping[str, Any], files: Files) -> dict[str, Any]:
    """JSON, unless there are files: only a form can carry those."""
    return {**form_of(payload, files), "timeout": TIMEOUT_WITH_FILES} if files else {"json": payload}
