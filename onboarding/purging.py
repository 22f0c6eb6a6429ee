"""Keeping our word: an application that was never sent is deleted 60 days after its last change."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from onboarding.models import Application, ApplicationFile
from onboarding.states import ApplicationState


def purge_drafts(now: datetime) -> int:
    """Delete the drafts whose time is over; how many there were."""
    return delete(Application.objects.filter(purge_after__lt=now))


@transaction.atomic
def delete(applications: QuerySet[Application]) -> int:
    """Delete those of them that were never sent, with their links and files; how many there were."""
    drafts = applications.filter(state=ApplicationState.DRAFT)
    ApplicationFile.objects.filter(application__in=drafts).forget()
    _rows, deleted = drafts.delete()
    return deleted.get("onboarding.Application", 0)
