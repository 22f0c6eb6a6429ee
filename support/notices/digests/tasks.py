"""Every quarter of an hour the daily mails whose hour has come somewhere."""

from celery import shared_task

from support.notices.digests import writing


@shared_task
def write_due() -> None:
    """Write them; the outbox of mails sends."""
    writing.write_due()
