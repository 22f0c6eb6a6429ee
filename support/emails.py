"""Mails of the desk. When Freshdesk is connected, it alone mails requesters and none of these leaves."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from ground.mail import Outcome, mail
from support import threads
from support.models import Message, Ticket
from support.states import Delivery


@mail("support/answered.txt")
def answered(message_id: int) -> dict[str, Any]:
    """The answer itself, and where to follow the ticket."""
    message = Message.objects.public().select_related("ticket__community", "ticket__requester").get(pk=message_id)
    ticket = message.ticket
    return {
        "ticket": ticket,
        "subject": threads.subject_of(ticket),
        "message": message,
        "url": _address_of(ticket),
        "envelope": threads.envelope(message),
    }


@answered.settled
def keep_delivery(outcome: Outcome, *, message_id: int) -> None:
    """Show on the message what became of its mail; a bounce may be quicker than we are."""
    Message.objects.filter(pk=message_id, delivery=Delivery.QUEUED).update(
        delivery=Delivery.SENT if outcome.sent_at else Delivery.FAILED, mailed_at=outcome.sent_at, delivery_note=outcome.reason[:255]
    )


@mail("support/opened.txt")
def opened(ticket_id: int) -> dict[str, Any]:
    """That a mail has become a ticket. It repeats none of the mail's words: who sent it is not certain."""
    ticket = Ticket.objects.select_related("community").get(pk=ticket_id)
    return {
        "ticket": ticket,
        "subject": threads.subject_of(ticket),
        "url": _address_of(ticket),
        "envelope": threads.acknowledging(ticket),
    }


def language_of(ticket: Ticket) -> str:
    """The language in which its requester is written to."""
    person = ticket.requester.user if ticket.requester else None
    return person.language if person else ticket.community.language if ticket.community else "en"


def _address_of(ticket: Ticket) -> str:
    community = ticket.community
    return settings.SITE_URL + reverse("support:ticket", args=[community.slug, ticket.reference]) if community else ""
