"""GitHub's tasks: each takes one key and calls one performing function. Without a token they do nothing."""

import logging

from celery import shared_task
from django.core.cache import cache

from ground import sweep
from ground.errors import OutsideError
from ground.outbox import after_commit
from support.escalating import performing
from support.escalating.connection import is_connected, open_github
from support.models import GitHubIssue

logger = logging.getLogger(__name__)
RING, RING_FORGOTTEN = 1.0, 60  # seconds: how long rings are gathered, and when one that was lost counts no more


@shared_task
def push_issue(pk: int) -> None:
    """Make or read one waiting issue."""
    if is_connected():
        with open_github() as github:
            performing.push_issue(github, pk)


@shared_task
def refresh(repository: str, number: int) -> None:
    """Read the issue that the doorbell named; whatever rings from now on is another read."""
    cache.delete(_ring(repository, number))
    if not is_connected():
        return
    with open_github() as github:
        try:
            performing.refresh(github, repository, number)
        except OutsideError as error:
            logger.warning("%s#%s was not read: %s", repository, number, error)


def refresh_soon(repository: str, number: int) -> None:
    """A doorbell rings several times for one change: what rings within a moment is one read. Never fails who rings."""
    if cache.add(_ring(repository, number), True, RING_FORGOTTEN):
        after_commit(refresh.apply_async, (repository, number), countdown=RING)


@shared_task
def poll() -> None:
    """Bring in whatever changed since the last walk; correctness never rests on webhooks."""
    if is_connected():
        with open_github() as github:
            performing.poll(github)


def _ring(repository: str, number: int) -> str:
    return f"github-ring:{repository.lower()}:{number}"


sweep.register(sweep.Outbox("issues", GitHubIssue, push_issue))
