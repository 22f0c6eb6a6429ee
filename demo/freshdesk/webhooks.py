"""What an automation rule tells our side: a ticket's id and an event, both strings, best effort.

What waits to be told is kept in the store. Failures are tried again after 5, 30 and 60 minutes, the surplus of an hour waits for the next one,
and what is a day old is dropped. Order and exactly once are promised by nobody.
"""

import logging
import random
import threading
from collections import deque

import httpx

from demo.freshdesk.account import Account
from demo.freshdesk.store import Row

logger = logging.getLogger(__name__)
PATIENCE = 5.0  # seconds
LOOK_AGAIN = 0.5  # seconds, for what falls due by the clock alone
TRIES_AFTER = (300, 1800, 3600)
HOUR, DAY = 3600, 86400
DUE = "kind = 'hook' AND due <= ?"


class Doorbell:
    """Rings one address, in the background; nobody who changes a ticket waits for it."""

    def __init__(self, account: Account, url: str, secret: str, *, transport: httpx.BaseTransport | None = None) -> None:
        self._account, self._url = account, url
        self._headers, self._transport = {"X-Webhook-Secret": secret}, transport
        self._poke, self._quiet, self._lock = threading.Event(), threading.Event(), threading.Lock()
        self._rung: deque[float] = deque()
        self._random = random.Random(0)  # noqa: S311  chance, not secrets
        if url:
            threading.Thread(target=self._keep_ringing, daemon=True, name="freshdesk-webhooks").start()

    def look(self) -> None:
        """Something may be due."""
        if not self._url:
            return
        with self._lock:
            self._quiet.clear()
            self._poke.set()

    def is_quiet(self, *, within: float) -> bool:
        """Wait until everything due by the account's clock has been rung."""
        self.look()
        return not self._url or self._quiet.wait(within)

    def _keep_ringing(self) -> None:
        with httpx.Client(timeout=PATIENCE, headers=self._headers, trust_env=False, transport=self._transport) as client:
            while not self._account.store.closed:
                self._poke.wait(LOOK_AGAIN)
                self._poke.clear()
                while self._ring_due(client):
                    pass
                self._settle()

    def _settle(self) -> None:
        with self._lock:
            if not self._poke.is_set():
                self._quiet.set()

    def _ring_due(self, client: httpx.Client) -> bool:
        """Whether there was anything."""
        hooks = self._due()
        for hook in hooks:
            if self._may_ring(hook):
                self._record(hook, answered=self._ring(client, hook))
        return bool(hooks)

    def _due(self) -> list[Row]:
        store = self._account.store
        with store.lock:
            hooks = [] if store.closed else store.effects.find(DUE, self._now(), order="due, id", limit=200)
        match self._account.knobs.hook_order:
            case "reversed":
                hooks.reverse()
            case "shuffled":
                self._random.shuffle(hooks)
        return hooks

    def _may_ring(self, hook: Row) -> bool:
        """Drops what is a day old; puts off what is above the hour's limit."""
        now, limit = self._now(), self._account.knobs.hooks_an_hour
        while self._rung and self._rung[0] <= now - HOUR:
            self._rung.popleft()
        if now - hook["born"] >= DAY:
            self._put_off(hook, until=None)
        elif limit and len(self._rung) >= limit:
            self._put_off(hook, until=self._rung[0] + HOUR)
        else:
            return True
        return False

    def _ring(self, client: httpx.Client, hook: Row) -> bool:
        self._rung.append(self._now())
        try:
            answer = client.post(self._url, json={"ticket_id": str(hook["ticket_id"]), "event": hook["event"], "v": 1})
        except httpx.HTTPError as error:
            logger.info("nobody answered the webhook of ticket %s: %s", hook["ticket_id"], error)
            return False
        return answer.is_success

    def _record(self, hook: Row, *, answered: bool) -> None:
        if answered or hook["tries"] >= len(TRIES_AFTER):
            self._put_off(hook, until=None)
        else:
            self._put_off({**hook, "tries": hook["tries"] + 1}, until=self._now() + TRIES_AFTER[hook["tries"]])

    def _put_off(self, hook: Row, *, until: float | None) -> None:
        store = self._account.store
        with store.lock:
            if store.closed:
                return
            with store.turn():
                store.effects.remove(hook["id"])
                if until is not None:
                    store.effects.put({**hook, "due": until})

    def _now(self) -> float:
        return self._account.clock.now().timestamp()
