"""A community's own versions of shared articles: the list, the comparison, and what is decided on it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from communities.models import Community
from ground.actors import ActingRequest
from knowledgebase import overriding, reading
from knowledgebase.access import OVERRIDE
from knowledgebase.filling import Frame
from knowledgebase.models import Edition, Override, OverrideQuerySet
from knowledgebase.views.writing import held_in_community

MOST_SHOWN = 500


@require_safe
@held_in_community(OVERRIDE)
def own_versions(request: ActingRequest, community: Community) -> HttpResponse:
    """Every version of this community, those whose shared text changed first."""
    versions = list(_versions(request, community).active().listed().select_related("knowledge_base")[:MOST_SHOWN])
    frame = Frame(request.actor, community)
    context = {
        "frame": frame,
        "community": community,
        "changed": [version for version in versions if version.needs_look],
        "others": [version for version in versions if not version.needs_look],
        "crumbs": reading.crumbs(frame, [], last=_("Our versions")),
    }
    return render(request, "knowledgebase/overriding/list.html", context)


@require_POST
@held_in_community(OVERRIDE)
def write_own(request: ActingRequest, community: Community, article: int) -> HttpResponse:
    """Begin a version of a shared article, or of its `section`, and open it in the editor."""
    shared = get_object_or_404(Edition.objects.visible_to(request.actor).shared().select_related("article"), pk=article)
    try:
        version = overriding.write_own(community, shared, section=request.POST.get("section", ""), by=request.actor)
    except overriding.CannotWrite as error:
        messages.error(request, str(error))
        return redirect("knowledgebase:community_article", community.slug, shared.address)
    return redirect("wagtailadmin_pages:edit", version.article_id)


@require_safe
@held_in_community(OVERRIDE)
def compare(request: ActingRequest, community: Community, pk: int) -> HttpResponse:
    """What was replaced, what the shared text says now, and the own version."""
    version = get_object_or_404(_versions(request, community).listed(), pk=pk)
    frame = Frame(request.actor, community)
    way = [*reading.crumbs(frame, []), reading.Crumb(_("Our versions"), reverse("knowledgebase:own_versions", args=[community.slug]))]
    context = {
        "frame": frame,
        "community": community,
        "version": version,
        "comparison": overriding.comparison(version),
        "crumbs": [*way, reading.Crumb(str(version))],
    }
    return render(request, "knowledgebase/overriding/compare.html", context)


@require_POST
@held_in_community(OVERRIDE)
def adopt(request: ActingRequest, community: Community, pk: int) -> HttpResponse:
    """Take the shared text."""
    version = get_object_or_404(_versions(request, community), pk=pk)
    try:
        overriding.adopt(version, by=request.actor)
    except overriding.WaitsForAnother:
        messages.error(request, _("A second person has to approve."))
    else:
        messages.success(request, _("Your community reads the shared text again. Your words are kept as a draft in the editor."))
    return redirect("knowledgebase:own_versions", community.slug)


@require_POST
@held_in_community(OVERRIDE)
def keep(request: ActingRequest, community: Community, pk: int) -> HttpResponse:
    """Keep the own version beside what the shared text says now."""
    version = get_object_or_404(_versions(request, community), pk=pk)
    try:
        overriding.keep(version, seen=request.POST.get("seen", ""), by=request.actor)
    except overriding.NothingToKeep:
        messages.error(request, _("This version was given up for the shared text in the meantime."))
    else:
        messages.success(request, _("Your version stays."))
    return redirect("knowledgebase:own_versions", community.slug)


@require_POST
@held_in_community(OVERRIDE)
def let_stand_alone(request: ActingRequest, community: Community, pk: int) -> HttpResponse:
    """Make an article of their own of a version whose shared text is gone."""
    version = get_object_or_404(_versions(request, community), pk=pk)
    try:
        overriding.let_stand_alone(version, by=request.actor)
    except overriding.NothingToKeep:
        messages.error(request, _("The shared text is still there, so your version stays in its place."))
        return redirect("knowledgebase:own_versions", community.slug)
    messages.success(request, _("It is an article of your own now. Give it a title and publish it."))
    return redirect("wagtailadmin_pages:edit", version.article_id)


def _versions(request: ActingRequest, community: Community) -> OverrideQuerySet:
    return Override.objects.visible_to(request.actor).filter(knowledge_base__community=community)
