"""Screening: the gates, and the start of the review."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from ground.actors import Actor
from ground.states import WrongState
from onboarding import conflicts
from onboarding.models import Application, GateAnswer, RetentionRule, RubricVersion
from onboarding.states import ApplicationState, Ending, GateResult

BEFORE_DECIDED = frozenset({ApplicationState.APPLIED, ApplicationState.SCREENING, ApplicationState.IN_REVIEW, ApplicationState.DISCUSSION})


@dataclass(frozen=True)
class GateSays:
    """One gate as somebody found it."""

    gate: str
    result: GateResult
    note: str = ""


@transaction.atomic
def answer_gates(application: Application, *, answers: Sequence[GateSays], by: Actor) -> None:
    """Write down whether each gate holds; a later answer replaces an earlier one.

    Raises `Conflicted`, `WrongState` for what is decided, spam or a second copy, and KeyError for a gate the rubric lacks.
    """
    conflicts.refuse_hard(application, by=by)
    if application.state not in BEFORE_DECIDED or application.spam_at or application.duplicate_of_id:
        raise WrongState(f"{application.reference} is not on its way")
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


def open_gates(application: Application) -> list[str]:
    """The keys of the gates that nobody has answered, or that are not known yet."""
    settled = set(application.gate_answers.exclude(result=GateResult.UNKNOWN).values_list("gate", flat=True))
    return [gate.key for gate in RubricVersion.objects.current(application.programme_id).content.gates if gate.key not in settled]


@transaction.atomic
def mark_spam(application: Application, *, by: Actor, note: str = "") -> Application:
    """Take it out of every queue. Whoever sent it is told nothing, and it can be undone. Raises `WrongState` for a draft, a decided one, and twice."""
    row = Application.objects.select_for_update().get(pk=application.pk)
    if row.spam_at is not None or row.state not in BEFORE_DECIDED:
        raise WrongState(f"{row.reference} cannot be marked as spam")
    return _mark(row, "onboarding.spam", spam_at=timezone.now(), by=by, note=note)


@transaction.atomic
def not_spam(application: Application, *, by: Actor, note: str = "") -> Application:
    """Put it back where it was. Raises `WrongState` when it is not marked."""
    row = Application.objects.select_for_update().get(pk=application.pk)
    if row.spam_at is None:
        raise WrongState(f"{row.reference} is not marked as spam")
    return _mark(row, "onboarding.not_spam", spam_at=None, by=by, note=note)


def _mark(row: Application, action: str, *, spam_at: datetime | None, by: Actor, note: str) -> Application:
    row.spam_at = spam_at
    row.retain_until = RetentionRule.objects.until(row, Ending.SPAM, since=spam_at) if spam_at else None
    row.save(update_fields=["spam_at", "retain_until"])
    log(row, action, user=by.user, data={"by": by.label, "note": note})
    return row
