"""A community's way to its hub: phases, what is missing, who holds it; and the list of all of them."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from communities.access import community_or_404, needs, signed_in
from communities.models import Community
from ground import exports
from ground.actors import ActingRequest
from ground.states import WrongState
from onboarding import lists, plan_list, plan_page, plans
from onboarding.access import SEE_PLANS, can_settle
from onboarding.leads_lists import ON_THE_WAY
from onboarding.models import Item, OnboardingPlan


@require_safe
@needs(SEE_PLANS)
def overview(request: ActingRequest) -> HttpResponseBase:
    """Every community on its way, the longest wait first."""
    holder = request.GET.get("holder", "")
    if kind := exports.asked(request):
        rows = plan_list.page(request.actor, holder=holder, size=exports.CAP).rows
        return exports.answer(kind, exports.Sheet("on-the-way", ON_THE_WAY, rows))
    page = plan_list.page(request.actor, holder=holder, cursor=request.GET.get("cursor", ""))
    return render(request, "onboarding/plan/list.html", {"page": page, "holder": holder, "holders": plan_list.HOLDERS})


@require_safe
@signed_in
def plan(request: ActingRequest, slug: str) -> HttpResponseBase:
    """The plan for whoever belongs to the community, and for staff."""
    community = community_or_404(request.actor, slug)
    row = (
        OnboardingPlan.objects.visible_to(request.actor)
        .filter(community=community)
        .select_related("community__programme", "application")
        .first()
    )
    shown = plan_page.context(row, actor=request.actor) if row else {}
    if kind := exports.asked(request):
        return exports.answer(kind, lists.of_plan(community.slug, shown.get("phases", ())))
    return render(request, "onboarding/plan/plan.html", {"community": community, "plan": row} | shown)


@require_POST
@signed_in
def settle(request: ActingRequest, slug: str, item: int) -> HttpResponse:
    """Say that an item is done."""
    row = _item(request, slug, item)
    try:
        plans.settle(row, by=request.actor)
    except plans.NotTicked as error:
        messages.error(request, str(error))
    except WrongState:
        messages.error(request, _("This was settled already, or is looked up and never ticked."))
    return redirect("onboarding:plan", slug)


@require_POST
@signed_in
def unsettle(request: ActingRequest, slug: str, item: int) -> HttpResponse:
    """Say that an item is to do after all."""
    row = _item(request, slug, item)
    try:
        plans.unsettle(row, by=request.actor)
    except plans.NotTicked as error:
        messages.error(request, str(error))
    except WrongState:
        messages.error(request, _("This is to do already."))
    return redirect("onboarding:plan", slug)


def _item(request: ActingRequest, slug: str, pk: int) -> Item:
    community: Community = community_or_404(request.actor, slug)
    row = get_object_or_404(Item.objects.select_related("phase__plan__community"), pk=pk, phase__plan__community=community)
    if not can_settle(request.actor, community, supplied_by=row.supplied_by):
        raise Http404
    return row
