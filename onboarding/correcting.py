"""Correcting: ask the applicant for what is missing, and go on once it is answered."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from ground.actors import Actor
from onboarding.models import Application


@transaction.atomic
def ask(application: Application, *, text: str, field_keys: Sequence[str] = (), by: Actor) -> Application:
    """Let the application wait for its applicant, who is asked this about these questions."""
    row = Application.objects.select_for_update().get(pk=application.pk)
    row.waiting_since = row.waiting_since or timezone.now()
    row.save(update_fields=["waiting_since"])
    log(row, "onboarding.ask", user=by.user, data={"text": text, "fields": list(field_keys), "by": by.label})
    return row


@transaction.atomic
def answer(application: Application, *, by: Actor) -> Application:
    """The applicant has answered: the application goes on."""
    row = Application.objects.select_for_update().get(pk=application.pk)
    row.waiting_since = None
    row.save(update_fields=["waiting_since"])
    log(row, "onboarding.answer", user=by.user, data={"by": by.label})
    return row
