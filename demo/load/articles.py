"""Shared articles in bulk, published as the editor would."""

import random
from collections.abc import Callable

from django.db import transaction

from demo.load.wording import paragraph, subject
from ground.actors import Actor
from knowledgebase import opening
from knowledgebase.models import Article, KnowledgeBase
from knowledgebase.models.editions import Audience
from knowledgebase.publishing import publish_edition

CHUNK = 100
Progress = Callable[[int], None]


def make_articles(count: int, *, rng: random.Random, progress: Progress = lambda _done: None) -> None:
    """That many more articles in the shared knowledge base."""
    shared = opening.open_shared(by=Actor.system())
    first = Article.objects.filter(slug__startswith="load-").count() + 1
    for start in range(0, count, CHUNK):
        size = min(CHUNK, count - start)
        _write(shared, first + start, size, rng)
        progress(start + size)


@transaction.atomic
def _write(shared: KnowledgeBase, first: int, size: int, rng: random.Random) -> None:
    for number in range(first, first + size):
        shared.refresh_from_db()
        article = shared.add_child(instance=_article(number, rng))
        publish_edition(article)


def _article(number: int, rng: random.Random) -> Article:
    text = "\n\n".join(paragraph(rng, sentences=5) for _ in range(4))
    return Article(
        title=subject(rng), slug=f"load-{number:06}", audience=Audience.PUBLIC, summary=paragraph(rng, sentences=1), body=[("text", text)]
    )
