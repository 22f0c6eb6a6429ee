"""Looks at the clock every minute: ends what was solved, and writes down what is over."""

from celery import shared_task
from django.utils import timezone

from support.working.timeboxing.deciding import settle_solved, tell_over


@shared_task
def look() -> None:
    """Safe to run twice, or late: a timebox is a row with its end, not a timer."""
    settle_solved()
    tell_over(timezone.now())
