"""Somebody had an article in hand: published it, or read it and found it still right."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from wagtail.log_actions import log

from ground.actors import Actor
from knowledgebase.care.hub_values import hub_values, uses_hubs
from knowledgebase.models import Article, Care, Edition
from knowledgebase.models.care import in_a_year


@transaction.atomic
def looked(edition: Edition, *, by: Actor) -> None:
    """It is still right: what was said against it is settled, and the day to look at it again moves on."""
    article = Article.objects.select_for_update(of=("self",)).get(pk=edition.pk)
    said = {"looked_at": timezone.now(), "looked_by": by.user, "hub_values": _values(edition)}
    Care.objects.update_or_create(article=article, defaults=said)
    if article.review_by is not None:
        _move_on(article)
    log(instance=article, action="knowledgebase.look", user=by.user, data={"by": by.label})


def published(article: Article, edition: Edition) -> None:
    """Its editor had it in hand: a day to look at it that has passed moves on, and what its hubs are like is kept anew."""
    if article.review_by is not None and article.review_by <= timezone.localdate():
        _move_on(article)
    if edition.is_shared:
        return
    values = _values(edition)
    if values:
        Care.objects.update_or_create(article=article, defaults={"hub_values": values})
    else:
        Care.objects.filter(article=article).update(hub_values={})


def _values(edition: Edition) -> dict[str, str]:
    """What the hubs it tells of are like; a shared article tells of no hub of its own."""
    community = edition.knowledge_base.community
    return hub_values(community) if community is not None and uses_hubs(edition) else {}


def _move_on(article: Article) -> None:
    """A year from now, in the article and in what its editor is shown next."""
    day = in_a_year()
    Article.objects.filter(pk=article.pk).update(review_by=day)
    shown_next = Q(pk=article.latest_revision_id) | Q(approved_go_live_at__isnull=False)
    for revision in article.revisions.filter(shown_next):
        revision.content["review_by"] = day.isoformat()
        revision.save(update_fields=["content"])
