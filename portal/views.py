"""The start, the communities somebody may see, a community's home, and the public status."""

from django.db.models import Count, Q
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from communities.access import community_or_404, signed_in
from communities.lists import COMMUNITIES
from communities.models import Community, User
from ground import exports
from ground.actors import ActingRequest
from ground.paging import keyset
from hubs.models import Hub
from hubs.states import HubState
from portal.journey import journey
from portal.waiting import SHOWN, waiting_for
from support.models import Ticket

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
    hubs = list(Hub.objects.visible_to(request.actor).running().filter(community=found))
    tickets = Ticket.objects.visible_to(request.actor).here().active().filter(community=found).for_list().order_by("-updated_at", "-pk")
    return render(
        request,
        "portal/community.html",
        {
            "community": found,
            "waits": waits[:SHOWN],
            "more_waits": waits[SHOWN:],
            "steps": journey(found, hubs),
            "hubs": hubs,
            "tickets": tickets[:FEW],
            "people": _people(found),
        },
    )


def _people(community: Community) -> list[tuple[User, str]]:
    """Who belongs to it, each with the words of all their roles."""
    roles: dict[User, list[str]] = {}
    for membership in community.memberships.select_related("user").order_by("user__name", "user__email", "pk")[:PEOPLE_SHOWN]:
        roles.setdefault(membership.user, []).append(membership.get_role_display())
    return [(person, ", ".join(words)) for person, words in roles.items()]


@require_safe
def status(request: ActingRequest) -> HttpResponse:
    """`/status/`: how the hubs are, for everybody; in numbers, since whose they are is not everybody's to know."""
    counts = Hub.objects.running().aggregate(
        live=Count("pk", filter=Q(state=HubState.LIVE)),
        troubled=Count("pk", filter=Q(state=HubState.TROUBLED)),
        unseen=Count("pk", filter=Q(state=HubState.RECORDED)),
    )
    return render(request, "portal/status.html", counts)


def widget(request: ActingRequest) -> HttpResponse:
    """`/widget.js`: the script of the support widget, which does not exist yet and says so."""
    return render(request, "portal/widget.js", content_type="application/javascript")
