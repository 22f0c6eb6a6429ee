"""Screening: the gates, and the start of the review."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from ground.actors import Actor
from onboarding import conflicts
from onboarding.models import Application, GateAnswer, RubricVersion
from onboarding.states import ApplicationState, GateResult


@dataclass(frozen=True)
class GateSays:
    """One gate as somebody found it."""

    gate: str
    result: GateResult
    note: str = ""


@transaction.atomic
def answer_gates(application: Application, *, answers: Sequence[GateSays], by: Actor) -> None:
    """Write down whether each gate holds; a later answer replaces an earlier one.

    Raises `Conflicted`, and KeyError for a gate the rubric lacks.
    """
    conflicts.refuse_hard(application, by=by)
    known = {gate.key for gate in RubricVersion.objects.current(application.programme).content.gates}
    for answer in answers:
        if answer.gate not in known:
            raise KeyError(answer.gate)
        GateAnswer.objects.update_or_create(
            application=application, gate=answer.gate, defaults={"result": answer.result, "note": answer.note, "answered_by": by.user}
        )
    log(application, "onboarding.answer_gates", user=by.user, data={"by": by.label})


@transaction.atomic
def start_review(application: Application, *, by: Actor, note: str = "") -> Application:
    """Open the application to reviewers. Raises `WrongState` unless it was sent, confirmed and waits."""
    return application.move_to(ApplicationState.IN_REVIEW, by=by, note=note)


@transaction.atomic
def mark_spam(application: Application, *, by: Actor) -> Application:
    """Take an application that nobody meant out of every list; it is kept."""
    return _spam(application, timezone.now(), by=by)


@transaction.atomic
def unmark_spam(application: Application, *, by: Actor) -> Application:
    """Put an application back that was taken for spam."""
    return _spam(application, None, by=by)


def _spam(application: Application, at: datetime | None, *, by: Actor) -> Application:
    row = Application.objects.select_for_update().get(pk=application.pk)
    row.spam_at = at
    row.save(update_fields=["spam_at"])
    log(row, "onboarding.spam" if at else "onboarding.not_spam", user=by.user, data={"by": by.label})
    return row
