"""Words for times at the desk, and letters as they are shown."""

from datetime import datetime

from django import template
from django.template import Context
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from support.clocks import wording
from support.desk import shortcuts
from support.history import Entry, showing
from support.history.letters import joined
from support.models import DeskPreferences, Ticket, TicketStatus
from support.states import Status, StatusGroup, SyncState
from support.timing import words

register = template.Library()


@register.filter
def clock(ticket: Ticket, now: datetime) -> words.Clock | None:
    """Which of its clocks is due next, and when, in few words."""
    is_paused = ticket.status.group == StatusGroup.WAITING and ticket.sync_state != SyncState.GONE
    return words.clock(ticket.next_due_at, now, ticket.due_clock, is_paused=is_paused)


@register.filter
def expected(ticket: Ticket, now: datetime) -> str:
    """What its community may expect of us next, and when; empty where we cannot say."""
    return words.expected(ticket.next_due_at, now, ticket.due_clock)


@register.filter
def worked(minutes: float) -> str:
    """An amount of working time."""
    return wording.amount(minutes)


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


@register.simple_tag
def letters(entries: list[Entry], address: str, query: str = "") -> SafeString:
    """An exchange as the items of a list."""
    return joined(entries, address=address, query=query)


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


@register.inclusion_tag("support/parts/shortcuts.html", takes_context=True)
def desk_keys(context: Context, place: str) -> dict[str, object]:
    """The keys of this place as its script and its readers need them. One query, unless the page has the preferences at hand."""
    preferences = context.get("preferences") or DeskPreferences.of(context["request"].actor.user)
    known = shortcuts.at(shortcuts.Place(place), changed=preferences.keys)
    return {"shortcuts": known, "are_off": preferences.keys_are_off, "csrf_token": context.get("csrf_token"), "place": place}
