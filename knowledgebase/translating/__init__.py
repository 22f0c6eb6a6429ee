"""Translating an article: a draft beside its original, and afterwards knowing whether it still says the same."""

from knowledgebase.translating.beginning import NotPossible, start
from knowledgebase.translating.comparing import compared
from knowledgebase.translating.following import decide, follow, follow_brought, listen
from knowledgebase.translating.showing import begun, behind, knowledge_base_of, missing, page_url, question_after

__all__ = [
    "NotPossible",
    "begun",
    "behind",
    "compared",
    "decide",
    "follow",
    "follow_brought",
    "knowledge_base_of",
    "listen",
    "missing",
    "page_url",
    "question_after",
    "start",
]
