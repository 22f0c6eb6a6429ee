"""Knowledge bases, their articles, what of them is published, and the files they show."""

from knowledgebase.models.addresses import FormerAddress
from knowledgebase.models.care import ArticleLink, Care, LinkCheck, Vote, Why
from knowledgebase.models.editions import Audience, Edition, EditionQuerySet, Explanation, Source, UsedFact
from knowledgebase.models.files import ArticleDocument, ArticleImage, ArticleRendition
from knowledgebase.models.finding import EditionVector, SearchMiss, SearchMissQuerySet, SynonymPhrase, SynonymSet, SynonymSource
from knowledgebase.models.offers import Offer, OfferState
from knowledgebase.models.overrides import Override, OverrideQuerySet, OwnVersions, Standing
from knowledgebase.models.pages import Article, KnowledgeBase, KnowledgeBases, LanguageShelf
from knowledgebase.models.reading_task import ReadByAnother, may_pass, writers
from knowledgebase.models.translations import Change, Translation
from knowledgebase.models.writers import EDITORS, SHARED_EDITORS

__all__ = [
    "EDITORS",
    "SHARED_EDITORS",
    "Article",
    "ArticleDocument",
    "ArticleImage",
    "ArticleLink",
    "ArticleRendition",
    "Audience",
    "Care",
    "Change",
    "Edition",
    "EditionQuerySet",
    "EditionVector",
    "Explanation",
    "FormerAddress",
    "KnowledgeBase",
    "KnowledgeBases",
    "LanguageShelf",
    "LinkCheck",
    "Offer",
    "OfferState",
    "Override",
    "OverrideQuerySet",
    "OwnVersions",
    "ReadByAnother",
    "SearchMiss",
    "SearchMissQuerySet",
    "Source",
    "Standing",
    "SynonymPhrase",
    "SynonymSet",
    "SynonymSource",
    "Translation",
    "UsedFact",
    "Vote",
    "Why",
    "may_pass",
    "writers",
]
