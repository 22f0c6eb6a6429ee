"""Which ticket a mail belongs to, and whether its sender may write there."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from django.db.models import Q

from support import threads
from support.access import can_see
from support.mailing.senders import Sender
from support.mailing.shapes import ReadMail
from support.models import Message, Ticket
from support.policy import is_desk_staff


class Standing(Enum):
    """How somebody stands to a ticket's thread."""

    INSIDE = "inside"
    STAFF = "staff"
    ADDRESSED = "addressed"
    STRANGER = "stranger"


@dataclass(frozen=True)
class Match:
    """The ticket a mail belongs to, or the one it names without belonging there."""

    ticket: Ticket
    standing: Standing

    @property
    def joins(self) -> bool:
        return self.standing is not Standing.STRANGER


def match(mail: ReadMail, sender: Sender) -> Match | None:
    """By the ids it answers, newest first; else by the reference in its subject, if the sender may write there."""
    if (ticket := by_ids(answered_ids(mail))) is not None:
        return Match(ticket, standing_of(sender, ticket))
    ticket = Ticket.objects.kept().filter(reference=threads.reference_in_subject(mail.subject)).select_related("requester").first()
    return Match(ticket, standing_of(sender, ticket)) if ticket else None


def answered_ids(mail: ReadMail) -> list[str]:
    """What it answers first, then the thread from its end."""
    return list(dict.fromkeys(each for each in (mail.in_reply_to, *reversed(mail.references)) if each))[:50]


def by_ids(ids: Sequence[str]) -> Ticket | None:
    """The ticket of the first id that we know."""
    if not ids:
        return None
    found = dict(Message.objects.filter(message_id__in=ids).values_list("message_id", "ticket"))
    own = {each: threads.reference_in_id(each) for each in ids}
    rows = (
        Ticket.objects.kept()
        .select_related("requester")
        .filter(Q(message_id__in=ids) | Q(reference__in=set(filter(None, own.values()))) | Q(pk__in=found.values()))
    )
    tickets = list(rows)
    return next((ticket for each in ids for ticket in tickets if _is_of(each, ticket, found, own)), None)


def _is_of(message_id: str, ticket: Ticket, found: dict[str, int], own: dict[str, str]) -> bool:
    return found.get(message_id) == ticket.pk or ticket.message_id == message_id or own[message_id] == ticket.reference


def standing_of(sender: Sender, ticket: Ticket) -> Standing:
    """The requester and who may see it on its page write inside; who was once copied has been addressed."""
    if ticket.requester_id == sender.contact.pk:
        return Standing.INSIDE
    if is_desk_staff(sender.actor):
        return Standing.STAFF
    if can_see(sender.actor, ticket):
        return Standing.INSIDE
    return Standing.ADDRESSED if sender.address in copied(ticket) else Standing.STRANGER


def copied(ticket: Ticket) -> set[str]:
    """Every address to which a mail of the thread was addressed."""
    lists = [ticket.cc, *Message.objects.public().filter(ticket=ticket).values_list("cc", flat=True)]
    return {address.lower() for addresses in lists for address in addresses}
