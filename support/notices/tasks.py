"""Every minute the mails of notices whose time has come."""

from celery import shared_task

from support.notices import sending


@shared_task
def send_due() -> None:
    """Write them; the outbox of mails sends."""
    sending.send_due()
