"""Moving answers to a newer version of their form: offered to the applicant, never done on its own. Reading stays with the old version."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from ground.actors import Actor
from ground.states import WrongState
from ground.texts import pick
from onboarding import intake
from onboarding.models import AnswerRevision, Application, FormVersion
from onboarding.publishing import renames_of
from onboarding.questions.answers import say
from onboarding.questions.conditions import is_answered
from onboarding.questions.linting import names_of
from onboarding.questions.progress import asked
from onboarding.questions.shape import Answers, Field, Form
from onboarding.states import ApplicationState

CHOSEN_FROM = frozenset({"choice", "multi_choice"})


@dataclass(frozen=True)
class Offer:
    """What moving to the newest version would mean, in the words of the reader's language."""

    is_newer: bool
    kept: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    asked_anew: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Moved:
    """The answers as the newer form reads them, and what it cannot read: the old question with what was answered."""

    answers: dict[str, Any]
    kept: list[Field]
    lost: list[tuple[Field, Any]]


def offered(application: Application) -> Offer | None:
    """The offer for this application, or None: it is closed to changes, or its form is the newest."""
    newest = _newest(application)
    if newest is None or newest.pk == application.form_version_id or not _is_open(application):
        return None
    old, new = application.form_version.form, newest.form
    moved = move(old, new, application.answers, renames_of(newest.definition))
    return Offer(
        is_newer=True,
        kept=[pick(question.label) for question in moved.kept],
        lost=[f"{pick(question.label)}: {say(question, answer)}" for question, answer in moved.lost],
        asked_anew=[pick(question.label) for question in _asked_anew(new, moved.answers)],
    )


@transaction.atomic
def upgrade(application: Application, *, by: Actor) -> Offer:
    """Move the answers to the newest version of the form. Raises `WrongState` where that is not offered.

    Says what it did. What was sent before stays, as it was, in its own revision.
    """
    row = Application.objects.select_for_update(of=("self",)).select_related("form_version__definition").get(pk=application.pk)
    offer, newest = offered(row), _newest(row)
    if offer is None or newest is None:
        raise WrongState(f"{row.reference} has no newer form to move to")
    row.answers = move(row.form_version.form, newest.form, row.answers, renames_of(newest.definition)).answers
    row.form_version = newest
    row.etag += 1
    row.saved_at = timezone.now()
    row.take_over()
    row.save(update_fields=["answers", "form_version", "etag", "saved_at", "name", "country"])
    intake.record_revision(row, reason=AnswerRevision.Reason.UPGRADE, by=by)
    for name in ("answers", "form_version", "etag", "saved_at", "name", "country"):
        setattr(application, name, getattr(row, name))
    return offer


def move(old: Form, new: Form, answers: Answers, renames: Mapping[str, str]) -> Moved:
    """Copy every answer whose question is asked still, under the same key (or its new one) and of the same type."""
    before = {each.key: each for each in old.fields()}
    moved = Moved({}, [], [])
    met: set[str] = set()
    for question in new.fields():
        key = next((name for name in names_of(question.key, renames) if name in before and name in answers), None)
        if key is None or not _is_same(before[key], question):
            continue
        met.add(key)
        _copy(moved, before[key], question, answers[key])
    moved.lost.extend((each, answers[key]) for key, each in before.items() if key in answers and key not in met)
    moved.answers.update({key: value for key, value in answers.items() if key not in before and key not in moved.answers})
    return moved


def _is_same(before: Field, question: Field) -> bool:
    """Whether an answer may move along; nobody agreed to a statement in other words."""
    if before.type != question.type:
        return False
    return question.type != "consent" or (before.label, before.hint) == (question.label, question.hint)


def _copy(moved: Moved, before: Field, question: Field, answer: Any) -> None:
    """The answer under its new key; options that are gone are lost, and only they."""
    kept, gone = _options(question, answer) if question.type in CHOSEN_FROM else (answer, None)
    if gone:
        moved.lost.append((before, gone))
    if kept or not gone:
        moved.answers[question.key] = kept
        moved.kept.append(question)


def _options(question: Field, answer: Any) -> tuple[Any, Any]:
    """What of a choice is still offered, and what is not."""
    if not is_answered(answer):
        return answer, None
    if isinstance(answer, list):
        kept = [key for key in answer if key in question.option_keys]
        return kept, [key for key in answer if key not in kept]
    return (answer, None) if answer in question.option_keys else (None, answer)


def _asked_anew(form: Form, answers: Answers) -> Iterator[Field]:
    """Questions that these answers lead to and that have none, and are needed at some time."""
    return (question for _step, question in asked(form, answers) if question.key not in answers and question.required != "optional")


def _newest(application: Application) -> FormVersion | None:
    return FormVersion.objects.current().filter(definition=application.form_version.definition_id).select_related("definition").first()


def _is_open(application: Application) -> bool:
    """A draft, or one that was sent and waits for an answer of its applicant."""
    if application.state == ApplicationState.DRAFT:
        return True
    return application.is_waiting and application.state != ApplicationState.WITHDRAWN
