"""Mail is a row first: written with the decision, composed and sent after commit, blanked once sent.

A message of ours is a function that returns the context of its template; it runs while sending, so a secret such as a
resume link is minted there and kept nowhere:

    @mail("onboarding/resume.txt")
    def resume_link(application_id: int) -> Context: ...

    resume_link.queue(to="ana@example.org", language="es", application_id=7)

The template is `templates/mails/onboarding/resume.txt`; its first line is the subject.
"""

import email
import email.policy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Kind:
    """One kind of mail: its template and the function that composes its context."""

    template: str
    compose: Callable[..., Context]

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
        return EmailMessage(subject=subject.strip(), body=body.strip() + "\n", to=row.to)


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
    """Send one waiting mail through the transport that EMAIL_URL names. A transport's refusal is tried again later."""
    row = claim(OutgoingMail, pk)
    if row is None:
        return
    try:
        subject = _deliver(row)
    except OSError as error:  # smtplib's errors are OSErrors, like a network's
        if not row.retry_later(error):
            OutgoingMail.objects.filter(pk=pk).update(state=OutgoingMail.State.DEAD)
        return
    OutgoingMail.objects.filter(pk=pk).update(
        state=OutgoingMail.State.SENT, sent_at=timezone.now(), subject=subject[:250], message="", next_attempt_at=None, last_error=""
    )


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
