"""A new article that nobody reads yet, for rooms that begin one from what they know."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from wagtail.log_actions import log

from ground.actors import Actor
from knowledgebase.blocks import BODY
from knowledgebase.models import Article, KnowledgeBase
from knowledgebase.models.pages import RESERVED

LONGEST_SLUG = 60


@transaction.atomic
def draft(knowledge_base: KnowledgeBase, *, title: str, body: Sequence[dict[str, Any]], by: Actor) -> Article:
    """A draft at the end of that knowledge base. `body` is plain data: blocks with a type and a value."""
    held = KnowledgeBase.objects.select_for_update().get(pk=knowledge_base.pk)
    article = Article(title=title[:255], slug=_free_slug(held, title), body=BODY.to_python(list(body)), live=False, owner=by.user)
    held.add_child(instance=article)
    article.save_revision(user=by.user)
    log(article, "knowledgebase.draft", user=by.user, data={"by": by.label})
    return article


def _free_slug(knowledge_base: KnowledgeBase, title: str) -> str:
    stem = slugify(title)[:LONGEST_SLUG].strip("-") or "article"
    taken = set(knowledge_base.get_children().filter(slug__startswith=stem).values_list("slug", flat=True)) | RESERVED
    return next(slug for slug in (stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 3))) if slug not in taken)
