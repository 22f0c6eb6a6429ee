"""The start, the communities somebody may see, a community's home, and the public status."""

from dataclasses import asdict

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from communities.access import community_or_404, signed_in
from communities.lists import COMMUNITIES
from communities.models import Community, User
from ground import exports
from ground.actors import ActingRequest
from ground.paging import keyset
from hubs.health_page import count_now, health_of
from hubs.models import Hub
from portal import palette as finding
from portal.access import TAKE_ARCHIVE
from portal.journey import journey
from portal.waiting import SHOWN, waiting_for
from support import incidents
from support.incidents import status_page
from support.models import Ticket
from support.views import status as status_views

FEW = 6
PEOPLE_SHOWN = 12


@require_safe
def start(request: ActingRequest) -> HttpResponse:
    """`/`: what this is; and for who is signed in, what waits for them."""
    if request.actor.user is None:
        return render(request, "portal/welcome.html")
    waits = waiting_for(request.actor)
    communities = list(Community.objects.visible_to(request.actor)[: FEW + 1])
    return render(
        request,
        "portal/start.html",
        {
            "waits": waits[:SHOWN],
            "more_waits": waits[SHOWN:],
            "communities": communities[:FEW],
            "has_more_communities": len(communities) > FEW,
        },
    )


@require_safe
@signed_in
def communities(request: ActingRequest) -> HttpResponseBase:
    """`/c/`: the communities this person may see."""
    search = request.GET.get("q", "").strip()
    visible = Community.objects.visible_to(request.actor)
    if search:
        visible = visible.filter(name__icontains=search)
    if kind := exports.asked(request):
        rows = visible.select_related("programme").order_by("name", "pk")
        return exports.answer(kind, exports.Sheet("communities", COMMUNITIES, rows))
    page = keyset(visible, order=["name", "pk"], cursor=request.GET.get("cursor", ""))
    return render(request, "portal/communities.html", {"page": page, "search": search})


@require_safe
@signed_in
def community(request: ActingRequest, slug: str) -> HttpResponse:
    """`/c/<slug>/`: what waits for you here, the way so far, hubs, open tickets and people."""
    found = community_or_404(request.actor, slug)
    waits = waiting_for(request.actor, community=found)
    hubs = list(Hub.objects.visible_to(request.actor).running().filter(community=found).select_related("community", "cluster", "watch"))
    tickets = Ticket.objects.visible_to(request.actor).kept().active().filter(community=found).for_list().order_by("-updated_at", "-pk")
    return render(
        request,
        "portal/community.html",
        {
            "community": found,
            "waits": waits[:SHOWN],
            "more_waits": waits[SHOWN:],
            "steps": journey(found, hubs),
            "hubs": [(hub, health_of(hub, now=timezone.now())) for hub in hubs],
            "incidents": incidents.open_for(found, may_follow=Ticket.objects.visible_to(request.actor)),
            "tickets": tickets[:FEW],
            "people": _people(found),
            "may_take_archive": TAKE_ARCHIVE.is_held_by(request.actor, found),
        },
    )


def _people(community: Community) -> list[tuple[User, str]]:
    """Who belongs to it, each with the words of all their roles."""
    roles: dict[User, list[str]] = {}
    for membership in community.memberships.select_related("user").order_by("user__name", "user__email", "pk")[:PEOPLE_SHOWN]:
        roles.setdefault(membership.user, []).append(membership.get_role_display())
    return [(person, ", ".join(words)) for person, words in roles.items()]


@require_safe
@signed_in
def palette(request: ActingRequest) -> HttpResponse:
    """`/palette/`: whatever this person may open, found by a few letters; the list alone for the dialog that every page has."""
    query = request.GET.get("q", "")
    context = {"q": query, "groups": finding.find(request.actor, query) if query.strip() else []}
    return render(request, "portal/found.html" if "list" in request.GET else "portal/palette.html", context)


@require_safe
def status(request: ActingRequest) -> HttpResponse:
    """`/status/`: incidents, and how the hubs are, for everybody; in numbers, since whose they are is not everybody's to know."""
    now = timezone.now()
    hubs = asdict(count_now(Hub.objects.all(), now=now))
    return status_views.overview_page(request, status_page.overview(now), hubs=hubs)
