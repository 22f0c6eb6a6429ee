"""A file of a ticket, for who may read the letter it came with."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from communities.access import signed_in
from ground.actors import ActingRequest
from support.access import USE_DESK
from support.files import serving
from support.mirror import mirroring
from support.models import Attachment


@require_safe
@signed_in
def file(request: ActingRequest, key: UUID) -> HttpResponseBase:
    """The file itself, or while it is still in Freshdesk a page that looks again."""
    found = Attachment.objects.visible_to(request.actor).standing().select_related("ticket__community").filter(key=key).first()
    if found is None:
        raise Http404
    if request.htmx:
        return _answer(request, "support/file_state.html", _state(request, found))
    return serving.stream(request, found) if found.is_here else _still_there(request, _state(request, found))


def _still_there(request: ActingRequest, state: dict[str, Any]) -> HttpResponse:
    return _answer(request, "support/file.html", state, status=202 if state["is_coming"] else 404)


def _state(request: ActingRequest, found: Attachment) -> dict[str, Any]:
    """Where the file stands; one that is still in Freshdesk is asked for."""
    is_coming = not found.is_here and mirroring.ask_for(found)
    return {"file": found, "is_coming": is_coming, "back": _ticket_url(request, found)}


def _answer(request: ActingRequest, template: str, state: dict[str, Any], *, status: int = 200) -> HttpResponse:
    response = render(request, template, state, status=status)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _ticket_url(request: ActingRequest, found: Attachment) -> str:
    if USE_DESK.is_held_by(request.actor) or found.ticket.community is None:
        return found.ticket.get_absolute_url()
    return reverse("support:ticket", args=[found.ticket.community.slug, found.ticket.reference])
