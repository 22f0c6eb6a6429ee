"""Tasks of the onboarding room: each takes one key and calls one performing function."""

from celery import shared_task

from ground.sweep import Outbox, register
from onboarding import posting
from onboarding.models import Letter


@shared_task
def send_letter(pk: int) -> None:
    """Send one letter that waits."""
    posting.send(pk)


register(Outbox("letters", Letter, send_letter))
