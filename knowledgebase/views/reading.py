"""The first page of a knowledge base, and one article."""

from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from ground import exports
from ground.actors import ActingRequest
from knowledgebase import neighbours, overriding, reading, redirecting
from knowledgebase.access import EDIT, EDIT_SHARED, OFFER, OVERRIDE, TAKE_OFFERS
from knowledgebase.filling import Frame, fill, fill_contents
from knowledgebase.lists import ARTICLES
from knowledgebase.models import Audience, Edition
from knowledgebase.views.care import care_url
from knowledgebase.views.exporting import book_url
from knowledgebase.views.feedback import feedback_url
from knowledgebase.views.framing import in_frame
from knowledgebase.views.keeping import kept_by_strangers

LANGUAGES = dict(settings.LANGUAGES)
NEWEST = 5


@in_frame
@kept_by_strangers
def home(request: ActingRequest, frame: Frame) -> HttpResponseBase:
    """What there is to read."""
    return _home(request, frame)


def _home(request: ActingRequest, frame: Frame, language: str = "") -> HttpResponseBase:
    sections = reading.sections(frame, language=language)
    if kind := exports.asked(request):
        rows = [edition for section in sections for edition in (section.edition, *section.below)]
        return exports.answer(kind, exports.Sheet("articles", ARTICLES, rows))
    context = {
        "frame": frame,
        "community": frame.community,
        "introduction": reading.introduction(frame),
        "sections": sections,
        "new": reading.news(frame, language=language, most=NEWEST) if len(sections) > 1 else [],
        "has_own": any(not section.is_shared for section in sections),
        "is_for_everybody": frame.actor.user is None,
        "language": language,
        "languages": [(code, LANGUAGES[code]) for code in reading.spoken(frame) if code in LANGUAGES],
        "crumbs": reading.crumbs(frame, [])[:-1],
        "search_url": reading.search_url(frame),
        "book_url": book_url(frame),
        "edit_url": reverse("wagtailadmin_explore_root") if _may_edit(frame) else "",
        "translations_url": _translations_url(frame) if _may_edit(frame) else "",
        "may_take_offers": frame.community is None and TAKE_OFFERS.is_held_by(frame.actor),
        "may_override": frame.community is not None and OVERRIDE.is_held_by(frame.actor, frame.community),
        "care_url": care_url(frame.community) if _may_edit(frame) else "",
    }
    return render(request, "knowledgebase/home.html", context)


@in_frame
@kept_by_strangers
def article(request: ActingRequest, frame: Frame, *, address: str) -> HttpResponseBase:
    """One article."""
    if address != (bare := address.strip("/")):
        return HttpResponseRedirect(f"{frame.home}{bare}/" if bare else frame.home)
    if address in LANGUAGES:
        return _home(request, frame, address)
    edition = reading.find(frame, address)
    if edition is None:
        return moved(frame, address) or no_article(request, frame, address)
    around = neighbours.around(edition, frame)
    tools = overriding.tools(edition, frame)
    edition.contents = fill_contents(edition.contents, frame)
    context = {
        "frame": frame,
        "community": frame.community,
        "edition": edition,
        "parts": list(fill(overriding.with_tools(edition.parts, tools), frame, language=edition.language)),
        "tools": tools,
        "has_own_sections": any("override" in part for part in edition.parts),
        "may_offer": not edition.is_on_shared_shelf and OFFER.is_held_by(frame.actor, frame.community),
        "around": around,
        "translations": around.translations,
        **_languages(frame, edition, around),
        "cited_url": _cited_url(frame, edition),
        "crumbs": reading.crumbs(frame, around.crumbs, last=edition.title),
        "here": f"{settings.SITE_URL}{reading.url_in(frame, edition)}",
        "canonical": f"{settings.SITE_URL}{reading.canonical(frame, edition)}",
        "is_for_everybody": frame.actor.user is None,
        "search_url": reading.search_url(frame),
        "edit_url": reverse("wagtailadmin_pages:edit", args=[edition.pk])
        if edition.in_place_of_id is None and _may_edit(frame, edition)
        else "",
        "feedback_url": feedback_url(frame, edition),
    }
    return render(request, "knowledgebase/article.html", context)


def _may_edit(frame: Frame, edition: Edition | None = None) -> bool:
    """Whether the reader may change this article, or without one add to this knowledge base."""
    shared = edition.is_shared if edition else frame.community is None
    return EDIT_SHARED.is_held_by(frame.actor) if shared else EDIT.is_held_by(frame.actor, frame.community)


def _languages(frame: Frame, edition: Edition, around: neighbours.Surroundings) -> dict[str, Any]:
    """What the page says of its languages: the original where this text may be behind it, and into which an editor may translate."""
    others = around.translations
    written = {edition.language, *(other.language for other in others)}
    missing = [(code, name) for code, name in LANGUAGES.items() if code not in written] if _may_edit(frame) else []
    pages = [(edition.language, edition.address), *((other.language, other.address) for other in others)]
    pages.append(("x-default", (around.original or edition).address))
    return {
        "original": around.original,
        "alternates": [(code, f"{settings.SITE_URL}{frame.home}{address}/") for code, address in pages] if others else [],
        "translate_into": missing,
        "translate_url": _translations_url(frame) + "start/" if missing else "",
    }


def _translations_url(frame: Frame) -> str:
    return f"{frame.home}translations/"


def _cited_url(frame: Frame, edition: Edition) -> str:
    """Where the tickets are that cite it: at the desk for who writes shared articles, in a community for who writes there."""
    if EDIT_SHARED.is_held_by(frame.actor):
        return reverse("support:desk_citing", args=[edition.pk])
    if frame.community and EDIT.is_held_by(frame.actor, frame.community):
        return reverse("support:citing", args=[frame.community.slug, edition.pk])
    return ""


def moved(frame: Frame, address: str, *, ending: str = "/") -> HttpResponseRedirect | None:
    """Where it stands now. Not for ever: an address may be given again."""
    edition = redirecting.find(address, within=reading.readable(frame), community=frame.community) or reading.likely(frame, address)
    return HttpResponseRedirect(f"{frame.home}{edition.address}{ending}") if edition else None


def no_article(request: ActingRequest, frame: Frame, address: str) -> HttpResponse:
    """A stranger may be a member who has not signed in yet; for everybody else there is nothing."""
    if (
        frame.actor.user is None
        and Edition.objects.readable_in(frame.community).filter(address=address, audience=Audience.MEMBERS).exists()
    ):
        return redirect_to_login(request.get_full_path())
    raise Http404
