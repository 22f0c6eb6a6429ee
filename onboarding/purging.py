"""Keeping our word: an application that was never sent is deleted 60 days after its last change."""

from datetime import datetime

from django.db import transaction

from onboarding.models import Application, ApplicationFile


@transaction.atomic
def purge_drafts(now: datetime) -> int:
    """Delete the drafts whose time is over, with their links and files; how many there were."""
    over = Application.objects.drafts().filter(purge_after__lt=now)
    ApplicationFile.objects.filter(application__in=over).forget()
    _rows, deleted = over.delete()
    return deleted.get("onboarding.Application", 0)
