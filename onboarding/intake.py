"""Intake: from the first page of the form to an application that waits for its reviewers."""

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from ground.actors import Actor
from ground.rates import Limit, allows
from ground.references import new_reference
from ground.states import WrongState
from hubs import drifting
from onboarding import files, hub_facts, statements
from onboarding.emails import acknowledgement, resume_link, withdrawn
from onboarding.models import AnswerRevision, Application, FormVersion, ResumeToken, RetentionRule
from onboarding.questions.answers import Reading
from onboarding.questions.kinds.base import Typed
from onboarding.questions.progress import hidden_keys, missing
from onboarding.questions.shape import Field, Step
from onboarding.states import ApplicationState, Ending
from onboarding.tasks import compare_application
from onboarding.writing import refuse_overtaken, refuse_stale, write

SHORTEST_TIME = timedelta(seconds=1)  # ten pages; a machine that means well takes longer, one that floods does not
MAILS_TO_ONE = Limit("intake-mails", 6, 3600)  # whoever asks for them


class Incomplete(Exception):
    """Answers that are needed to send are missing; `fields` are their questions."""

    def __init__(self, fields: list[Field]) -> None:
        super().__init__(", ".join(field.key for field in fields))
        self.fields = fields


class TooQuick(Exception):
    """Sent faster than anybody reads: most likely not by a person."""


def applicant(application: Application) -> Actor:
    """Who acts in a session that holds this application."""
    return Actor.applicant(str(application.answers.get("contact.name") or application.reference))


@transaction.atomic
def start(form: FormVersion, *, language: str, email: str = "", by: Actor) -> Application:
    """Begin a draft; with an e-mail address its link is mailed at once."""
    answers: dict[str, Any] = {"applicant.language": language}
    if by.user is not None:
        answers["contact.name"] = by.user.get_full_name()
    application = Application.objects.create(
        reference=new_reference("CI"),
        programme=form.definition.programme,
        form_version=form,
        language=language,
        answers=answers,
        purge_after=timezone.now() + timedelta(days=RetentionRule.objects.days(form.definition_id, Ending.DRAFT)),
    )
    if email:
        _know_email(application, email)
        application.answers["contact.email"] = application.email
        application.save()
    return application


@transaction.atomic
def save_page(application: Application, step: Step, typed: Typed, *, etag: int, by: Actor, window: uuid.UUID | None = None) -> Reading:
    """Keep what one page holds, as far as it can be kept; what cannot is in the reading's problems.

    Brings `application` up to date. Raises `StaleAnswers` when another window saved first, `WrongState` when it was sent.
    A window that saved last may save again with an old etag: the answer to its last save was lost on the way.
    """
    row, reading = _saved(application, step, typed, etag=etag, window=window, by=by)
    _know_answered_email(row)
    row.save()
    statements.keep(row, step.fields, statements.agreed_on_page(step.fields, typed))
    _bring_up_to_date(application, row)
    return reading


@transaction.atomic
def keep_page(application: Application, step: Step, typed: Typed, *, etag: int, by: Actor, window: uuid.UUID | None = None) -> None:
    """Keep what stands on a page while somebody still writes it, as `save_page` does; an address may be half typed and gets no mail yet.

    Raises `Overtaken` too: on a slow line it can come after the button that was pressed later.
    """
    refuse_overtaken(_draft(application, by=by), etag=etag, window=window)
    row, _reading = _saved(application, step, typed, etag=etag, window=window, by=by)
    row.save()
    _bring_up_to_date(application, row)


@transaction.atomic
def attach(application: Application, question: Field, uploads: Sequence[UploadedFile], *, by: Actor) -> list[str]:
    """Add files to an answer; why some were not taken. It stales no page: files come one by one, and nobody's words are written over."""
    row = _draft(application, by=by)
    taken = files.take(row, question, row.answers.get(question.key) or [], uploads)
    _keep_files(application, row, question.key, taken.entries)
    return taken.problems


@transaction.atomic
def detach(application: Application, question: Field, key: uuid.UUID, *, by: Actor) -> None:
    """Take a file out of an answer; doing it twice is once."""
    row = _draft(application, by=by)
    _keep_files(application, row, question.key, files.drop(row, row.answers.get(question.key) or [], key))


@transaction.atomic
def send(application: Application, *, idempotency_key: uuid.UUID, agreed: statements.Agreed | None = None, by: Actor) -> Application:
    """Freeze the answers, acknowledge them by mail, and hand them on. A second click with the same key changes nothing.

    Raises `Incomplete`, `ConsentOutdated`, `TooQuick`, or `WrongState` when it was sent otherwise.
    """
    row = locked(application)
    if row.sent_at is not None and row.idempotency_key == idempotency_key:
        return row
    if not row.is_draft or row.idempotency_key != idempotency_key:
        raise WrongState(f"{row.reference} was sent already")
    if fields := missing(row.form_version.form, row.answers, "submit"):
        raise Incomplete(fields)
    if timezone.now() - row.created_at < SHORTEST_TIME:
        raise TooQuick
    statements.settle(row, agreed or {})
    row.sent_at = timezone.now()
    row.save(update_fields=["sent_at"])
    files.hand_in(row, row.answers)
    record_revision(row, reason=AnswerRevision.Reason.SENT, by=by)
    row.move_to(ApplicationState.APPLIED, by=by)
    row.purge_after = None
    row.save(update_fields=["purge_after"])
    acknowledgement.queue(to=row.email, language=row.language, application_id=row.pk)
    if row.is_verified:
        row.move_to(ApplicationState.SCREENING, by=by)
    compare_application.delay_on_commit(row.pk)  # type: ignore[attr-defined]  # ground.outbox.Task has it
    return row


def record_revision(application: Application, *, reason: AnswerRevision.Reason, by: Actor) -> AnswerRevision:
    """Keep the answers as they are now, for good; hub requests that were made from earlier ones hear of it."""
    revision = AnswerRevision.objects.create(
        application=application,
        number=application.revisions.count() + 1,
        form_version=application.form_version,
        answers=application.answers,
        hidden_keys=hidden_keys(application.form_version.form, application.answers),
        reason=reason,
        actor=by.user,
        actor_label=by.label,
    )
    if application.community_id:
        facts = hub_facts.values(application.form_version.form, revision.shown_answers)
        drifting.hear({application.community_id: facts}, source=drifting.INTAKE)
    return revision


@transaction.atomic
def resume(token: ResumeToken, *, by: Actor) -> Application:
    """Open an application by its mailed link, which confirms the address of a draft. What was sent is confirmed by the command `verify`."""
    ResumeToken.objects.filter(pk=token.pk).update(uses=F("uses") + 1, last_used_at=timezone.now())
    return verify(token.application, by=by) if token.application.is_draft else token.application


@transaction.atomic
def verify(application: Application, *, by: Actor) -> Application:
    """Confirm the e-mail address; an application that waited for it goes to its screeners."""
    row = locked(application)
    if not row.is_verified and row.email:
        row.email_verified_at = timezone.now()
        row.save(update_fields=["email_verified_at"])
    if row.state == ApplicationState.APPLIED:
        row.move_to(ApplicationState.SCREENING, by=by)
        compare_application.delay_on_commit(row.pk)  # type: ignore[attr-defined]  # ground.outbox.Task has it
    return row


@transaction.atomic
def correct_email(application: Application, email: str, *, by: Actor) -> Application:
    """Another address for an application whose first one nobody has confirmed; the acknowledgement goes there."""
    row = locked(application)
    if row.state != ApplicationState.APPLIED:
        raise WrongState(f"{row.reference} is {row.state}")
    row.resume_tokens.valid().update(revoked_at=timezone.now())
    row.email = email.lower()
    row.answers = {**row.answers, "contact.email": row.email}
    row.save(update_fields=["email", "answers"])
    record_revision(row, reason=AnswerRevision.Reason.APPLICANT, by=by)
    if allows(MAILS_TO_ONE, row.email):
        acknowledgement.queue(to=row.email, language=row.language, application_id=row.pk)
    return row


def mail_link(email: str) -> None:
    """Mail a new link for the latest application of that address, if there is one and it has not had many within the hour."""
    application = Application.objects.filter(email=email.lower()).exclude(state=ApplicationState.WITHDRAWN).order_by("-saved_at").first()
    if application is not None and allows(MAILS_TO_ONE, email.lower()):
        resume_link.queue(to=application.email, language=application.language, application_id=application.pk)


@transaction.atomic
def know_email(application: Application, email: str, *, by: Actor) -> Application:  # noqa: ARG001  a draft's changes are the applicant's
    """Take the address of a draft before its own question comes, and mail the link there."""
    row = locked(application)
    if not row.is_draft:
        raise WrongState(f"{row.reference} was sent")
    _know_email(row, email)
    row.answers = {**row.answers, "contact.email": row.email}
    row.etag += 1
    row.written_in = None
    row.save()
    return row


@transaction.atomic
def withdraw(application: Application, *, by: Actor, note: str = "") -> Application:
    """Take an application back; it stays readable."""
    row = locked(application)
    row.move_to(ApplicationState.WITHDRAWN, by=by, note=note)
    row.purge_after = row.waiting_since = None
    row.retain_until = RetentionRule.objects.until(row, Ending.WITHDRAWN)
    row.save(update_fields=["purge_after", "waiting_since", "retain_until"])
    if row.sent_at and row.email:
        withdrawn.queue(to=row.email, language=row.language, application_id=row.pk)
    return row


def _draft(application: Application, *, by: Actor) -> Application:  # noqa: ARG001  a draft's changes are the applicant's
    row = locked(application)
    if not row.is_draft:
        raise WrongState(f"{row.reference} was sent")
    return row


def _saved(
    application: Application, step: Step, typed: Typed, *, etag: int, window: uuid.UUID | None, by: Actor
) -> tuple[Application, Reading]:
    """The row with that page in it, not yet written."""
    row = _draft(application, by=by)
    refuse_stale(row, etag=etag, window=window)
    row.answers, reading = write(row.answers, row.form_version.form, step, typed)
    row.take_over()
    row.language = str(row.answers.get("applicant.language", row.language))
    row.etag += 1
    row.written_in = window
    _touch(row)
    return row, reading


def _keep_files(application: Application, row: Application, key: str, entries: list[files.Entry]) -> None:
    row.answers = {name: value for name, value in {**row.answers, key: entries}.items() if name != key or value}
    _touch(row)
    row.save(update_fields=["answers", "saved_at", "purge_after"])
    _bring_up_to_date(application, row)


def _touch(row: Application) -> None:
    """Changed now: its days begin again."""
    life = row.purge_after - row.saved_at if row.purge_after else timedelta(0)
    row.saved_at = timezone.now()
    row.purge_after = row.saved_at + life


def locked(application: Application) -> Application:
    """The row as it is now, for who changes it in this transaction."""
    return (
        Application.objects.select_for_update(of=("self",))
        .select_related("form_version__definition")
        .defer("form_version__schema")
        .get(pk=application.pk)
    )


def _bring_up_to_date(application: Application, row: Application) -> None:
    for name in ("answers", "etag", "email", "email_verified_at", "language", "saved_at", "purge_after"):
        setattr(application, name, getattr(row, name))


def _know_answered_email(application: Application) -> None:
    """The address that the answers give becomes the application's own."""
    email = next((application.answers.get(field.key) for field in application.form_version.form.fields() if field.verify), None)
    if email:
        _know_email(application, str(email))


def _know_email(application: Application, email: str) -> None:
    """A new address is not confirmed yet; links mailed to another one open nothing any more."""
    if email.lower() == application.email:
        return
    application.email = email.lower()
    application.email_verified_at = None
    application.resume_tokens.valid().update(revoked_at=timezone.now())
    if allows(MAILS_TO_ONE, application.email):
        resume_link.queue(to=application.email, language=application.language, application_id=application.pk)
