"""Two texts of an article side by side."""

from typing import Any

from wagtail.models import Revision

from knowledgebase.differences import Row, rows
from knowledgebase.models import Article
from knowledgebase.significance import Source, take_apart


def source_of(revision: Revision | None) -> Source:
    """The text of a revision, taken apart; nothing of one that is no longer kept."""
    if revision is None:
        return Source()
    article = revision.as_object()
    return take_apart(article.title, article.summary, _blocks(article))


def compared(before: Revision | None, after: Revision | None) -> list[Row]:
    """What changed from one to the other, paragraph by paragraph."""
    return rows(source_of(before).paragraphs, source_of(after).paragraphs)


def _blocks(article: Article) -> list[dict[str, Any]]:
    """The body as plain data."""
    return list(article.body.get_prep_value())
