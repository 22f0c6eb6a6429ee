"""Finding articles: by their words, by words that mean the same, misspelt or in another language; and what was looked for in vain."""

from knowledgebase.searching import synonyms
from knowledgebase.searching.answering import Answer, Hit, PutRight, answer
from knowledgebase.searching.indexing import forget, index, index_all, index_missing, recount
from knowledgebase.searching.missing import misses, note, prune, settle
from knowledgebase.searching.snippets import marked, snippet

__all__ = [
    "Answer",
    "Hit",
    "PutRight",
    "answer",
    "ensure",
    "forget",
    "index",
    "index_all",
    "index_missing",
    "marked",
    "misses",
    "note",
    "prune",
    "recount",
    "settle",
    "snippet",
]


def ensure() -> None:
    """The words that mean the same, as far as they are missing, and every article in the form that is searched now."""
    synonyms.ensure()
    index_missing()
    recount()
