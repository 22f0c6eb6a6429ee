"""Rings for a ticket that has changed: after the commit, once for what changes within a moment. Losing a ring costs a minute."""

from celery import current_app
from django.core.cache import cache
from django.db import transaction

TASK = "support.following.tasks.follow_ticket"
GATHERED, FORGOTTEN = 1.0, 60  # seconds: how long rings are gathered, and when one that was lost counts no more


def ring(ticket_pk: int) -> None:
    """The ticket is to be followed as soon as this transaction is written. Never fails who changed it."""

    def ring_it() -> None:
        if cache.add(_key(ticket_pk), True, FORGOTTEN):
            current_app.tasks[TASK].apply_async((ticket_pk,), countdown=GATHERED)

    transaction.on_commit(ring_it, robust=True)


def answered(ticket_pk: int) -> None:
    """Whoever rings from now on rings again."""
    cache.delete(_key(ticket_pk))


def _key(ticket_pk: int) -> str:
    return f"follow-ring:{ticket_pk}"
