"""The published articles of a knowledge base that something is known to be the matter with, found by the database."""

from datetime import date

from django.db.models import F, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from communities.models import Community
from knowledgebase.models import ArticleLink, Edition, EditionQuerySet, Vote


def editions_of(community: Community | None) -> EditionQuerySet:
    """What is published in that knowledge base itself, not what it inherits."""
    return Edition.objects.filter(knowledge_base__community=community)


def marked(editions: EditionQuerySet) -> EditionQuerySet:
    """With `review_by`, `unhelpful_since` and `dead_since`."""
    unhelpful = Vote.objects.standing().filter(helped=False, article=OuterRef("pk"))
    dead = ArticleLink.objects.dead().filter(edition=OuterRef("pk"))
    return editions.annotate(
        review_by=F("article__review_by"),
        unhelpful_since=_first(unhelpful, "article", F("at")),
        dead_since=_first(dead, "edition", Coalesce("broken_since", "check_of__dead_since")),
    )


def in_trouble() -> Q:
    """Editions that readers or links speak against. Asked of few votes and links, not of each article."""
    unhelpful = Vote.objects.standing().filter(helped=False).order_by().values("article")
    dead = ArticleLink.objects.dead().order_by().values("edition")
    return Q(pk__in=unhelpful) | Q(pk__in=dead)


def due(until: date) -> Q:
    """Editions whose day to be looked at is that one or before."""
    return Q(article__review_by__lte=until)


def _first(rows: "QuerySet[Vote] | QuerySet[ArticleLink]", of: str, moment: F | Coalesce) -> Subquery:
    return Subquery(rows.order_by().values(of).annotate(first=Min(moment)).values("first"))
