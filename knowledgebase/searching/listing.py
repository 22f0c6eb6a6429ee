"""Found articles as the search page lists them: where each stands, and the lines that fit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import get_language

from knowledgebase import reading
from knowledgebase.filling import Frame
from knowledgebase.models import Edition
from knowledgebase.searching.answering import Answer, Hit
from knowledgebase.searching.snippets import marked, snippet


@dataclass(frozen=True)
class Listed:
    """One row of the search page."""

    edition: Edition
    url: str
    title: SafeString
    snippet: SafeString
    section: str
    speaks: str  # the language's own name, where it is not the reader's


def listed(answer: Answer, frame: Frame) -> list[Listed]:
    """The hits of that answer, in their order."""
    sections = _sections([hit.edition for hit in answer.hits], frame)
    return [_row(hit, answer, frame, sections) for hit in answer.hits]


def _row(hit: Hit, answer: Answer, frame: Frame, sections: Mapping[tuple[int, str], str]) -> Listed:
    edition = hit.edition
    return Listed(
        edition=edition,
        url=reading.url_in(frame, edition),
        title=marked(edition.title, answer.groups),
        snippet=snippet(edition.text or edition.summary, answer.groups),
        section=sections.get((edition.knowledge_base_id, (edition.addresses_above() or [""])[-1]), ""),
        speaks="" if edition.language == (get_language() or "en")[:2] else edition.language_name,
    )


def _sections(editions: Sequence[Edition], frame: Frame) -> dict[tuple[int, str], str]:
    """The titles of the articles right above those, by knowledge base and address."""
    above = {edition.addresses_above()[-1] for edition in editions if edition.addresses_above()}
    if not above:
        return {}
    rows = reading.readable(frame).filter(address__in=above).values_list("knowledge_base", "address", "title")
    return {(knowledge_base, address): title for knowledge_base, address, title in rows}
