"""Screening: the gates, and the start of the review."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from wagtail.log_actions import log

from ground.actors import Actor
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
    """Write down whether each gate holds; a later answer replaces an earlier one. Raises KeyError for a gate the rubric lacks."""
    known = {gate.key for gate in RubricVersion.objects.current(application.programme).content.gates}
    for answer in answers:
        if answer.gate not in known:
            raise KeyError(answer.gate)
        GateAnswer.objects.update_or_create(
            application=application, gate=answer.gate, defaults={"result": answer.result, "note": answer.note, "answered_by": by.user}
        )
    log(application, "onboarding.answer_gates", user=by.user, data={"by": by.label})


@transaction.atomic
def start_review(application: Application, *, by: Actor) -> Application:
    """Open the application to reviewers. Raises `WrongState` unless it was sent, confirmed and waits."""
    return application.move_to(ApplicationState.IN_REVIEW, by=by)


def open_gates(application: Application) -> list[str]:
    """The keys of the gates that nobody has answered, or that are not known yet."""
    settled = set(application.gate_answers.exclude(result=GateResult.UNKNOWN).values_list("gate", flat=True))
    return [gate.key for gate in RubricVersion.objects.current(application.programme_id).content.gates if gate.key not in settled]
