"""Reminding people of a draft they left, twice and no more: a week and a month after their last change."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from onboarding import emails
from onboarding.models import Application

AFTER_DAYS = (30, 7)  # the later one first: who missed the first gets only the second
AT_ONCE = 200


def remind(now: datetime) -> int:
    """Queue the reminders that are due; how many. Running it twice, or in two places at once, mails nobody twice."""
    return sum(_remind(application, days) for days in AFTER_DAYS for application in _due(now, days))


def _due(now: datetime, days: int) -> list[Application]:
    """Drafts with an address that nobody changed for so many days, and that were not reminded of it."""
    left = Application.objects.drafts().exclude(email="").filter(saved_at__lte=now - timedelta(days=days), purge_after__gt=now)
    return list(left.filter(_not_reminded(days)).order_by("saved_at", "pk")[:AT_ONCE])


def _not_reminded(days: int) -> Q:
    return Q(reminded_days__isnull=True) | Q(reminded_days__lt=days)


@transaction.atomic
def _remind(application: Application, days: int) -> bool:
    """Claim the reminder and queue its mail; whether it was ours to claim."""
    claimed = Application.objects.drafts().filter(_not_reminded(days), pk=application.pk, saved_at=application.saved_at)
    if not claimed.update(reminded_days=days):
        return False
    emails.reminder.queue(to=application.email, language=application.language, application_id=application.pk)
    return True
