"""Words for times at the desk."""

from datetime import datetime

from django import template

from support import words
from support.models import Ticket

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
def holder(group: str) -> str:
    """Who holds the next step."""
    return words.holder(group)


@register.filter
def capped(count: int, cap: int) -> str:
    """A count that says when it stopped counting."""
    return f"{cap:,}+" if count > cap else f"{count:,}"
