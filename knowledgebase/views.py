"""Reading and searching the knowledge bases, shared and of a community, and the files their articles show."""

import functools
import mimetypes
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from communities.models import Community
from ground import exports
from ground.actors import ActingRequest
from knowledgebase import reading
from knowledgebase.access import EDIT, EDIT_SHARED, can_enter, can_open
from knowledgebase.filling import Frame, fill
from knowledgebase.lists import ARTICLES
from knowledgebase.models import ArticleDocument, ArticleImage, ArticleRendition, Audience, Edition
from knowledgebase.models.files import READING_WIDTHS
from knowledgebase.suggestions import find, suggest

FramedView = Callable[..., HttpResponseBase]
LANGUAGES = dict(settings.LANGUAGES)
SHOWN_INLINE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"})


def in_frame(view: FramedView) -> FramedView:
    """Open the knowledge base a page belongs to: the shared one, or with a slug a community's, for who may enter it."""

    @require_safe
    @functools.wraps(view)
    def framed(request: ActingRequest, *args: Any, slug: str = "", **kwargs: Any) -> HttpResponseBase:
        if not slug:
            return view(request, Frame(request.actor), *args, **kwargs)
        community = Community.objects.filter(slug=slug).first()
        if community is None or not can_enter(request.actor, community):
            return _not_theirs(request)
        return view(request, Frame(request.actor, community), *args, **kwargs)

    return framed


@in_frame
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
        "sections": sections,
        "language": language,
        "languages": [(code, LANGUAGES[code]) for code in reading.languages(frame) if code in LANGUAGES],
        "crumbs": reading.crumbs(frame, [])[:-1],
        "search_url": reading.search_url(frame),
        "edit_url": reverse("wagtailadmin_explore_root") if _may_edit(frame) else "",
    }
    return render(request, "knowledgebase/home.html", context)


@in_frame
def article(request: ActingRequest, frame: Frame, *, address: str) -> HttpResponseBase:
    """One article."""
    address = address.strip("/")
    if address in LANGUAGES:
        return _home(request, frame, address)
    edition = reading.placed(reading.readable(frame)).filter(address=address).select_related("knowledge_base").in_reading_order().first()
    if edition is None:
        return _no_article(request, frame, address)
    around = reading.surroundings(edition, frame)
    context = {
        "frame": frame,
        "community": frame.community,
        "edition": edition,
        "parts": list(fill(edition.parts, frame)),
        "around": around,
        "translations": reading.translations(edition, frame),
        "crumbs": reading.crumbs(frame, around.crumbs, last=edition.title),
        "search_url": reading.search_url(frame),
        "edit_url": reverse("wagtailadmin_pages:edit", args=[edition.pk]) if _may_edit(frame, edition) else "",
    }
    return render(request, "knowledgebase/article.html", context)


@in_frame
def search(request: ActingRequest, frame: Frame) -> HttpResponse:
    """Find articles by words."""
    query = request.GET.get("q", "").strip()
    found = find(query, within=reading.readable(frame), community=frame.community, limit=30) if query else []
    context = {
        "frame": frame,
        "community": frame.community,
        "query": query,
        "found": found,
        "crumbs": reading.crumbs(frame, []),
        "search_url": reading.search_url(frame),
        "ask_url": reverse("support:new_ticket", args=[frame.belongs.slug]) if frame.belongs else "",
    }
    return render(request, "knowledgebase/search.html", context)


@in_frame
def suggestions(request: ActingRequest, frame: Frame) -> HttpResponse:
    """A fragment: articles that may answer what is being typed (`q`, or a ticket's `subject` and `body`)."""
    words = " ".join(request.GET.get(name, "") for name in ("q", "subject", "body")).strip()
    found = suggest(words, actor=frame.actor, community=frame.community) if len(words) > 3 else []
    return render(request, "knowledgebase/suggestions.html", {"found": found})


@require_safe
def image(request: ActingRequest, key: UUID, spec: str) -> HttpResponseBase:
    """An image at one size, for who may read an article that shows it. Reading widths are made when first asked for."""
    found = get_object_or_404(ArticleImage, key=key)
    if not can_open(request.actor, found):
        return _not_theirs(request)
    if spec == "original":
        return _file(found.file)
    rendition = found.get_rendition(spec) if spec in READING_WIDTHS else get_object_or_404(ArticleRendition, image=found, filter_spec=spec)
    return _file(rendition.file)


@require_safe
def document(request: ActingRequest, key: UUID) -> HttpResponseBase:
    """A file to download, for who may read an article that offers it."""
    found = get_object_or_404(ArticleDocument, key=key)
    if not can_open(request.actor, found):
        return _not_theirs(request)
    return _file(found.file, name=f"{found.title}.{found.file_extension}")


def _file(file: FieldFile, *, name: str = "") -> FileResponse:
    """The bytes; only plain images open in the browser, everything else is saved."""
    stored = Path(str(file.name))
    kind, _encoding = mimetypes.guess_type(stored)
    response = FileResponse(file.open("rb"), filename=name or stored.name, as_attachment=kind not in SHOWN_INLINE)
    response.headers["Cache-Control"] = "private, max-age=3600"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _may_edit(frame: Frame, edition: Edition | None = None) -> bool:
    """Whether the reader may change this article, or without one add to this knowledge base."""
    shared = edition.is_shared if edition else frame.community is None
    return EDIT_SHARED.is_held_by(frame.actor) if shared else EDIT.is_held_by(frame.actor, frame.community)


def _no_article(request: ActingRequest, frame: Frame, address: str) -> HttpResponse:
    """A stranger may be a member who has not signed in yet; for everybody else there is nothing."""
    if (
        frame.actor.user is None
        and Edition.objects.readable_in(frame.community).filter(address=address, audience=Audience.MEMBERS).exists()
    ):
        return redirect_to_login(request.get_full_path())
    raise Http404


def _not_theirs(request: ActingRequest) -> HttpResponse:
    """The login for who is not signed in, whether or not there is such a thing; nothing for everybody else."""
    if request.actor.user is None:
        return redirect_to_login(request.get_full_path())
    raise Http404
