"""Tasks of the onboarding room: each takes one key and calls one performing function."""

from celery import shared_task
from django.utils import timezone

from ground.sweep import Outbox, register
from onboarding import posting, purging, reminding
from onboarding.models import Letter


@shared_task
def send_letter(pk: int) -> None:
    """Send one letter that waits."""
    posting.send(pk)


@shared_task
def purge_drafts() -> None:
    """Delete the drafts whose time is over."""
    purging.purge_drafts(timezone.now())


@shared_task
def remind_of_drafts() -> None:
    """Mail who left a draft a week or a month ago."""
    reminding.remind(timezone.now())


register(Outbox("letters", Letter, send_letter))
