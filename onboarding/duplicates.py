"""Duplicates: the same wish sent twice is read once."""

from django.db import transaction
from wagtail.log_actions import log

from ground.actors import Actor
from onboarding.models import Application


@transaction.atomic
def merge(kept: Application, other: Application, *, by: Actor) -> Application:
    """Let the other one count as a second copy of the one that is kept."""
    row = Application.objects.select_for_update().get(pk=other.pk)
    row.duplicate_of = kept
    row.save(update_fields=["duplicate_of"])
    log(row, "onboarding.merge", user=by.user, data={"kept": kept.reference, "by": by.label})
    return row
