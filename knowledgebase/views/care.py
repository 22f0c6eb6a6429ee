"""Needs care: what is the matter with the articles one looks after, and that somebody looked."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from communities.access import community_or_404, signed_in
from communities.models import Community
from ground import exports
from ground.actors import ActingRequest
from knowledgebase import care as caring
from knowledgebase import reading
from knowledgebase.access import can_care
from knowledgebase.care.listing import MOST, counted, of_kind
from knowledgebase.care.troubled import editions_of
from knowledgebase.filling import Frame
from knowledgebase.lists import CARE


@require_safe
@signed_in
def care(request: ActingRequest, slug: str = "") -> HttpResponseBase:
    """What needs care, the most important first."""
    community = _cared_for(request, slug)
    everything = caring.needing_care(community, actor=request.actor)
    kind = request.GET.get("reason", "")
    items = of_kind(everything, kind) if kind in caring.Kind else everything
    if asked := exports.asked(request):
        return exports.answer(asked, exports.Sheet("needs-care", CARE, items))
    frame = Frame(request.actor, community)
    context = {
        "frame": frame,
        "community": community,
        "items": items,
        "kind": kind,
        "total": len(everything),
        "is_cut": len(everything) >= MOST,
        "kinds": [(each, number) for each, number in counted(everything).items() if number],
        "missed": caring.missed(community, actor=request.actor) if not kind else [],
        "url": care_url(community),
        "crumbs": reading.crumbs(frame, [], last=_("Needs care")),
        "write_url": reverse("wagtailadmin_explore_root"),
    }
    return render(request, "knowledgebase/care/list.html", context)


@require_POST
@signed_in
def looked(request: ActingRequest, key: int, slug: str = "") -> HttpResponse:
    """Somebody read it, and it is still right."""
    community = _cared_for(request, slug)
    edition = get_object_or_404(editions_of(community).select_related("knowledge_base__community"), pk=key)
    caring.looked(edition, by=request.actor)
    messages.success(request, _("Noted: “%(title)s” is still right.") % {"title": edition.title})
    kind = request.POST.get("reason", "")
    return redirect(f"{care_url(community)}?reason={kind}" if kind in caring.Kind else care_url(community))


def care_url(community: Community | None) -> str:
    """Where what needs care in that knowledge base is listed."""
    return reverse("knowledgebase:community_care", args=[community.slug]) if community else reverse("knowledgebase:care")


def _cared_for(request: ActingRequest, slug: str) -> Community | None:
    community = community_or_404(request.actor, slug) if slug else None
    if not can_care(request.actor, community):
        raise Http404
    return community
