"""What a search page says of itself, so that one can tell what searching saves: articles were found, and which was opened."""

import re

from allauth.account.adapter import get_adapter
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from ground.actors import ActingRequest
from ground.rates import Limit, count
from knowledgebase import reading
from knowledgebase.care.desk import desk
from knowledgebase.filling import Frame
from knowledgebase.views.asked_here import from_our_pages
from knowledgebase.views.framing import for_all_methods

FOUND = Limit("found", 120, 600)
PLACE = "search"
MOST = 30
NUMBER = re.compile(r"[0-9]{1,18}")


@from_our_pages
@require_POST
@for_all_methods
def shown(request: ActingRequest, frame: Frame) -> HttpResponse:
    """Count that these were found."""
    count(FOUND, get_adapter().get_client_ip(request))
    desk().note_shown(request.POST.get("form", ""), community=frame.community, articles=_articles(request, frame), place=PLACE)
    return HttpResponse(status=204)


@from_our_pages
@require_POST
@for_all_methods
def opened(request: ActingRequest, frame: Frame) -> HttpResponse:
    """Count that one of them was opened."""
    count(FOUND, get_adapter().get_client_ip(request))
    desk().note_opened(request.POST.get("form", ""), community=frame.community, articles=_articles(request, frame), place=PLACE)
    return HttpResponse(status=204)


def _articles(request: ActingRequest, frame: Frame) -> list[int]:
    """Those named that this reader may read."""
    named = [int(key) for key in request.POST.getlist("article")[:MOST] if NUMBER.fullmatch(key)]
    return list(reading.readable(frame).filter(pk__in=named).values_list("pk", flat=True))
