"""The palette: one field that finds whatever this person may open, by a few letters of its name."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from communities.models import Community
from ground.actors import Actor
from ground.search import fold
from hubs.access import LOOK_UP, QUEUE, SEE_CALENDAR, SEE_HEALTH
from hubs.models import Hub, HubRequest
from knowledgebase import suggestions
from knowledgebase.models import Edition
from onboarding.access import DECIDE
from onboarding.models import Application
from portal.places import PLACES
from support import search
from support.access import RUN_INCIDENTS, SEE_REPORTS, USE_DESK
from support.models import Ticket

FEW = 6
SHORTEST = 2


@dataclass(frozen=True)
class Entry:
    """Something that can be opened: its words, where it is, and what tells it from its like."""

    words: str
    url: str
    hint: str = ""


@dataclass(frozen=True)
class Group:
    """What was found of one sort."""

    word: str | Promise
    entries: list[Entry]


Source = Callable[[Actor, str], Iterator[Entry]]


def find(actor: Actor, query: str) -> list[Group]:
    """What this person may open that fits, sort by sort, a few of each. A single letter finds only places."""
    asked = query.strip()[:200]
    found = (Group(word, list(islice(source(actor, asked), FEW))) for word, source in SOURCES if len(asked) >= SHORTEST or source is places)
    return [group for group in found if group.entries]


def places(actor: Actor, query: str) -> Iterator[Entry]:
    """The rooms of the site and the pages in them that have no list of their own."""
    asked = fold(query)
    rooms = ((str(place.words), place.url) for place in PLACES if place.is_for(actor))
    pages = ((str(words), reverse(name)) for words, name, is_for in PAGES if is_for(actor))
    for words, url in (*rooms, *pages):
        if asked in fold(words):
            yield Entry(words, url)


def communities(actor: Actor, query: str) -> Iterator[Entry]:
    rows = Community.objects.visible_to(actor).filter(name__icontains=query).order_by("name", "pk")
    for community in rows[:FEW]:
        yield Entry(community.name, community.get_absolute_url(), str(community.get_state_display()))


def tickets(actor: Actor, query: str) -> Iterator[Entry]:
    at_desk = USE_DESK.is_held_by(actor)
    seen = Ticket.objects.visible_to(actor)
    found = search.match(seen.here() if at_desk else seen.kept(), query, by=actor)
    rows = found.select_related("status", "community").order_by("-updated_at", "-pk")
    for ticket in rows[:FEW]:
        if url := _url_of(ticket, at_desk=at_desk):
            word = ticket.status if at_desk else ticket.status.said_to_customers
            yield Entry(ticket.subject, url, " · ".join(filter(None, [ticket.reference, str(ticket.community or ""), str(word)])))


def articles(actor: Actor, query: str) -> Iterator[Entry]:
    for found in suggestions.find(query, within=Edition.objects.visible_to(actor), limit=FEW):
        yield Entry(found.title, found.url, found.excerpt[:80])


def hubs(actor: Actor, query: str) -> Iterator[Entry]:
    rows = Hub.objects.visible_to(actor).running().filter(display_name__icontains=query).select_related("cluster", "community")
    for hub in rows[:FEW]:
        if hub.community:
            yield Entry(str(hub), hub.get_absolute_url(), f"{hub.cluster} · {hub.community} · {hub.get_state_display()}")


def requests(actor: Actor, query: str) -> Iterator[Entry]:
    if QUEUE.is_held_by(actor):
        rows = HubRequest.objects.visible_to(actor).filter(community__name__icontains=query).select_related("community")
        for request in rows.order_by("-pk")[:FEW]:
            yield Entry(str(request), reverse("hubs:review", args=[request.reference]), str(request.community))


def applications(actor: Actor, query: str) -> Iterator[Entry]:
    """For who decides about them all: a reviewer says first that no interest conflicts."""
    if DECIDE.is_held_by(actor):
        rows = Application.objects.visible_to(actor).sent().filter(Q(name__icontains=query) | Q(reference__iexact=query))
        for application in rows.order_by("-pk")[:FEW]:
            yield Entry(
                application.name or application.reference, reverse("onboarding:review", args=[application.reference]), application.reference
            )


def _url_of(ticket: Ticket, *, at_desk: bool) -> str:
    """Where this reader opens the ticket; one without a community is read at the desk alone."""
    if at_desk:
        return ticket.get_absolute_url()
    return reverse("support:ticket", args=[ticket.community.slug, ticket.reference]) if ticket.community else ""


def _signed_in(actor: Actor) -> bool:
    return actor.is_signed_in


PAGES: tuple[tuple[str | Promise, str, Callable[[Actor], bool]], ...] = (
    (_("Settings"), "communities:settings", _signed_in),
    (_("Triage"), "support:triage", USE_DESK.is_held_by),
    (_("Keys of the desk"), "support:keys", USE_DESK.is_held_by),
    (_("Incidents and updates"), "support:incidents", USE_DESK.is_held_by),
    (_("Declare an incident"), "support:incident_declare", RUN_INCIDENTS.is_held_by),
    (_("Half hours"), "support:timeboxes", USE_DESK.is_held_by),
    (_("Macros"), "support:macros", USE_DESK.is_held_by),
    (_("Kept views"), "support:desk_views", USE_DESK.is_held_by),
    (_("Rules"), "support:rules", USE_DESK.is_held_by),
    (_("In turn"), "support:rotations", USE_DESK.is_held_by),
    (_("Who is away"), "support:absences", USE_DESK.is_held_by),
    (_("Notices"), "support:notices", USE_DESK.is_held_by),
    (_("What you are told"), "support:notice_settings", USE_DESK.is_held_by),
    (_("Reports"), "support:reports", SEE_REPORTS.is_held_by),
    (_("Waiting for approval"), "support:held", USE_DESK.is_held_by),
    (_("Mirror"), "support:sync", USE_DESK.is_held_by),
    (_("Clusters"), "hubs:clusters", LOOK_UP.is_held_by),
    (_("Hubs in trouble"), "hubs:health", SEE_HEALTH.is_held_by),
    (_("Calendar of events"), "hubs:calendar", SEE_CALENDAR.is_held_by),
    (_("All hubs"), "hubs:list", LOOK_UP.is_held_by),
    (_("Use of the hubs"), "hubs:use", SEE_HEALTH.is_held_by),
)
SOURCES: tuple[tuple[str | Promise, Source], ...] = (
    (_("Go to"), places),
    (_("Communities"), communities),
    (_("Tickets"), tickets),
    (_("Articles"), articles),
    (_("Hubs"), hubs),
    (_("Hub requests"), requests),
    (_("Applications"), applications),
)
