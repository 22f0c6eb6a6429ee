"""Moving an application to the newest version of its form: offered, never done by itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from ground.actors import Actor
from ground.states import WrongState
from onboarding import intake
from onboarding.models import AnswerRevision, Application, FormVersion
from onboarding.questions.progress import missing
from onboarding.questions.shape import Field


@dataclass(frozen=True)
class Offer:
    """What would change: the questions whose answers are kept, those whose answers are not, and those that are to be answered."""

    is_newer: bool
    kept: Sequence[Field] = ()
    lost: Sequence[Field] = ()
    asked_anew: Sequence[Field] = ()


def offered(application: Application) -> Offer:
    """What the newest version of the form would change for these answers."""
    newest = _newest(application)
    return Offer(is_newer=False) if newest is None else _offer(application, newest)


@transaction.atomic
def upgrade(application: Application, *, by: Actor) -> Application:
    """Take over the answers whose key and type match. Raises `WrongState` when there is no newer version."""
    row = intake.locked(application)
    newest = _newest(row)
    if newest is None:
        raise WrongState(f"{row.reference} is on the newest version")
    kept = {question.key for question in _offer(row, newest).kept}
    row.answers = {key: value for key, value in row.answers.items() if key in kept}
    row.form_version = newest
    row.take_over()
    row.etag += 1
    row.save()
    if not row.is_draft:
        intake.record_revision(row, reason=AnswerRevision.Reason.UPGRADE, by=by)
    return row


def _newest(application: Application) -> FormVersion | None:
    """The version to fill in now, unless the application is on it."""
    current = FormVersion.objects.current().defer("schema").filter(definition=application.form_version.definition_id)
    return current.exclude(pk=application.form_version_id).first()


def _offer(application: Application, newest: FormVersion) -> Offer:
    asked_now = {question.key: question.type for question in newest.form.fields()}
    answered = [question for question in application.form_version.form.fields() if question.key in application.answers]
    kept = [question for question in answered if asked_now.get(question.key) == question.type]
    answers = {question.key: application.answers[question.key] for question in kept}
    return Offer(
        is_newer=True,
        kept=kept,
        lost=[question for question in answered if question not in kept],
        asked_anew=missing(newest.form, answers, "submit"),
    )
