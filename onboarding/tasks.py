"""Tasks of the onboarding room: each takes one key and calls one performing function."""

from celery import shared_task
from django.utils import timezone

from ground.sweep import Outbox, register
from onboarding import comparing, posting, purging, reminding, urging
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


@shared_task
def compare_application(pk: int) -> None:
    """Look for another application that is the same wish."""
    comparing.compare_one(pk)


@shared_task
def compare_applications() -> None:
    """Look for applications that are the same wish among all of them."""
    comparing.compare_all()


@shared_task
def urge_reviewers() -> None:
    """Remind reviewers of what is due, and tell the leads what did not come."""
    urging.urge(timezone.now())
    urging.tell_leads(timezone.now())


register(Outbox("letters", Letter, send_letter))
