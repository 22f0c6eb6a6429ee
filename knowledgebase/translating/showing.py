"""What the editors of a knowledge base are shown of its translations, and where."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from knowledgebase.languages import name_of
from knowledgebase.models import Article, Edition, KnowledgeBase, LanguageShelf, Translation
from knowledgebase.significance import Significance
from knowledgebase.translating.following import latest_change


@dataclass(frozen=True)
class Missing:
    """An article that nobody has begun to translate into a language of its knowledge base."""

    edition: Edition
    language: str

    @property
    def language_name(self) -> str:
        return name_of(self.language)


def behind(knowledge_base: KnowledgeBase) -> list[Translation]:
    """Published translations whose original has changed, those that mislead first."""
    found = Translation.objects.inside(knowledge_base.path).behind().select_related("article", "original", "article__edition")
    return sorted(found, key=lambda row: (row.lag != Significance.LARGE, row.since or timezone.now(), row.pk))


def begun(knowledge_base: KnowledgeBase) -> list[Translation]:
    """Drafts of translations, in the order of the tree."""
    return list(Translation.objects.inside(knowledge_base.path).begun().select_related("article", "original").order_by("article__path"))


def missing(knowledge_base: KnowledgeBase, *, most: int) -> list[Missing]:
    """Articles of this knowledge base, by languages it has shelves for, that nobody has begun to translate; at most so many a language."""
    shelves = LanguageShelf.objects.child_of(knowledge_base).order_by("slug")
    written_here = Edition.objects.filter(knowledge_base=knowledge_base, language=knowledge_base.language)
    originals = written_here.filter(article__translation_of=None, in_place_of__translation_of=None)
    found: list[Missing] = []
    for shelf in shelves:
        done = Article.objects.filter(translation_of=Coalesce(OuterRef("in_place_of"), OuterRef("pk")), path__startswith=shelf.path)
        if shelf.slug != knowledge_base.language:
            rows_ = originals.filter(~Exists(done)).listed().order_by("article__path")[:most]
            found += [Missing(edition, shelf.slug) for edition in rows_]
    return found


def question_after(article: Article) -> str:
    """After publishing: the page that asks what a change means, or whether a translation is up to date; empty where nothing is open."""
    translation = Translation.objects.filter(article=article, article__translation_of=article.translation_of_id).first()
    if translation and translation.is_behind:
        return page_url("translation", knowledge_base_of(article), article.pk)
    change = latest_change(article)
    if change and change.decided_at is None and change.revision_id == article.live_revision_id:
        return page_url("translation_change", knowledge_base_of(article), change.pk)
    return ""


def knowledge_base_of(article: Article) -> KnowledgeBase:
    """The knowledge base it stands in."""
    return KnowledgeBase.objects.ancestor_of(article).select_related("community").get()


def page_url(name: str, knowledge_base: KnowledgeBase, *args: object) -> str:
    """The address of one of the pages about translations, inside that knowledge base."""
    if knowledge_base.community is None:
        return reverse(f"knowledgebase:{name}", args=args)
    return reverse(f"knowledgebase:community_{name}", args=[knowledge_base.community.slug, *args])
