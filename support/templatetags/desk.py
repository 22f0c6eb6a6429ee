"""Words for times at the desk, and letters as they are shown."""

from datetime import datetime

from django import template

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
