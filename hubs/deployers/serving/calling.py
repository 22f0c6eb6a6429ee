"""Callbacks: small signed hints to whoever asked for them, tried again until they are heard, never in anybody's way."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx

from hubs.deployers.serving.ledger import Callback, Ledger
from hubs.deployers.signing import signature

logger = logging.getLogger(__name__)
TIMEOUT = httpx.Timeout(10, connect=5)
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 1800, 3600, 7200, 14400, 28800, 57600))
LEASE = timedelta(minutes=5)


class Caller:
    """Sends the callbacks that a ledger holds to one address, signed with one secret."""

    def __init__(
        self,
        ledger: Ledger,
        *,
        url: str,
        secret: str,
        transport: httpx.BaseTransport | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._ledger, self._url, self._secret = ledger, url, secret
        self._transport, self._clock = transport, clock

    def call_due(self) -> int:
        """Send what is due; how many were heard."""
        waiting = self._ledger.due(now=self._clock(), lease=LEASE)
        if not waiting:
            return 0
        with httpx.Client(timeout=TIMEOUT, transport=self._transport, follow_redirects=False) as client:
            return sum(self._call(client, callback) for callback in waiting)

    def _call(self, client: httpx.Client, callback: Callback) -> bool:
        problem = self._send(client, callback)
        if not problem:
            self._ledger.settle(callback)
            return True
        logger.warning("A callback was not heard: %s", problem)
        self._ledger.settle(callback, due=self._next(callback), error=problem)
        return False

    def _send(self, client: httpx.Client, callback: Callback) -> str:
        """Why it was not heard; blank when it was. The time is that of this attempt, the id stays."""
        stamp, body = str(int(self._clock().timestamp())), callback.body.encode()
        headers = {
            "Content-Type": "application/json",
            "webhook-id": callback.id,
            "webhook-timestamp": stamp,
            "webhook-signature": signature(callback.id, stamp, body, secret=self._secret),
        }
        try:
            answer = client.post(self._url, content=body, headers=headers)
        except httpx.RequestError as error:
            return type(error).__name__
        return "" if answer.is_success else f"answered {answer.status_code}"

    def _next(self, callback: Callback) -> datetime | None:
        """Later and later, and after the last pause not at all: the desk asks by itself, too."""
        return self._clock() + PAUSES[callback.attempts - 1] if callback.attempts <= len(PAUSES) else None
