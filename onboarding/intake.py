"""Intake: from the first page of the form to an application that waits for its reviewers."""

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from ground.actors import Actor
from ground.references import new_reference
from ground.states import WrongState
from onboarding.emails import acknowledgement, resume_link
from onboarding.models import AnswerRevision, Application, FormVersion, ResumeToken
from onboarding.questions.answers import Reading, read_page
from onboarding.questions.kinds.base import Typed
from onboarding.questions.progress import fields_shown, hidden_keys, missing
from onboarding.questions.shape import Field, Step
from onboarding.states import ApplicationState
from onboarding.tasks import compare_application

DRAFT_LIFE = timedelta(days=60)
SHORTEST_TIME = timedelta(seconds=1)  # ten pages; a machine that means well takes longer, one that floods does not
MAILS_AN_HOUR = 6


class StaleAnswers(Exception):
    """The answers were saved in another tab meanwhile; `application` holds them as they are now."""

    def __init__(self, application: Application) -> None:
        super().__init__(f"{application.reference} is at {application.etag}")
        self.application = application


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
        purge_after=timezone.now() + DRAFT_LIFE,
    )
    if email:
        _know_email(application, email)
        application.answers["contact.email"] = application.email
        application.save()
    return application


@transaction.atomic
def save_page(application: Application, step: Step, typed: Typed, *, etag: int, by: Actor) -> Reading:  # noqa: ARG001  a draft's changes are the applicant's
    """Keep what one page holds, as far as it can be kept; what cannot is in the reading's problems.

    Brings `application` up to date. Raises `StaleAnswers` when another tab saved first, `WrongState` when it was sent.
    """
    row = _locked(application)
    if not row.is_draft:
        raise WrongState(f"{row.reference} was sent")
    if row.etag != etag:
        raise StaleAnswers(row)
    form = row.form_version.form
    reading = read_page([field for field in step.fields if not field.later], typed, row.answers)
    answers = {**row.answers, **_kept(reading.values)}
    shown = {field.key for field in fields_shown(form, step, answers)}
    row.answers = {
        key: value for key, value in answers.items() if not (key in shown and key in reading.values and reading.values[key] is None)
    }
    _take_over(row)
    row.etag += 1
    row.saved_at = timezone.now()
    row.purge_after = row.saved_at + DRAFT_LIFE
    row.save()
    _bring_up_to_date(application, row)
    return Reading(values=reading.values, problems={key: words for key, words in reading.problems.items() if key in shown})


@transaction.atomic
def send(application: Application, *, idempotency_key: uuid.UUID, by: Actor) -> Application:
    """Freeze the answers, acknowledge them by mail, and hand them on. A second click with the same key changes nothing.

    Raises `Incomplete`, `TooQuick`, or `WrongState` when it was sent otherwise.
    """
    row = _locked(application)
    if row.sent_at is not None and row.idempotency_key == idempotency_key:
        return row
    if not row.is_draft or row.idempotency_key != idempotency_key:
        raise WrongState(f"{row.reference} was sent already")
    if fields := missing(row.form_version.form, row.answers, "submit"):
        raise Incomplete(fields)
    if timezone.now() - row.created_at < SHORTEST_TIME:
        raise TooQuick
    row.sent_at = timezone.now()
    row.save(update_fields=["sent_at"])
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
    """Keep the answers as they are now, for good."""
    return AnswerRevision.objects.create(
        application=application,
        number=application.revisions.count() + 1,
        form_version=application.form_version,
        answers=application.answers,
        hidden_keys=hidden_keys(application.form_version.form, application.answers),
        reason=reason,
        actor=by.user,
        actor_label=by.label,
    )


@transaction.atomic
def resume(token: ResumeToken, *, by: Actor) -> Application:
    """Open an application by its mailed link, which also confirms the e-mail address it was mailed to."""
    ResumeToken.objects.filter(pk=token.pk).update(uses=F("uses") + 1, last_used_at=timezone.now())
    return verify(token.application, by=by)


@transaction.atomic
def verify(application: Application, *, by: Actor) -> Application:
    """Confirm the e-mail address; an application that waited for it goes to its screeners."""
    row = _locked(application)
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
    row = _locked(application)
    if row.state != ApplicationState.APPLIED:
        raise WrongState(f"{row.reference} is {row.state}")
    row.resume_tokens.valid().update(revoked_at=timezone.now())
    row.email = email.lower()
    row.answers = {**row.answers, "contact.email": row.email}
    row.save(update_fields=["email", "answers"])
    record_revision(row, reason=AnswerRevision.Reason.APPLICANT, by=by)
    if _may_mail(row.email):
        acknowledgement.queue(to=row.email, language=row.language, application_id=row.pk)
    return row


def mail_link(email: str) -> None:
    """Mail a new link for the latest application of that address, if there is one and it has not had many within the hour."""
    application = Application.objects.filter(email=email.lower()).exclude(state=ApplicationState.WITHDRAWN).order_by("-saved_at").first()
    if application is not None and _may_mail(email.lower()):
        resume_link.queue(to=application.email, language=application.language, application_id=application.pk)


@transaction.atomic
def know_email(application: Application, email: str, *, by: Actor) -> Application:  # noqa: ARG001  a draft's changes are the applicant's
    """Take the address of a draft before its own question comes, and mail the link there."""
    row = _locked(application)
    if not row.is_draft:
        raise WrongState(f"{row.reference} was sent")
    _know_email(row, email)
    row.answers = {**row.answers, "contact.email": row.email}
    row.etag += 1
    row.save()
    return row


@transaction.atomic
def withdraw(application: Application, *, by: Actor, note: str = "") -> Application:
    """Take an application back; it stays readable."""
    row = _locked(application)
    row.move_to(ApplicationState.WITHDRAWN, by=by, note=note)
    row.purge_after = None
    row.save(update_fields=["purge_after"])
    return row


def _locked(application: Application) -> Application:
    return Application.objects.select_for_update(of=("self",)).select_related("form_version__definition").get(pk=application.pk)


def _bring_up_to_date(application: Application, row: Application) -> None:
    for name in ("answers", "etag", "email", "email_verified_at", "language", "saved_at", "purge_after"):
        setattr(application, name, getattr(row, name))


def _kept(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}


def _take_over(application: Application) -> None:
    """The name, the address and the language that the answers give become the application's own."""
    application.take_over()
    application.language = str(application.answers.get("applicant.language", application.language))
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
    if _may_mail(application.email):
        resume_link.queue(to=application.email, language=application.language, application_id=application.pk)


def _may_mail(email: str) -> bool:
    """A few mails an hour to one address, whoever asks for them."""
    key = f"intake-mails:{uuid.uuid5(uuid.NAMESPACE_URL, email)}"
    mailed: int = cache.get(key, 0)
    cache.set(key, mailed + 1, 3600)
    return mailed < MAILS_AN_HOUR
