"""What a composer looks up: macros, articles, people of the desk. A list of options to script, a page of its own to everybody else."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from communities.access import needs
from ground.actors import ActingRequest
from knowledgebase.models import Edition
from knowledgebase.models.editions import Audience
from knowledgebase.suggestions import Suggestion, find
from support.access import USE_DESK, desk_people
from support.composing import drafts, macros
from support.models import Draft, Ticket
from support.replies import mentions
from support.states import DraftKind
from support.views.desk import ticket_or_404
from support.views.queue import query_of

MOST = 8


@require_safe
@needs(USE_DESK)
def macro_list(request: ActingRequest, reference: str) -> HttpResponse:
    """The macros that fit those words."""
    shown, words = ticket_or_404(request, reference), _words(request)
    return _answer(request, "macros", {"ticket": shown, "words": words, "offers": macros.offered(by=request.actor, words=words)})


@require_safe
@needs(USE_DESK)
def macro(request: ActingRequest, reference: str, key: str) -> HttpResponse:
    """What one macro would write and change here."""
    shown = ticket_or_404(request, reference)
    preview = macros.preview(shown, key=key, by=request.actor, language=_language(request))
    if preview is None:
        raise Http404
    return _answer(request, "macro", {"ticket": shown, "preview": preview, "kind": _kind(request)})


@require_safe
@needs(USE_DESK)
def article_list(request: ActingRequest, reference: str) -> HttpResponse:
    """The articles that fit those words and that the requester's community may read."""
    shown, words = ticket_or_404(request, reference), _words(request)
    return _answer(request, "articles", {"ticket": shown, "words": words, "found": _articles(shown, words), "site": settings.SITE_URL})


@require_safe
@needs(USE_DESK)
def people(request: ActingRequest, reference: str) -> HttpResponse:
    """The people of the desk whose name begins so."""
    shown, words = ticket_or_404(request, reference), _words(request).casefold()
    everybody = list(desk_people())
    fitting = [each for each in everybody if words in f"{each.name} {each.email}".casefold()][:MOST]
    found = [{"person": each, "name": mentions.name_for(each, everybody)} for each in fitting]
    return _answer(request, "people", {"ticket": shown, "words": words, "found": found})


@require_POST
@needs(USE_DESK)
def use(request: ActingRequest, reference: str) -> HttpResponse:
    """Put something that was found behind what the draft holds already, and go on writing."""
    shown, kind, text = ticket_or_404(request, reference), _kind(request), request.POST.get("text", "")
    if request.actor.user is not None:
        draft = drafts.of(shown, by=request.actor.user).get(kind)
        drafts.keep(shown, kind=kind, body=_behind(draft, text), by=request.actor.user, choices=_choices(request, draft))
    query = query_of(request)
    return redirect(reverse("support:desk_ticket", args=[reference]) + (f"?{query}" if query else "") + "#composer")


def _articles(ticket: Ticket, words: str) -> list[Suggestion]:
    if len(words) < 2:
        return []
    for_them = Edition.objects.filter(audience__in=[Audience.PUBLIC, Audience.MEMBERS]).readable_in(ticket.community)
    return find(words, within=for_them, community=ticket.community, limit=MOST)


def _answer(request: ActingRequest, what: str, context: dict[str, Any]) -> HttpResponse:
    template = f"support/composing/options/{what}.html" if request.headers.get("X-Lookup") else f"support/composing/{what}.html"
    return render(request, template, {**context, "query": query_of(request), "kind": _kind(request)})


def _behind(draft: Draft | None, text: str) -> str:
    return f"{draft.body.rstrip()}\n\n{text}" if draft and draft.body.strip() else text


def _choices(request: ActingRequest, draft: Draft | None) -> dict[str, Any]:
    chosen = dict(draft.choices) if draft else {}
    for name in ("macro", "status"):
        if request.POST.get(name):
            chosen[name] = request.POST[name][:20]
    return chosen


def _words(request: ActingRequest) -> str:
    return request.GET.get("q", "").strip()[:200]


def _language(request: ActingRequest) -> str:
    asked = request.GET.get("language", "")
    return asked if asked in dict(settings.LANGUAGES) else ""


def _kind(request: ActingRequest) -> DraftKind:
    asked = request.POST.get("kind") or request.GET.get("kind", "")
    return DraftKind.NOTE if asked == DraftKind.NOTE else DraftKind.REPLY
