"""The public status pages: the same for everybody, in the reader's language, sent whole only when they changed."""

import hashlib
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from ground.actors import ActingRequest
from support.incidents import status_page
from support.incidents.status_page import Overview

FIRST_YEAR = 2000


def overview_page(request: ActingRequest, overview: Overview, *, hubs: dict[str, int]) -> HttpResponse:
    """What is open, what was lately, and how many hubs are in which state."""
    context = {"overview": overview, "months": status_page.months(), **hubs}
    return answer(request, "support/status/page.html", context, state=(overview, context["months"], sorted(hubs.items())))


@require_safe
def incident(request: ActingRequest, reference: str) -> HttpResponse:
    """One incident, every update."""
    shown = status_page.one(reference)
    if shown is None:
        raise Http404
    return answer(request, "support/status/incident.html", {"incident": shown}, state=shown)


@require_safe
def month(request: ActingRequest, year: int, number: int) -> HttpResponse:
    """The incidents of one month."""
    if not (FIRST_YEAR <= year < 9999 and 1 <= number <= 12):
        raise Http404
    context = {"incidents": status_page.month(year, number), "month": datetime(year, number, 1, tzinfo=UTC), "months": status_page.months()}
    return answer(request, "support/status/month.html", context, state=list(context.items()))


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """An Atom feed of incidents; it knows no reader, so everybody on the way may keep it a minute."""
    found = status_page.newest()
    etag = _etag(found, get_language())
    response: HttpResponse = HttpResponseNotModified()
    if request.headers.get("If-None-Match") != etag:
        updated = found[0].changed_at if found else datetime(FIRST_YEAR, 1, 1, tzinfo=UTC)
        response = render(
            request,
            "support/status/feed.xml",
            {"incidents": found, "updated": updated, "site_url": settings.SITE_URL},
            content_type="application/atom+xml",
        )
    response["ETag"], response["Cache-Control"], response["Vary"] = etag, "public, max-age=60", "Accept-Language, Cookie"
    return response


def answer(request: ActingRequest, template: str, context: dict[str, Any], *, state: object) -> HttpResponse:
    """The page, unless the asker holds this very one. It bears the reader's name and theme, so only they keep it."""
    who = request.actor.user.pk if request.actor.user else 0
    theme = request.actor.user.theme if request.actor.user else request.COOKIES.get("theme", "")
    etag = _etag(state, get_language(), who, theme)
    response: HttpResponse = HttpResponseNotModified()
    if request.headers.get("If-None-Match") != etag:
        response = render(request, template, context)
    response["ETag"], response["Cache-Control"], response["Vary"] = etag, "private, no-cache", "Cookie, Accept-Language"
    return response


def _etag(*state: object) -> str:
    return '"' + hashlib.sha256(repr(state).encode()).hexdigest()[:20] + '"'
