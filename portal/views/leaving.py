"""A community takes everything with it: what that is, the button, and the file."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from communities.access import community_or_404, signed_in
from communities.models import Community
from ground.actors import ActingRequest
from onboarding.models import Ending
from portal import departing
from portal.access import TAKE_ARCHIVE
from portal.models import Archive

SHOWN = 5


@never_cache
@require_safe
@signed_in
def leaving(request: ActingRequest, slug: str) -> HttpResponse:
    """`/c/<slug>/leaving/`: what an archive is, and those this person asked for."""
    community = _community(request, slug)
    context = _state(request, community)
    if request.htmx:
        return render(request, "portal/leaving/state.html", context)
    context["ending"] = Ending.objects.open().filter(community=community).first()
    return render(request, "portal/leaving/leaving.html", context)


@require_POST
@signed_in
def prepare(request: ActingRequest, slug: str) -> HttpResponse:
    """Ask for an archive."""
    community = _community(request, slug)
    try:
        departing.ask(community, by=request.actor)
    except departing.Busy:
        messages.info(request, _("Somebody else of you asked for one a moment ago. Ask for yours when that one is ready."))
    except departing.TooOften:
        messages.info(request, _("Several archives were prepared within a day. Please take one of those, or ask again tomorrow."))
    return redirect("portal:leaving", slug)


@never_cache
@require_safe
@signed_in
def take(request: ActingRequest, slug: str, key: UUID) -> HttpResponseBase:
    """The file, as long as it is there and theirs."""
    community = _community(request, slug)
    archive = get_object_or_404(Archive.objects.visible_to(request.actor).ready().filter(community=community), key=key)
    departing.take(archive, by=request.actor)
    response = FileResponse(archive.file.open("rb"), as_attachment=True, filename=archive.file_name, content_type="application/zip")
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _community(request: ActingRequest, slug: str) -> Community:
    found = community_or_404(request.actor, slug)
    if not TAKE_ARCHIVE.is_held_by(request.actor, found):
        raise Http404
    return found


def _state(request: ActingRequest, community: Community) -> dict[str, Any]:
    archives = list(Archive.objects.visible_to(request.actor).filter(community=community).select_related("requested_by")[:SHOWN])
    for archive in archives:
        archive.community = community
    is_busy = Archive.objects.wanted().filter(community=community).exclude(pk__in=[each.pk for each in archives]).exists()
    return {
        "community": community,
        "archives": archives,
        "is_running": any(each.state == "wanted" for each in archives),
        "is_busy": is_busy,
        "holds_everything": TAKE_ARCHIVE.is_held_by(request.actor),
    }
