"""From page to reader: what Wagtail publishes, moves or takes back reaches the edition, the search table and the log."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from wagtail.models import Page
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from ground import search
from knowledgebase.models import Article, ArticleDocument, ArticleImage, Edition, Explanation, KnowledgeBase, LanguageShelf
from knowledgebase.rendering import Rendered, render


def listen() -> None:
    """Wagtail's editor announces by signals alone; these are the ones that change what readers see."""
    page_published.connect(_on_published, sender=Article, dispatch_uid="publish edition")
    page_unpublished.connect(_on_unpublished, sender=Article, dispatch_uid="withdraw edition")
    for sender in (Article, LanguageShelf):
        post_page_move.connect(_on_moved, sender=sender, dispatch_uid=f"readdress moved {sender.__name__}")
        page_slug_changed.connect(_on_moved, sender=sender, dispatch_uid=f"readdress renamed {sender.__name__}")


@transaction.atomic
def publish_edition(article: Article) -> Edition | None:
    """Render that article and put it where readers find it; a page outside every knowledge base has no readers."""
    place = _place(article)
    if place is None:
        withdraw(article.pk)
        return None
    knowledge_base, address, language = place
    with translation.override(language):
        rendered = render(article.body)
    edition, _created = Edition.objects.update_or_create(
        article=article,
        defaults={
            "knowledge_base": knowledge_base,
            "address": address,
            "language": language,
            "title": article.title,
            "summary": article.summary,
            "audience": article.audience,
            "parts": rendered.parts,
            "contents": rendered.contents,
            "text": rendered.text,
            "published_at": article.last_published_at or timezone.now(),
        },
    )
    _keep_files(edition, rendered)
    _keep_explanations(edition, article.responsibilities)
    search.index(Edition.SEARCHED_AS, article.pk, title=article.title, body=f"{article.summary}\n{rendered.text}")
    search.learn(Edition.SEARCHED_AS, f"{article.title} {article.summary} {rendered.text}")
    return edition


@transaction.atomic
def withdraw(article_id: int) -> None:
    """Nobody reads or finds it any more."""
    Edition.objects.filter(pk=article_id).delete()
    search.forget(Edition.SEARCHED_AS, article_id)


@transaction.atomic
def readdress(page: Page) -> None:
    """Give a page and all below it the addresses their place in the tree says."""
    articles = list(Article.objects.descendant_of(page, inclusive=True).live().order_by("path"))
    editions = Edition.objects.filter(pk__in=[article.pk for article in articles])
    stale = {edition.pk for edition in editions}
    for edition in editions:
        Edition.objects.filter(pk=edition.pk).update(address=f"moving:{edition.pk}")  # so that two may swap
    for article in articles:
        if article.pk in stale:
            publish_edition(article)


def _place(article: Article) -> tuple[KnowledgeBase, str, str] | None:
    """The knowledge base it stands in, its address there, and its language."""
    ancestors = list(article.get_ancestors().specific())
    knowledge_base = next((page for page in ancestors if isinstance(page, KnowledgeBase)), None)
    if knowledge_base is None:
        return None
    below = ancestors[ancestors.index(knowledge_base) + 1 :]
    shelf = next((page for page in below if isinstance(page, LanguageShelf)), None)
    address = "/".join([*(page.slug for page in below), article.slug])
    return knowledge_base, address, shelf.slug if shelf else knowledge_base.language


def _keep_files(edition: Edition, rendered: Rendered) -> None:
    """Note which files readers of this edition may open: those of its own collection and of the shared one."""
    shared = KnowledgeBase.objects.filter(community=None).values("collection")
    ours = {"collection__in": [edition.knowledge_base.collection_id, *shared.values_list("collection", flat=True)]}
    edition.images.set(ArticleImage.objects.filter(key__in=rendered.images, **ours))
    edition.documents.set(ArticleDocument.objects.filter(key__in=rendered.documents, **ours))


def _keep_explanations(edition: Edition, keys: Sequence[str]) -> None:
    """Note which rows of a responsibility matrix this edition explains."""
    edition.explanations.exclude(key__in=keys).delete()
    Explanation.objects.bulk_create([Explanation(edition=edition, key=key) for key in dict.fromkeys(keys)], ignore_conflicts=True)


def _on_published(*, instance: Article, **_kwargs: Any) -> None:
    publish_edition(instance)


def _on_unpublished(*, instance: Article, **_kwargs: Any) -> None:
    withdraw(instance.pk)


def _on_moved(*, instance: Page, **_kwargs: Any) -> None:
    readdress(Page.objects.get(pk=instance.pk))  # where it stands now
