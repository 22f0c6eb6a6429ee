"""Words for times at the desk, and letters as they are shown."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from support import showing, words
from support.models import Ticket, TicketStatus
from support.states import Status, StatusGroup

register = template.Library()


@register.filter
def clock(ticket: Ticket, now: datetime) -> words.Clock | None:
    """When the next answer is due, in few words."""
    return words.clock(ticket.next_due_at, now)


@register.filter
def since(at: datetime | None, now: datetime) -> str:
    """How long ago, in few words."""
    return words.span(now - at) if at else ""


@register.filter
def holder(status: TicketStatus) -> str:
    """Who holds the next step."""
    return words.holder(status.code, status.group)


@register.filter
def tone_for_them(status: TicketStatus) -> str:
    """How a status looks to the community: what waits for them is theirs to act on, what is open is with us."""
    if status.code == Status.WAITING_ON_REQUESTER:
        return "act"
    return "info" if status.group == StatusGroup.OPEN else status.tone


@register.filter
def letter(html: str) -> str:
    """A stored letter as it is shown, its pictures from outside in words."""
    return showing.shown(html, images=False)


@register.filter
def capped(count: int, cap: int) -> str:
    """A count that says when it stopped counting."""
    return f"{cap:,}+" if count > cap else f"{count:,}"


@register.filter
def short(at: datetime | None) -> str:
    """The time of day, with the day where it is not today's, in the reader's zone."""
    if at is None:
        return ""
    here = timezone.localtime(at)
    return date_format(here, "H:i" if here.date() == timezone.localdate() else "D j M, H:i")


@register.filter
def took(ended_at: datetime, began_at: datetime) -> str:
    """How long something took: seconds while it is under two minutes."""
    seconds = (ended_at - began_at).total_seconds()
    return _("%(n)d s") % {"n": round(seconds)} if seconds < 120 else words.span(ended_at - began_at)
