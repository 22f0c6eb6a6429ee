"""Images and documents of articles, for who may read an article that shows them."""

import mimetypes
from pathlib import Path
from uuid import UUID

from django.db.models.fields.files import FieldFile
from django.http import FileResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from ground.actors import ActingRequest
from knowledgebase.access import can_open
from knowledgebase.models import ArticleDocument, ArticleImage, ArticleRendition
from knowledgebase.models.files import READING_WIDTHS
from knowledgebase.views import pieces
from knowledgebase.views.framing import not_theirs

SHOWN_INLINE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"})


@require_safe
def image(request: ActingRequest, key: UUID, spec: str) -> HttpResponseBase:
    """An image at one size, for who may read an article that shows it. Reading widths are made when first asked for."""
    found = get_object_or_404(ArticleImage, key=key)
    if not can_open(request.actor, found):
        return not_theirs(request)
    if spec == "original":
        return _kept_for(request, _file(found.file))
    rendition = found.get_rendition(spec) if spec in READING_WIDTHS else get_object_or_404(ArticleRendition, image=found, filter_spec=spec)
    return _kept_for(request, _file(rendition.file))


@require_safe
def document(request: ActingRequest, key: UUID) -> HttpResponseBase:
    """A file to download, for who may read an article that offers it. Films and captions play in the page, piece by piece."""
    found = get_object_or_404(ArticleDocument, key=key)
    if not can_open(request.actor, found):
        return not_theirs(request)
    if found.shown_as and "save" not in request.GET:
        return _kept_for(request, pieces.answer(request, found.file, content_type=found.shown_as))
    return _kept_for(request, _file(found.file, name=f"{found.title}.{found.file_extension}"))


def _file(file: FieldFile, *, name: str = "") -> FileResponse:
    """The bytes; only plain images open in the browser, everything else is saved."""
    stored = Path(str(file.name))
    kind, _encoding = mimetypes.guess_type(stored)
    return FileResponse(file.open("rb"), filename=name or stored.name, as_attachment=kind not in SHOWN_INLINE)


def _kept_for(request: ActingRequest, response: HttpResponseBase) -> HttpResponseBase:
    """What a stranger may open everybody may, and whoever keeps pages for when there is no line may keep it with them. Nothing in it runs."""
    response.headers["Cache-Control"] = "public, max-age=300" if request.actor.user is None else "private, max-age=3600"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
