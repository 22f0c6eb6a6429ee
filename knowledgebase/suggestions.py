"""Articles that may answer what somebody is about to ask: their community's own first, then shared ones."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.text import Truncator

from communities.models import Community
from ground.actors import Actor
from knowledgebase import searching
from knowledgebase.models import Audience, Edition, EditionQuerySet

EXCERPT = 180  # letters
WELL_ENOUGH = 0.2  # of the best score: worth interrupting somebody


@dataclass(frozen=True)
class Suggestion:
    """A found article. `score` compares inside one answer only."""

    id: int
    title: str
    url: str
    excerpt: str
    score: float
    shared: bool
    language: str
    for_staff: bool = False


def suggest(text: str, *, actor: Actor, community: Community | None = None, limit: int = 5) -> list[Suggestion]:
    """What this actor may read that fits those words well, the community's own before shared ones."""
    found = find(text, within=Edition.objects.visible_to(actor).readable_in(community), community=community, limit=limit * 2)
    best = max((one.score for one in found), default=0.0)
    return [one for one in found if one.score >= best * WELL_ENOUGH][:limit]


def find(text: str, *, within: EditionQuerySet, community: Community | None = None, limit: int = 20) -> list[Suggestion]:
    """The articles of that queryset that fit, best first; among those that fit well the own come before the shared.

    Each is addressed inside that community's knowledge base.
    """
    hits = searching.answer(text, within=within, limit=limit).hits
    return [as_found(hit.edition, score=hit.score, community=community) for hit in hits]


def url_of(edition: Edition, community: Community | None) -> str:
    """Where that article is read: inside that community's knowledge base, else where it lives."""
    community = community or edition.knowledge_base.community
    if community is None:
        return reverse("knowledgebase:article", args=[edition.address])
    return reverse("knowledgebase:community_article", args=[community.slug, edition.address])


def as_found(edition: Edition, *, score: float, community: Community | None) -> Suggestion:
    """That article as an answer to somebody in that community's knowledge base."""
    return Suggestion(
        id=edition.pk,
        title=edition.title,
        url=url_of(edition, community),
        excerpt=edition.summary or Truncator(edition.text.replace("\n", " ")).chars(EXCERPT),
        score=round(score, 4),
        shared=edition.is_shared,
        language=edition.language,
        for_staff=edition.audience == Audience.STAFF,
    )
