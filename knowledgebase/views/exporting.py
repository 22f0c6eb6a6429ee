"""A knowledge base to take along, for who edits it."""

import tempfile

from django.http import FileResponse, Http404
from django.http.response import HttpResponseBase
from django.urls import reverse

from ground.actors import ActingRequest
from knowledgebase.access import EDIT, EDIT_SHARED
from knowledgebase.exporting import readable, write_zip
from knowledgebase.filling import Frame
from knowledgebase.models import KnowledgeBase
from knowledgebase.views.framing import in_frame, not_theirs

HELD_IN_MEMORY = 5 * 2**20


@in_frame
def book(request: ActingRequest, frame: Frame) -> HttpResponseBase:
    """What this reader finds, as a project that builds a site of its own."""
    if not may_take(frame):
        return not_theirs(request)
    knowledge_base = KnowledgeBase.objects.filter(community=frame.community).first()
    if knowledge_base is None:
        raise Http404
    archive = tempfile.SpooledTemporaryFile(max_size=HELD_IN_MEMORY)  # noqa: SIM115  the response closes it
    write_zip(knowledge_base, readable(knowledge_base, by=request.actor), archive)
    archive.seek(0)
    return FileResponse(archive, as_attachment=True, filename=f"{knowledge_base.slug}.zip", content_type="application/zip")


def may_take(frame: Frame) -> bool:
    """Whether this reader may take the whole knowledge base along: its editors."""
    return EDIT.is_held_by(frame.actor, frame.community) if frame.community else EDIT_SHARED.is_held_by(frame.actor)


def book_url(frame: Frame) -> str:
    """Where they take it, for who may."""
    if not may_take(frame):
        return ""
    return reverse("knowledgebase:community_book", args=[frame.community.slug]) if frame.community else reverse("knowledgebase:book")
