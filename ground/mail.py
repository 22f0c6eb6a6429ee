"""Mail is a row first: written with the decision, composed and sent after commit, blanked once sent.

A message of ours is a function that returns the context of its template; it runs while sending, so a secret such as a
resume link is minted there and kept nowhere:

    @mail("onboarding/resume.txt")
    def resume_link(application_id: int) -> Context: ...

    resume_link.queue(to="ana@example.org", language="es", application_id=7)

The template is `templates/mails/onboarding/resume.txt`; its first line is the subject. A context may hold an `Envelope` for
what stands on the mail beside its words, and a kind may ask to be told what became of each of its mails:

    @resume_link.settled
    def note(outcome: Outcome, *, application_id: int) -> None: ...
"""

import email
import email.policy
import smtplib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage as ParsedMessage
from typing import Any

from celery import current_app
from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from ground.models import OutgoingMail
from ground.outbox import claim

Context = dict[str, Any]
KINDS: dict[str, "Kind"] = {}


class NothingToSay(Exception):
    """What the mail was to tell is no longer for its reader: it does not leave, and its row goes."""


@dataclass(frozen=True)
class Envelope:
    """What stands on a mail beside its words: headers of its thread, and who gets a copy."""

    headers: Mapping[str, str] = field(default_factory=dict)
    cc: Sequence[str] = ()


@dataclass(frozen=True)
class Outcome:
    """What became of a mail: it left at that time, or was given up for that reason."""

    sent_at: datetime | None = None
    reason: str = ""


Settled = Callable[..., None]


@dataclass
class Kind:
    """One kind of mail: its template, the function that composes its context, and who hears what became of it."""

    template: str
    compose: Callable[..., Context]
    hears: Settled | None = None

    def settled(self, hears: Settled) -> Settled:
        """Declare who hears what became of a mail of this kind: `hears(outcome, **params)`."""
        self.hears = hears
        return hears

    def queue(self, *, to: str, language: str, **params: Any) -> OutgoingMail:
        """Write the row; the mail leaves after commit. `params` are plain values (keys of rows, never secrets)."""
        row = OutgoingMail.objects.create(kind=self.template, params=params, to=[to], language=language)
        row.wait_for_outside(_task())
        return row

    def render(self, row: OutgoingMail) -> EmailMessage:
        with translation.override(row.language):
            context = self.compose(**row.params) | {
                "site_url": settings.SITE_URL,
                "operator": settings.OPERATOR_NAME,
                "support_email": settings.SUPPORT_EMAIL,
            }
            subject, _, body = render_to_string(f"mails/{self.template}", context).strip().partition("\n")
        envelope = context.get("envelope", Envelope())
        return EmailMessage(
            subject=subject.strip(), body=body.strip() + "\n", to=row.to, cc=list(envelope.cc), headers=dict(envelope.headers)
        )


def mail(template: str) -> Callable[[Callable[..., Context]], Kind]:
    """Declare a kind of mail by its template under `templates/mails/`."""

    def declare(compose: Callable[..., Context]) -> Kind:
        KINDS[template] = Kind(template, compose)
        return KINDS[template]

    return declare


class RowBackend(BaseEmailBackend):
    """Django's e-mail backend of this site: what Django, allauth and Wagtail send becomes a row too."""

    def send_messages(self, email_messages: Sequence[Any]) -> int:
        for message in email_messages:
            row = OutgoingMail.objects.create(subject=message.subject[:250], message=message.message().as_string(), to=message.recipients())
            row.wait_for_outside(_task())
        return len(email_messages)


def send(pk: int) -> None:
    """Send one waiting mail through the transport that EMAIL_URL names. Only a refusal for good ends it before its last attempt."""
    row = claim(OutgoingMail, pk)
    if row is None:
        return
    try:
        subject = _deliver(row)
    except OSError as error:  # smtplib's errors are OSErrors, like a network's
        _not_sent(row, error)
        return
    except NothingToSay:
        row.delete()
        return
    now = timezone.now()
    OutgoingMail.objects.filter(pk=pk).update(
        state=OutgoingMail.State.SENT, sent_at=now, subject=subject[:250], message="", next_attempt_at=None, last_error=""
    )
    _tell(row, Outcome(sent_at=now))


def _not_sent(row: OutgoingMail, error: OSError) -> None:
    reason = _refusal(error)
    if reason:
        row.give_up(reason)
    elif row.retry_later(error):
        return
    OutgoingMail.objects.filter(pk=row.pk).update(state=OutgoingMail.State.DEAD)
    _tell(row, Outcome(reason=reason or str(error)))


def _refusal(error: OSError) -> str:
    """The server's words when it refused these recipients or this mail for good; empty when it may yet take them."""
    answers: list[tuple[int, bytes | str]] = []
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        answers = list(error.recipients.values())
    elif isinstance(error, smtplib.SMTPDataError):
        answers = [(error.smtp_code, error.smtp_error)]
    if not answers or any(code < 500 for code, _words in answers):
        return ""
    return "; ".join(f"{code} {words.decode(errors='replace') if isinstance(words, bytes) else words}" for code, words in answers)


def _tell(row: OutgoingMail, outcome: Outcome) -> None:
    hears = KINDS[row.kind].hears if row.kind else None
    if hears is not None:
        hears(outcome, **row.params)


@transaction.atomic
def _deliver(row: OutgoingMail) -> str:
    """Compose and hand over; what composing minted is kept only if the transport took the mail."""
    message = KINDS[row.kind].render(row) if row.kind else _kept(row)
    get_connection(settings.EMAIL_TRANSPORT).send_messages([message])
    return str(message.subject)


def _kept(row: OutgoingMail) -> EmailMessage:
    """The message that Django's own mail functions wrote: its words, and its HTML when it has any."""
    parsed: ParsedMessage = email.message_from_string(row.message, policy=email.policy.default)
    plain, html = parsed.get_body(("plain",)), parsed.get_body(("html",))
    message = EmailMultiAlternatives(str(parsed["Subject"]), plain.get_content() if plain else "", str(parsed["From"]), row.to)
    if html:
        message.attach_alternative(html.get_content(), "text/html")
    return message


def _task() -> Any:
    return current_app.tasks["ground.tasks.send_mail"]
