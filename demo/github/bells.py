"""Webhooks as GitHub sends them: signed, with a delivery id, never sent again by themselves; twice or in the wrong order when asked for."""

import hashlib
import hmac
import json
import uuid
from dataclasses import dataclass, field
from typing import Any

import httpx


@dataclass(frozen=True)
class Delivery:
    """One event, ready to be sent."""

    event: str
    body: bytes
    identity: str = field(default_factory=lambda: str(uuid.uuid4()))


class Bells:
    """What waits to be told. `copies`: how often each is sent. While `is_held` nothing is; `release` sends it, backwards when asked."""

    def __init__(self, url: str, secret: str, transport: httpx.BaseTransport | None) -> None:
        self.url, self._secret, self._transport = url, secret, transport
        self.waiting: list[Delivery] = []
        self.copies, self.is_held = 1, False

    def ring(self, event: str, repository: str, **payload: Any) -> None:
        """Remember an event for whoever listens."""
        if self.url:
            body = json.dumps({**payload, "repository": {"full_name": repository}}).encode()
            self.waiting.append(Delivery(event, body))

    def tell(self) -> None:
        """Send what waits; whoever does not answer is not asked again."""
        if not self.is_held:
            self.release()

    def release(self, *, backwards: bool = False) -> None:
        told, self.waiting = self.waiting, []
        for delivery in reversed(told) if backwards else told:
            for _ in range(self.copies):
                self._send(delivery)

    def _send(self, delivery: Delivery) -> None:
        signature = "sha256=" + hmac.new(self._secret.encode(), delivery.body, hashlib.sha256).hexdigest()
        headers = {"x-github-event": delivery.event, "x-github-delivery": delivery.identity, "x-hub-signature-256": signature}
        with httpx.Client(transport=self._transport, timeout=5) as http:
            try:
                http.post(self.url, content=delivery.body, headers={**headers, "content-type": "application/json"})
            except httpx.HTTPError:
                return
