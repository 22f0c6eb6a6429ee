"""The mirror's tasks: each takes one key and calls one performing function. Without Freshdesk they do nothing."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from celery import shared_task
from django.core.cache import cache
from django.utils import timezone

from communities.models import Community
from ground import sweep
from ground.errors import OutsideError
from ground.outbox import after_commit
from support import sync
from support.freshdesk.budget import Lane
from support.models import Attachment, CompanyLink, Message, SatisfactionRating, SyncEntry, SyncPass, Ticket

logger = logging.getLogger(__name__)
RING, RING_FORGOTTEN = 1.0, 60  # seconds: how long rings are gathered, and when one that was lost counts no more
WHOLE_NIGHT = 4 * 3600  # seconds
REMEMBERED = timedelta(days=30)


@shared_task
def push_ticket(pk: int) -> None:
    """Send one waiting ticket, or its changes."""
    _perform(sync.push_ticket, pk, lane=Lane.PERSON)


@shared_task
def push_message(pk: int) -> None:
    """Send one waiting message."""
    _perform(sync.push_message, pk, lane=Lane.PERSON)


@shared_task
def push_rating(pk: int) -> None:
    """Send what a requester said here of how they were helped."""
    _perform(sync.push_rating, pk, lane=Lane.PERSON)


@shared_task
def push_company(pk: int) -> None:
    """Make sure of the company and contacts behind one waiting link."""
    _perform(sync.push_company, pk, lane=Lane.POLL)


@shared_task
def ensure_company(community_pk: int) -> None:
    """Make sure that a community is a company in Freshdesk, with its people."""
    if sync.is_connected():
        push_company(sync.link_of(Community.objects.get(pk=community_pk)).pk)


@shared_task
def fetch_file(pk: int) -> None:
    """Fetch the content of one file that somebody wants to open."""
    _perform(sync.fetch_file, pk, lane=Lane.PERSON)


def pull_soon(freshdesk_id: int) -> None:
    """A doorbell rings several times for one change: what rings within a moment is one pull. Never fails who rings."""
    if cache.add(_ring(freshdesk_id), True, RING_FORGOTTEN):
        after_commit(pull_ticket.apply_async, (freshdesk_id,), countdown=RING)


@shared_task
def pull_ticket(freshdesk_id: int) -> None:
    """Fetch the ticket that the doorbell named; whatever rings from now on is another pull."""
    cache.delete(_ring(freshdesk_id))
    _perform(sync.pull_ticket, freshdesk_id, lane=Lane.WEBHOOK)


def _ring(freshdesk_id: int) -> str:
    return f"freshdesk-ring:{freshdesk_id}"


@shared_task
def forget_old_lines() -> None:
    """The ledger remembers a month."""
    before = timezone.now() - REMEMBERED
    SyncEntry.objects.filter(at__lt=before).delete()
    SyncPass.objects.filter(began_at__lt=before).delete()


@shared_task(soft_time_limit=WHOLE_NIGHT, time_limit=WHOLE_NIGHT + 60)
def reconcile() -> None:
    """Compare both sides: edits and deletions that leave no trace, and what no walk can see. One at a time."""
    if not sync.is_connected():
        return
    with sync.alone("reconcile", lease=timedelta(seconds=WHOLE_NIGHT)) as is_alone:
        if is_alone:
            _perform(sync.reconcile, lane=Lane.BACKFILL, patience=sync.WHOLE_WINDOW)


@shared_task
def poll() -> None:
    """Bring in whatever changed in Freshdesk since the last walk; correctness never rests on webhooks."""
    if sync.is_connected():
        _perform(sync.poll, lane=Lane.BACKFILL if sync.is_first_import() else Lane.POLL)


def _perform(perform: Callable[..., Any], *args: Any, lane: Lane = Lane.POLL, patience: float = sync.PATIENCE) -> None:
    """Rows keep their own trouble; what a pull could not do the next poll will."""
    if not sync.is_connected():
        return
    with sync.open_freshdesk(lane=lane, patience=patience) as freshdesk:
        try:
            perform(freshdesk, *args)
        except OutsideError as error:
            logger.warning("%s %s: %s", perform.__name__, args, error)


sweep.register(sweep.Outbox("companies", CompanyLink, push_company))
sweep.register(sweep.Outbox("tickets", Ticket, push_ticket))
sweep.register(sweep.Outbox("messages", Message, push_message))
sweep.register(sweep.Outbox("files", Attachment, fetch_file))
sweep.register(sweep.Outbox("ratings", SatisfactionRating, push_rating))
