"""Whether the shared text under a community's own version is still what it replaced."""

from dataclasses import dataclass

from django.utils import timezone

from knowledgebase import sections
from knowledgebase.models import Audience, Edition, Override, Standing

LONGEST_TEXT = 200_000
NOTED = ("address", "language", "title", "section", "heading", "now_text", "now_digest", "standing", "changed_at")


@dataclass(frozen=True)
class Seen:
    """What stands today where an override says: the anchor and words of the section, or the whole text."""

    standing: Standing
    section: str = ""
    heading: str = ""
    text: str = ""


def look(override: Override, shared: Edition | None) -> None:
    """Note how the shared text stands now; a change nobody has looked at yet is marked with its time.

    One for staff alone is gone to a community: of it only the place is noted.
    """
    readable = None if shared is None or shared.audience == Audience.STAFF else shared
    seen = _see(override, readable)
    digest = sections.digest(seen.text)
    unchanged = (override.standing, override.now_digest, override.section) == (seen.standing, digest, seen.section or override.section)
    if shared is not None:
        override.address, override.language = shared.address, shared.language
    if readable is not None:
        override.title = readable.title
    if not unchanged:
        override.changed_at = None if _is_same(override, seen, digest) else timezone.now()
    override.standing, override.now_text, override.now_digest = seen.standing, seen.text, digest
    override.section, override.heading = seen.section or override.section, seen.heading or override.heading
    override.save(update_fields=NOTED)


def text_of(shared: Edition, section: str) -> str | None:
    """The words of that section, or without one of the whole article; None when there is no such section."""
    if not section:
        return "\n".join([shared.title, shared.summary, sections.words(shared.parts)])[:LONGEST_TEXT]
    parts = sections.section(shared.parts, section)
    return None if parts is None else sections.words(parts)[:LONGEST_TEXT]


def _is_same(override: Override, seen: Seen, digest: str) -> bool:
    return seen.standing == Standing.SAME and digest == override.replaced_digest


def _see(override: Override, shared: Edition | None) -> Seen:
    if shared is None:
        return Seen(Standing.GONE)
    text = text_of(shared, override.section)
    if text is not None:
        same = sections.digest(text) == override.replaced_digest
        return Seen(Standing.SAME if same else Standing.CHANGED, override.section, override.heading, text)
    return _renamed(override, shared) or Seen(Standing.MISSING)


def _renamed(override: Override, shared: Edition) -> Seen | None:
    """The one section with the same words under another heading, unless an own version has it already."""
    wanted = sections.without_heading(override.now_text or override.replaced_text)
    if not wanted.strip():
        return None
    taken = set(
        Override.objects.active().filter(knowledge_base=override.knowledge_base_id, shared=shared.pk).values_list("section", flat=True)
    )
    for piece in sections.pieces(shared.parts):
        text = text_of(shared, piece.id) if piece.id and piece.id not in taken else None
        if text is not None and sections.without_heading(text) == wanted:
            return Seen(Standing.CHANGED, piece.id, piece.title, text)
    return None
