"""A draft as its readers would see it, before anybody can: in the frame of its knowledge base, with its hubs' facts."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone, translation
from django.utils.safestring import SafeString

from ground.actors import Actor
from knowledgebase.filling import Frame, fill, fill_contents
from knowledgebase.models import Article, Edition
from knowledgebase.neighbours import Surroundings
from knowledgebase.publishing import place_of
from knowledgebase.reading import Crumb, crumbs
from knowledgebase.rendering import render


@dataclass(frozen=True)
class Draft:
    """What the page of an article needs."""

    frame: Frame
    edition: Edition
    parts: Sequence[SafeString]
    around: Surroundings
    crumbs: Sequence[Crumb]


def as_read(article: Article, actor: Actor) -> Draft | None:
    """That article as it would be published now; None for one that stands in no knowledge base. Nothing is written."""
    place = place_of(article)
    if place is None:
        return None
    with translation.override(place.language):
        rendered = render(article.body)
    edition = Edition(
        article_id=article.pk,
        knowledge_base=place.knowledge_base,
        address=place.address,
        language=place.language,
        title=article.title,
        summary=article.summary,
        audience=article.audience,
        contents=rendered.contents,
        published_at=timezone.now(),
    )
    frame = Frame(actor, place.knowledge_base.community)
    edition.contents = fill_contents(rendered.contents, frame)
    around = Surroundings(crumbs=[], siblings=[], children=[], previous=None, next=None, translations=[])
    return Draft(frame, edition, list(fill(rendered.parts, frame, language=place.language)), around, crumbs(frame, [], last=article.title))
