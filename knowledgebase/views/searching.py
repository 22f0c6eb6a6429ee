"""Finding articles by words, and the ones that may answer what is being typed."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language

from ground.actors import ActingRequest
from ground.search import LONGEST_QUERY
from knowledgebase import reading, searching
from knowledgebase.filling import Frame
from knowledgebase.searching.listing import listed
from knowledgebase.suggestions import suggest
from knowledgebase.views.framing import in_frame

MOST = 30


@in_frame
def search(request: ActingRequest, frame: Frame) -> HttpResponse:
    """Find articles by words."""
    query = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_QUERY]
    answer = searching.answer(query, within=reading.readable(frame), limit=MOST)
    if query and (answer.is_little or not answer.hits):
        searching.note(query, language=get_language() or "en", community=frame.community)
    context = {
        "frame": frame,
        "community": frame.community,
        "query": query,
        "answer": answer,
        "corrected": answer.corrected(query) if answer.put_right else "",
        "found": listed(answer, frame),
        "crumbs": reading.crumbs(frame, []),
        "search_url": reading.search_url(frame),
        "ask_url": _ask_url(frame, query),
    }
    return render(request, "knowledgebase/search.html", context)


def _ask_url(frame: Frame, query: str) -> str:
    """Where a member asks support, with the same words; nowhere for who belongs to no community here."""
    if frame.belongs is None:
        return ""
    return f"{reverse('support:new_ticket', args=[frame.belongs.slug])}?{urlencode({'subject': query})}"


@in_frame
def suggestions(request: ActingRequest, frame: Frame) -> HttpResponse:
    """A fragment: articles that may answer what is being typed (`q`, or a ticket's `subject` and `body`)."""
    words = " ".join(request.GET.get(name, "") for name in ("q", "subject", "body")).strip()
    found = suggest(words, actor=frame.actor, community=frame.community) if len(words) > 3 else []
    return render(request, "knowledgebase/suggestions.html", {"found": found})
