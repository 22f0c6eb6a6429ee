"""Mails of the desk. When Freshdesk is connected, it alone mails requesters and none of these leaves."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from ground.mail import mail
from support.models import Message


@mail("support/answered.txt")
def answered(message_id: int) -> dict[str, Any]:
    """The answer itself, and where to follow the ticket."""
    message = Message.objects.public().select_related("ticket__community", "ticket__requester").get(pk=message_id)
    ticket = message.ticket
    community = ticket.community
    url = settings.SITE_URL + reverse("support:ticket", args=[community.slug, ticket.reference]) if community else ""
    return {"ticket": ticket, "message": message, "url": url}
