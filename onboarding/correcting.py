"""Asking an applicant something, and answers changed after sending: worked on apart, handed in whole.

Until `answer` nobody but the applicant reads what is being changed.
"""

import uuid
from collections.abc import Iterable, Sequence

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from ground.actors import Actor
from ground.states import WrongState
from onboarding import emails, files, intake
from onboarding.intake import Incomplete
from onboarding.models import AnswerRevision, Application, Correction, Question
from onboarding.questions.answers import Reading
from onboarding.questions.conditions import leaves
from onboarding.questions.kinds.base import Typed
from onboarding.questions.progress import missing
from onboarding.questions.shape import Field, Form, Step
from onboarding.states import ApplicationState
from onboarding.writing import refuse_overtaken, refuse_stale, write

MAY_BE_ASKED = frozenset({ApplicationState.SCREENING, ApplicationState.IN_REVIEW, ApplicationState.DISCUSSION})
ASKED = "asked"
"""The key of the step that is made of the questions we asked for."""


@transaction.atomic
def ask(application: Application, *, text: str, field_keys: Sequence[str] = (), by: Actor) -> Question:
    """Ask the applicant, by a mail with a link to exactly those questions of the form (none: to all of them); its clock waits.

    The same question again, as long as it waits for its answer, is asked once. Raises `KeyError` for a question the form lacks or that may not be changed, `WrongState` unless somebody here reads the application.
    """
    row = intake.locked(application)
    if row.state not in MAY_BE_ASKED:
        raise WrongState(f"{row.reference} is {row.state}")
    if unknown := set(field_keys) - {each.key for each in changeable(row.form_version.form)}:
        raise KeyError(min(unknown))
    if asked := row.questions.waiting().filter(text=text, field_keys=list(field_keys)).first():
        return asked
    question = Question.objects.create(application=row, text=text, field_keys=list(field_keys), asked_by=by.user, asked_label=by.label)
    row.waiting_since = row.waiting_since or question.asked_at
    row.save(update_fields=["waiting_since"])
    log(row, "onboarding.ask", user=by.user, data={"by": by.label, "fields": list(field_keys)})
    emails.question.queue(to=row.email, language=row.language, question_id=question.pk)
    return question


def may_correct(application: Application) -> bool:
    """Whether the applicant may change answers now: while nobody scores them yet, and whenever we asked."""
    return application.state == ApplicationState.SCREENING or (application.is_waiting and application.state in MAY_BE_ASKED)


def pending(application: Application) -> Correction:
    """What the applicant is changing; nothing yet where there is no row."""
    correction = Correction.objects.filter(application=application).first() or Correction()
    correction.application = application
    return correction


@transaction.atomic
def save_page(
    application: Application, step: Step, typed: Typed, *, etag: int, by: Actor, window: uuid.UUID | None = None
) -> tuple[Correction, Reading]:
    """Keep what one page holds, apart from what was sent. Raises `StaleAnswers` and `WrongState` as `intake.save_page` does."""
    correction = _open(application, by=by)
    refuse_stale(correction, etag=etag, window=window)
    correction.answers, reading = write(correction.answers, application.form_version.form, step, typed)
    correction.written_in = window
    correction.etag += 1
    _keep(correction)
    return correction, reading


@transaction.atomic
def keep_page(application: Application, step: Step, typed: Typed, *, etag: int, by: Actor, window: uuid.UUID | None = None) -> Correction:
    """Keep what stands on a page while somebody still writes it. Raises `Overtaken` too."""
    refuse_overtaken(_open(application, by=by), etag=etag, window=window)
    correction, _reading = save_page(application, step, typed, etag=etag, window=window, by=by)
    return correction


@transaction.atomic
def attach(application: Application, question: Field, uploads: Sequence[UploadedFile], *, by: Actor) -> list[str]:
    """Add files to what is being changed; why some were not taken."""
    correction = _open(application, by=by)
    taken = files.take(application, question, correction.answers.get(question.key) or [], uploads)
    _keep_files(correction, question, taken.entries)
    return taken.problems


@transaction.atomic
def detach(application: Application, question: Field, key: uuid.UUID, *, by: Actor) -> None:
    """Take a file out of what is being changed; what was sent with it stays with what was sent."""
    correction = _open(application, by=by)
    _keep_files(correction, question, files.drop(application, correction.answers.get(question.key) or [], key))


@transaction.atomic
def answer(application: Application, *, by: Actor) -> AnswerRevision:
    """Hand in what was changed, as a new revision that answers every question we asked; nothing changed is an answer too.

    Raises `Incomplete` when an answer that is needed to send was emptied, and `WrongState` when we neither asked nor anything was changed.
    """
    row = intake.locked(application)
    correction, questions = pending(row), row.questions.waiting()
    if not may_correct(row) or (correction.pk is None and not questions.exists()):
        raise WrongState(f"{row.reference} has nothing to answer")
    answers = correction.answers
    if fields := missing(row.form_version.form, answers, "submit"):
        raise Incomplete(fields)
    row.answers, row.waiting_since = answers, None
    row.language = str(answers.get("applicant.language", row.language))
    row.take_over()
    row.save(update_fields=["answers", "waiting_since", "language", "name", "country"])
    files.hand_in(row, answers)
    revision = intake.record_revision(row, reason=AnswerRevision.Reason.APPLICANT, by=by)
    questions.update(answered_at=revision.at, answered_with=revision)
    Correction.objects.filter(application=row).delete()
    log(row, "onboarding.answer", user=by.user, data={"by": by.label, "revision": revision.number})
    return revision


@transaction.atomic
def drop(application: Application, *, by: Actor) -> None:  # noqa: ARG001  what was being changed is the applicant's
    """Leave everything as it was sent."""
    row = intake.locked(application)
    Correction.objects.filter(application=row).delete()
    row.files.filter(sent_at=None).forget()


def changeable(form: Form) -> list[Field]:
    """The questions whose answers may change after sending: all but the address, which is confirmed, what was agreed to in one version, and those no page draws."""
    return [each for each in form.fields() if not (each.verify or each.later or each.statement)]


def asked_step(form: Form, questions: Iterable[Question]) -> Step | None:
    """One page of the questions we asked for, with those that only follow from them; None when we asked for no one in particular."""
    lists = [question.field_keys for question in questions]
    if not lists or not all(lists):
        return None
    keys = {key for field_keys in lists for key in field_keys}
    fields = [each for each in changeable(form) if each.key in keys or _follows(each, keys)]
    return Step(key=ASKED, title={}, intro={}, fields=fields)


def _follows(field: Field, keys: set[str]) -> bool:
    return field.requires is not None and any(leaf.get("id") in keys for leaf in leaves(field.requires))


def _open(application: Application, *, by: Actor) -> Correction:  # noqa: ARG001  what is changed is the applicant's
    """The row to write into, in this transaction."""
    row = intake.locked(application)
    if not may_correct(row):
        raise WrongState(f"{row.reference} is {row.state}")
    return pending(row)


def _keep_files(correction: Correction, question: Field, entries: list[files.Entry]) -> None:
    correction.answers = {key: value for key, value in {**correction.answers, question.key: entries}.items() if value != []}
    _keep(correction)


def _keep(correction: Correction) -> None:
    correction.saved_at = timezone.now()
    correction.save()
