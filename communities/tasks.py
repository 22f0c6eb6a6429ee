"""Tasks of the communities' room: each calls one function a row."""

from celery import shared_task
from django.utils import timezone

from communities import renewing, telling


@shared_task
def tell_news() -> None:
    """Send both sides of every proposed matrix what is new, at most once a day."""
    for pk in telling.waiting_for_news():
        telling.tell_news(pk)


@shared_task
def ask_for_renewals() -> None:
    """Ask both sides of every matrix whose day has come."""
    for pk in renewing.due(timezone.localdate()):
        renewing.ask(pk)
