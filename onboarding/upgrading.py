"""Moving an application to the newest version of its form: offered, never done by itself."""

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from ground.actors import Actor
from ground.states import WrongState
from ground.texts import pick
from onboarding import intake
from onboarding.models import AnswerRevision, Application, FormVersion
from onboarding.questions.progress import missing


@dataclass(frozen=True)
class Offer:
    """What would change, question by question, in the reader's language: answers kept, answers lost, and what is to be answered."""

    is_newer: bool
    kept: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    asked_anew: list[str] = field(default_factory=list)


def offered(application: Application) -> Offer | None:
    """What the newest version of the form would change for these answers; None where there is none that is newer."""
    newest = _newest(application)
    return _offer(application, newest) if newest else None


@transaction.atomic
def upgrade(application: Application, *, by: Actor) -> Offer:
    """Take over the answers whose key and type match. Raises `WrongState` when there is no newer version."""
    row = intake.locked(application)
    newest = _newest(row)
    if newest is None:
        raise WrongState(f"{row.reference} is on the newest version")
    offer = _offer(row, newest)
    row.answers = _kept(row, newest)
    row.form_version = newest
    row.take_over()
    row.etag += 1
    row.written_in = None
    row.save()
    if not row.is_draft:
        intake.record_revision(row, reason=AnswerRevision.Reason.UPGRADE, by=by)
    for name in ("answers", "form_version", "etag", "name", "country"):
        setattr(application, name, getattr(row, name))
    return offer


def _newest(application: Application) -> FormVersion | None:
    """The version to fill in now, unless the application is on it."""
    current = FormVersion.objects.current().defer("schema").filter(definition=application.form_version.definition_id)
    return current.exclude(pk=application.form_version_id).first()


def _kept(application: Application, newest: FormVersion) -> dict[str, Any]:
    """The answers whose key and type the newest version asks for as well."""
    asked_now = {question.key: question.type for question in newest.form.fields()}
    before = {question.key: question.type for question in application.form_version.form.fields()}
    return {key: answer for key, answer in application.answers.items() if key in before and asked_now.get(key) == before[key]}


def _offer(application: Application, newest: FormVersion) -> Offer:
    kept = _kept(application, newest)
    answered = [question for question in application.form_version.form.fields() if question.key in application.answers]
    return Offer(
        is_newer=True,
        kept=[pick(question.label) for question in answered if question.key in kept],
        lost=[pick(question.label) for question in answered if question.key not in kept],
        asked_anew=[pick(question.label) for question in missing(newest.form, kept, "submit")],
    )
