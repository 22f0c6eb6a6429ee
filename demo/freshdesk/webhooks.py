"""What an automation rule tells our side: a ticket's id and an event, both strings, best effort."""

import logging
import queue
import threading

import httpx

logger = logging.getLogger(__name__)
PATIENCE = 5.0  # seconds


class Doorbell:
    """Rings one address, in the background and in order; nobody who changes a ticket waits for it."""

    def __init__(self, url: str, secret: str) -> None:
        self._url, self._secret = url, secret
        self._rings: queue.SimpleQueue[tuple[int, str]] = queue.SimpleQueue()
        if url:
            threading.Thread(target=self._keep_ringing, daemon=True, name="freshdesk-webhooks").start()

    def ring(self, ticket_id: int, event: str) -> None:
        if self._url:
            self._rings.put((ticket_id, event))

    def _keep_ringing(self) -> None:
        with httpx.Client(timeout=PATIENCE, headers={"X-Webhook-Secret": self._secret}, trust_env=False) as client:
            while True:
                ticket_id, event = self._rings.get()
                try:
                    client.post(self._url, json={"ticket_id": str(ticket_id), "event": event, "v": 1})
                except httpx.HTTPError as error:
                    logger.info("nobody answered the webhook of ticket %s: %s", ticket_id, error)
