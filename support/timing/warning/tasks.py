"""Looks at the clocks every minute."""

from celery import shared_task

from support.timing import warning


@shared_task
def watch_clocks() -> None:
    """Warn of what is due soon, and say what is late."""
    warning.warn()
    warning.miss()
