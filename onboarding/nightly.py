"""What the room does at night."""

from celery import shared_task
from django.utils import timezone

from onboarding import retaining


@shared_task
def keep_no_longer() -> None:
    """Forget the people in applications whose time is over."""
    retaining.perform(timezone.now())
