"""Where a ticket stands as its community reads it: a word, who holds the next step, and when to expect an answer."""

from dataclasses import dataclass

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from support.models import Ticket
from support.states import Face, SyncState
from support.templatetags.desk import tone_for_them
from support.timing import words

register = template.Library()


@dataclass(frozen=True)
class Standing:
    """What a community reads of where a ticket stands."""

    tone: str
    word: str
    holder: str


@register.filter
def standing(ticket: Ticket) -> Standing:
    """In plain words; a ticket that the desk does not have yet says who has it."""
    if ticket.sync_state == SyncState.AWAITING_APPROVAL:
        return _before_the_desk(ticket)
    status = ticket.told_status
    return Standing(tone_for_them(status), status.said_to_customers, words.holder(status.code, status.group))


@register.filter
def expected(ticket: Ticket) -> str:
    """By when we answer, while it is our turn; that we are late when we are."""
    if ticket.next_due_at is None or ticket.is_over:
        return ""
    day = date_format(timezone.localtime(ticket.next_due_at), "D j M, H:i")
    if ticket.next_due_at < timezone.now():
        return _("We meant to answer by %(day)s and are late. You are not forgotten.") % {"day": day}
    return _("Expect our answer by %(day)s") % {"day": day}


@register.filter
def said(rating: int | None) -> str:
    """A rating in the word that its requester chose; Freshdesk knows finer ones."""
    if rating is None:
        return ""
    return str(Face.of(rating).label)


@register.filter
def rating_tone(rating: int) -> str:
    return {Face.GOOD: "good", Face.OKAY: "wait", Face.BAD: "bad"}[Face.of(rating)]


def _before_the_desk(ticket: Ticket) -> Standing:
    if ticket.is_over:
        return Standing("wait", _("Not passed on"), _("Nothing happens with it any more"))
    if ticket.confidential:
        return Standing("wait", _("Waits for approval"), _("The support staff decide whether they take it, since it is confidential"))
    return Standing("wait", _("Waits for approval"), _("A representative of your community holds the next step"))
