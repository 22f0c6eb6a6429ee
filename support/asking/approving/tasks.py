"""Looks every hour whether somebody waits for an approval too long."""

from celery import shared_task

from support.asking.approving.reminding import remind


@shared_task
def remind_of_approvals() -> None:
    """Remind who may approve; after a week tell the desk."""
    remind()
