"""Knowledge bases, their articles, what of them is published, and the files they show."""

from knowledgebase.models.editions import Audience, Edition, EditionQuerySet, Explanation, Source
from knowledgebase.models.files import ArticleDocument, ArticleImage, ArticleRendition
from knowledgebase.models.pages import Article, KnowledgeBase, KnowledgeBases, LanguageShelf

__all__ = [
    "Article",
    "ArticleDocument",
    "ArticleImage",
    "ArticleRendition",
    "Audience",
    "Edition",
    "EditionQuerySet",
    "Explanation",
    "KnowledgeBase",
    "KnowledgeBases",
    "LanguageShelf",
    "Source",
]
