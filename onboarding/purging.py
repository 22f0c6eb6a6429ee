"""Keeping our word: an application that was never sent is deleted 60 days after its last change."""

from datetime import datetime

from onboarding.models import Application


def purge_drafts(now: datetime) -> int:
    """Delete the drafts whose time is over, with their links; how many there were."""
    _rows, deleted = Application.objects.drafts().filter(purge_after__lt=now).delete()
    return deleted.get("onboarding.Application", 0)
