"""What somebody who may write versions sees on an article: which sections are theirs, what changed, and where to begin."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string

from communities.models import Community
from knowledgebase import sections
from knowledgebase.access import OVERRIDE
from knowledgebase.filling import Frame
from knowledgebase.models import Edition, Override
from knowledgebase.sections import Part


@dataclass(frozen=True)
class Tools:
    """The versions of one shared article in one community. `shared_id` is the shared article."""

    community: Community
    shared_id: int
    versions: Sequence[Override]

    @property
    def to_look_at(self) -> Sequence[Override]:
        """Those whose shared text changed."""
        return [version for version in self.versions if version.needs_look]

    @property
    def whole(self) -> Override | None:
        """The version of all of it, drafted or published."""
        return next((version for version in self.versions if version.is_whole), None)

    def of(self, section: str) -> Override | None:
        """The version of that section."""
        return next((version for version in self.versions if version.section == section), None)


def tools(edition: Edition, frame: Frame) -> Tools | None:
    """For who may write in this community, on a shared article or what stands in its place: one query. Nothing for everybody else."""
    if frame.community is None or not edition.is_on_shared_shelf or not OVERRIDE.is_held_by(frame.actor, frame.community):
        return None
    shared_id = edition.in_place_of_id or edition.pk
    versions = Override.objects.active().filter(knowledge_base__community=frame.community, shared=shared_id).select_related("article")
    return Tools(frame.community, shared_id, list(versions))


def with_tools(parts: Sequence[Part], found: Tools | None) -> Sequence[Part]:
    """The parts with a way to write, edit or compare below each heading of the text's own."""
    if found is None or (found.whole and found.whole.article.live):
        return parts
    return [part for piece in sections.pieces(parts) for part in _piece(piece, found)]


def _piece(piece: sections.Piece, found: Tools) -> list[dict[str, Any]]:
    if not piece.id or (any("override" in part for part in piece.parts) and found.of(piece.id) is None):
        return piece.parts
    context = {"tools": found, "section": piece.id, "title": piece.title, "version": found.of(piece.id)}
    row = render_to_string("knowledgebase/overriding/section.html", context)
    first = piece.parts[0]
    heading = sections.HEADING.match(first["html"])
    end = heading.end() if heading else 0
    return [{**first, "html": f"{first['html'][:end]}{row}{first['html'][end:]}"}, *piece.parts[1:]]
