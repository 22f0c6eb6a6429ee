"""Beginning a translation: a draft with the original's blocks, at the place that mirrors the original's."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Page

from ground.actors import Actor
from knowledgebase.blocks import BODY
from knowledgebase.languages import name_of
from knowledgebase.models import Article, Edition, KnowledgeBase, LanguageShelf, Override
from knowledgebase.sources import blocks_of, spliced
from knowledgebase.translating.following import link

LANGUAGES = dict(settings.LANGUAGES)


class NotPossible(Exception):
    """A translation that cannot be begun; the sentence says why."""


@dataclass(frozen=True)
class Text:
    """What a translator begins with."""

    title: str
    summary: str
    audience: str
    body: Any


@transaction.atomic
def start(edition: Edition, *, language: str, into: KnowledgeBase, by: Actor) -> Article:
    """The draft of that article in that language: the one there is, else a new one that begins with the original's blocks.

    Its place mirrors the original's; a shelf for the language and the sections above are made where they are missing. Raises `NotPossible`.
    """
    written = edition.in_place_of or edition.article
    original = written.translation_of or written
    if language not in LANGUAGES:
        raise NotPossible(_("This site does not speak that language."))
    KnowledgeBase.objects.select_for_update().get(pk=into.pk)  # two who begin at once get the same draft
    readable = Edition.objects.visible_to(by) if by.user else Edition.objects.all()
    standing = readable.filter(pk=original.pk).select_related("knowledge_base").first()
    if standing is None:
        raise NotPossible(_("The original is not published any more, so there is nothing to translate."))
    if language == standing.language:
        raise NotPossible(_("The article is written in that language."))
    existing = translation_in(into, original, language)
    return existing or _begin(standing, language, into, by=by)


def _text(standing: Edition, into: KnowledgeBase) -> Text:
    """What readers of that knowledge base read as the original: their community's version or sections, where it has its own."""
    shared = standing.article
    own = Edition.objects.filter(knowledge_base=into, in_place_of=shared).select_related("article").first()
    if own is None:
        return Text(shared.title, shared.summary, shared.audience, shared.body)
    versions = Override.objects.active().filter(knowledge_base=into, shared=shared, article__live=True).select_related("article")
    sections = {version.section: blocks_of(version.article.body) for version in versions}
    if "" in sections:
        return Text(own.title, own.summary, own.article.audience, own.article.body)
    return Text(own.title, own.summary, own.audience, BODY.to_python(spliced(blocks_of(shared.body), standing.parts, sections)))


def translation_in(into: KnowledgeBase, original: Article, language: str) -> Article | None:
    """The translation into that language which stands in that knowledge base, published or not."""
    found = Article.objects.filter(translation_of=original).descendant_of(into)
    shelf = LanguageShelf.objects.child_of(into).filter(slug=language).first()
    if shelf:
        inside = found.descendant_of(shelf).first()
        if inside or language != into.language:
            return inside
    if language != into.language:
        return None
    shelves = LanguageShelf.objects.child_of(into)
    return next((article for article in found if not any(article.is_descendant_of(shelf) for shelf in shelves)), None)


def _begin(standing: Edition, language: str, into: KnowledgeBase, *, by: Actor) -> Article:
    place: Page = into
    if standing.knowledge_base_id != into.pk or language != into.language:  # a shared one stays where it is, beside its translation
        place = _shelf(into, language, by=by)
    steps = standing.address.split("/")
    first = 1 if steps[0] in LANGUAGES else 0
    for count in range(first + 1, len(steps)):
        place = _section(standing, "/".join(steps[:count]), place, language=language, into=into, by=by)
    taken = place.get_children().filter(slug=steps[-1]).first()
    if taken:
        raise NotPossible(_("The page “%(title)s” already has that place. Say there that it is the translation.") % {"title": taken.title})
    return _draft(standing.article, _text(standing, into), place, steps[-1], by=by)


def _shelf(into: KnowledgeBase, language: str, *, by: Actor) -> Page:
    existing = LanguageShelf.objects.child_of(into).filter(slug=language).first()
    if existing:
        return existing
    shelf = LanguageShelf(title=name_of(language).capitalize(), slug=language, owner=by.user)
    into.add_child(instance=shelf)
    return shelf


def _section(standing: Edition, address: str, place: Page, *, language: str, into: KnowledgeBase, by: Actor) -> Page:
    """The page that mirrors a section of the original; where it is missing, a draft of its translation."""
    slug = address.rpartition("/")[2]
    existing = place.get_children().filter(slug=slug).first()
    if existing:
        return existing
    section = Edition.objects.filter(knowledge_base=standing.knowledge_base_id, address=address).select_related("article").first()
    if section:
        return translation_in(into, section.article, language) or _draft(section.article, _text(section, into), place, slug, by=by)
    plain = Article(title=slug.replace("-", " ").capitalize(), slug=slug, audience=standing.audience, live=False, owner=by.user)
    place.add_child(instance=plain)
    return plain


def _draft(original: Article, text: Text, place: Page, slug: str, *, by: Actor) -> Article:
    article = Article(
        title=text.title,
        slug=slug,
        summary=text.summary,
        audience=text.audience,
        body=text.body,
        translation_of=original,
        live=False,
        owner=by.user,
    )
    place.add_child(instance=article)
    article.save_revision(user=by.user)
    link(article, original)
    log(article, "knowledgebase.translate", user=by.user, data={"by": by.label, "original": original.pk})
    return article
