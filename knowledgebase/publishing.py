"""From page to reader: what Wagtail publishes, moves or takes back reaches the edition, the search table and the log."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.db.models.signals import post_save
from django.utils import timezone, translation
from wagtail.models import Page
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from knowledgebase import audiences, care, kept_pages, redirecting, searching, upstream
from knowledgebase.blocks import BODY
from knowledgebase.composing import OwnSection, composed, composed_source
from knowledgebase.models import (
    Article,
    ArticleDocument,
    ArticleImage,
    Edition,
    EditionQuerySet,
    Explanation,
    KnowledgeBase,
    LanguageShelf,
    Override,
    OverrideQuerySet,
    OwnVersions,
    UsedFact,
)
from knowledgebase.models.editions import MOVING
from knowledgebase.plain import in_pieces, markdown_of
from knowledgebase.pointing import KEPT
from knowledgebase.rendering import Rendered, render
from knowledgebase.sources import blocks_of


def listen() -> None:
    """Wagtail's editor announces by signals alone; these are the ones that change what readers see."""
    page_published.connect(_on_published, sender=Article, dispatch_uid="publish edition")
    page_published.connect(_on_opened, sender=KnowledgeBase, dispatch_uid="publish knowledge base")
    post_save.connect(_on_saved, sender=Article, dispatch_uid="narrow below a draft")
    page_unpublished.connect(_on_unpublished, sender=Article, dispatch_uid="withdraw edition")
    for sender in (Article, LanguageShelf):
        post_page_move.connect(_on_moved, sender=sender, dispatch_uid=f"readdress moved {sender.__name__}")
        page_slug_changed.connect(_on_moved, sender=sender, dispatch_uid=f"readdress renamed {sender.__name__}")


@dataclass(frozen=True)
class Place:
    """Where readers find an edition, and the shared article whose place it takes there."""

    knowledge_base: KnowledgeBase
    address: str
    language: str
    in_place_of: Article | None = None


@dataclass(frozen=True)
class Label:
    """What stands around the text: its title, who may read it, which rows of a matrix it explains."""

    title: str
    summary: str
    audience: str
    explains: Sequence[str]

    @classmethod
    def of(cls, article: Article, above: Sequence[Page]) -> "Label":
        """Of an article below those pages, given as their own kinds."""
        return cls(article.title, article.summary, audiences.of(article, above), article.responsibilities)


@transaction.atomic
def publish_edition(article: Article) -> Edition | None:
    """Render that article and put it where readers find it; a page outside every knowledge base has no readers."""
    ancestors = list(article.get_ancestors().specific())
    if any(isinstance(page, OwnVersions) for page in ancestors):
        return _publish_own_version(article)
    place = _place(article, ancestors)
    if place is None:
        withdraw(article.pk)
        return None
    with translation.override(place.language):
        rendered = render(article.body)
    before = Edition.objects.filter(pk=article.pk).values_list("knowledge_base", "address").first()
    for taken in _composed_at(place).exclude(pk=article.pk):
        _remove(taken.pk)  # an article of the community's own stands before its versions of a shared one
    edition = _write(article, place, Label.of(article, ancestors), rendered, markdown_of(article, KEPT))
    if before and before != (place.knowledge_base.pk, place.address) and not before[1].startswith(MOVING):
        redirecting.remember(*before, article)
    if place.knowledge_base.is_shared:
        _follow(article, edition)
        _see_to_orphans({place.address, before[1] if before else place.address})
    return edition


@transaction.atomic
def withdraw(article_id: int) -> None:
    """Nobody reads or finds it any more; what stood in its place, or what it stood in the place of, is seen to."""
    edition = Edition.objects.filter(pk=article_id).select_related("knowledge_base").first()
    override = Override.objects.filter(article=article_id).first()
    if override is not None and override.shared_id is not None:
        recompose(override.knowledge_base_id, override.shared_id, without=article_id)  # which removes it, once what hung on it went along
        return
    _remove(article_id)
    if edition is not None and not edition.is_shared:
        hidden = Override.objects.active().filter(knowledge_base=edition.knowledge_base_id, address=edition.address, shared__isnull=False)
        for shared_id in set(hidden.values_list("shared", flat=True)):
            recompose(edition.knowledge_base_id, shared_id)
    _follow(article_id, None)
    if edition is not None and edition.is_shared:
        _see_to_orphans({edition.address})


@transaction.atomic
def recompose(knowledge_base_id: int, shared_id: int, *, without: int | None = None) -> Edition | None:
    """Write anew what a community reads at a shared article's address: its whole version, or its sections within the shared text."""
    KnowledgeBase.objects.select_for_update(of=("self",)).get(pk=knowledge_base_id)  # two sections published at once are both read
    published = (
        Override.objects.active().filter(knowledge_base=knowledge_base_id, shared=shared_id, article__live=True).exclude(article=without)
    )
    versions = list(published.select_related("article", "knowledge_base", "shared").order_by("pk"))
    shared = Edition.objects.filter(pk=shared_id).first()
    whole = next((version for version in versions if version.is_whole), None)
    carrier = whole or (versions[0] if versions and shared else None)  # the page that the one edition belongs to
    if carrier and shared is None and _is_succeeded(carrier):
        carrier = None
    for stale in Edition.objects.filter(knowledge_base=knowledge_base_id, in_place_of=shared_id).exclude(
        pk=carrier.article_id if carrier else None
    ):
        if carrier is not None:
            care.carry(stale.pk, to=carrier.article_id)
        _remove(stale.pk)
    if carrier is None or _own_article_at(carrier):
        return None
    place = Place(carrier.knowledge_base, carrier.address, carrier.language, carrier.shared)
    _step_aside(place, carrier.article_id)
    if whole is not None:
        return _write_whole(whole, place)
    return _write_sections(versions, place, shared) if shared else None


@transaction.atomic
def readdress(page: Page) -> None:
    """Give a page and all below it the addresses their place in the tree says."""
    articles = list(Article.objects.descendant_of(page, inclusive=True).live().order_by("path"))
    editions = Edition.objects.filter(pk__in=[article.pk for article in articles]).select_related("knowledge_base")
    stale = {edition.pk: edition for edition in editions}
    for edition in editions:
        Edition.objects.filter(pk=edition.pk).update(address=f"{MOVING}{edition.pk}")  # so that two may swap
    for article in articles:
        before = stale.get(article.pk)
        after = publish_edition(article) if before else None
        if before and after and (before.knowledge_base_id, before.address) != (after.knowledge_base_id, after.address):
            redirecting.remember(before.knowledge_base_id, before.address, article)
    _see_to_orphans({edition.address for edition in editions if edition.is_shared})
    _keep_places()


@transaction.atomic
def narrow_or_widen(top: Page) -> None:
    """What stands below that page is for whom it says now."""
    audiences.rewrite(top)
    _hand_on(top)


@transaction.atomic
def narrow(top: Page) -> None:
    """What a section says that nobody reads holds for what stands below it, as far as that makes it narrower."""
    if audiences.narrow(top):
        _hand_on(top)


def _hand_on(top: Page) -> None:
    """Who reads what stands below that page decides also what communities read, and compare, in the place of it."""
    for override in _replacing(shared__path__startswith=top.path).select_related("shared__edition"):
        upstream.look(override, getattr(override.shared, "edition", None))
    below = Q(in_place_of__path__startswith=top.path) | Q(article__path__startswith=top.path)
    versions = Edition.objects.filter(below, in_place_of__isnull=False).values_list("knowledge_base", "in_place_of")
    for knowledge_base_id, shared_id in sorted(set(versions)):
        recompose(knowledge_base_id, shared_id)
    kept_pages.drop_after_commit()


@transaction.atomic
def publish_again() -> int:
    """Render anew what an earlier release of ours published, which kept no Markdown. How many there were."""
    stale = list(Article.objects.filter(edition__markdown="").order_by("path"))
    for article in stale:
        publish_edition(article)
    return len(stale)


@transaction.atomic
def stand_alone(override: Override) -> None:
    """A version that was moved among the community's own articles is one of them from now on."""
    article, shared_id = override.article, override.shared_id
    _remove(override.article_id)
    override.delete()
    if shared_id is not None:
        recompose(override.knowledge_base_id, shared_id)
    if article.live:
        publish_edition(article)


def place_of(article: Article) -> Place | None:
    """The knowledge base it stands in, its address there, and its language."""
    return _place(article, list(article.get_ancestors().specific()))


def _place(article: Article, ancestors: Sequence[Page]) -> Place | None:
    knowledge_base = next((page for page in ancestors if isinstance(page, KnowledgeBase)), None)
    if knowledge_base is None:
        return None
    below = ancestors[ancestors.index(knowledge_base) + 1 :]
    shelf = next((page for page in below if isinstance(page, LanguageShelf)), None)
    address = "/".join([*(page.slug for page in below), article.slug])
    return Place(knowledge_base, address, shelf.slug if shelf else knowledge_base.language)


def _write(article: Article, place: Place, label: Label, rendered: Rendered, markdown: str) -> Edition:
    """The one row that readers are served, and everything that is kept of it."""
    edition, _created = Edition.objects.update_or_create(
        article=article,
        defaults={
            "knowledge_base": place.knowledge_base,
            "address": place.address,
            "language": place.language,
            "in_place_of": place.in_place_of,
            "title": label.title,
            "summary": label.summary,
            "audience": label.audience,
            "tree": (place.in_place_of or article).path,
            "parts": rendered.parts,
            "contents": rendered.contents,
            "text": rendered.text,
            "markdown": markdown,
            "published_at": article.last_published_at or timezone.now(),
        },
    )
    _keep_files(edition, rendered)
    _keep_explanations(edition, label.explains)
    _keep_facts(edition, rendered.facts)
    searching.index(edition)
    kept_pages.drop_after_commit()
    return edition


def _remove(article_id: int) -> None:
    Edition.objects.filter(pk=article_id).delete()
    searching.forget(article_id)
    kept_pages.drop_after_commit()


def _publish_own_version(article: Article) -> Edition | None:
    """A community's version was published: it takes the place of what it replaces, and a whole one that of its sections."""
    override = Override.objects.filter(article=article).select_related("article", "knowledge_base").first()
    if override is None or override.shared_id is None:
        return _publish_orphan(article, override)
    others = Override.objects.active().filter(knowledge_base=override.knowledge_base_id, shared=override.shared_id)
    if override.retired_at is not None:
        if others.filter(section=override.section).exists():
            return None
        Override.objects.filter(pk=override.pk).update(retired_at=None)
        upstream.look(override, Edition.objects.filter(pk=override.shared_id).first())  # nobody did while it was retired
    if override.is_whole:
        for section in others.exclude(pk=override.pk).select_related("article"):
            Override.objects.filter(pk=section.pk).update(retired_at=timezone.now())
            section.article.unpublish()
    return recompose(override.knowledge_base_id, override.shared_id)


def _publish_orphan(article: Article, override: Override | None) -> Edition | None:
    """What it replaced was deleted: a whole version is read on at its address, a section has no article to stand in."""
    if override is None or not override.is_whole or _own_article_at(override) or _is_succeeded(override):
        _remove(article.pk)
        return None
    place = Place(override.knowledge_base, override.address, override.language)
    _step_aside(place, article.pk)
    return _write_whole(override, place)


def _write_whole(version: Override, place: Place) -> Edition:
    article = version.article
    label = Label.of(article, [place.knowledge_base])
    with translation.override(place.language):
        return _write(article, place, label, render(article.body), markdown_of(article, KEPT))


def _write_sections(versions: Sequence[Override], place: Place, shared: Edition) -> Edition:
    """The shared article with those sections in it, for whoever may read all of it."""
    with translation.override(place.language):
        own = [_own_section(each) for each in versions]
        rendered = composed(shared.parts, shared.contents, own)
    rendered.images |= set(shared.images.values_list("key", flat=True))
    rendered.documents |= set(shared.documents.values_list("key", flat=True))
    explains = [*shared.explanations.values_list("key", flat=True), *(key for each in versions for key in each.article.responsibilities)]
    audience = audiences.narrowest([place.knowledge_base.audience, shared.audience, *(each.article.audience for each in versions)])
    label = Label(shared.title, shared.summary, audience, explains)
    edition = _write(versions[0].article, place, label, rendered, _markdown(shared, own, rendered))
    published = max(shared.published_at, *(each.article.last_published_at or shared.published_at for each in versions))
    Edition.objects.filter(pk=edition.pk).update(published_at=published)
    return edition


def _own_section(version: Override) -> OwnSection:
    body = version.article.body
    return OwnSection(version.pk, version.section, version.heading, render(body), blocks_of(body))


def _markdown(shared: Edition, own: Sequence[OwnSection], rendered: Rendered) -> str:
    """What is read, as it was written; where that cannot be told apart, its words."""
    article = shared.article
    pieces = composed_source(shared.parts, blocks_of(article.body), own) or [[{"type": "text", "value": rendered.text}]]
    return in_pieces(article, [BODY.to_python(piece) for piece in pieces], KEPT)


def _follow(shared: Article | int, edition: Edition | None) -> None:
    """A shared article was published, moved or taken back: look at every version of it, and write anew what their readers see."""
    overrides = list(_replacing(shared=shared).select_related("article"))
    for override in overrides:
        upstream.look(override, edition)
    shared_id = shared if isinstance(shared, int) else shared.pk
    for knowledge_base_id in sorted({each.knowledge_base_id for each in overrides if each.article.live}):  # in one order, as locks want
        recompose(knowledge_base_id, shared_id)


def _replacing(**shared: Any) -> OverrideQuerySet:
    """The versions of those shared articles, held until they are written."""
    return Override.objects.select_for_update(of=("self",)).active().filter(**shared).order_by("pk")


def _composed_at(place: Place) -> EditionQuerySet:
    """What stands at that address in the place of a shared article; nothing does in the shared knowledge base."""
    if place.knowledge_base.is_shared:
        return Edition.objects.none()
    return Edition.objects.filter(knowledge_base=place.knowledge_base, address=place.address, in_place_of__isnull=False)


def _own_article_at(version: Override) -> bool:
    """Whether the community has an article of its own at the address."""
    own = Edition.objects.filter(knowledge_base=version.knowledge_base_id, address=version.address, in_place_of=None)
    return own.exclude(pk=version.article_id).exists()


def _is_succeeded(version: Override) -> bool:
    """Whether at the address of what it replaced, which is gone, another shared article is read."""
    return Edition.objects.shared().filter(address=version.address).exists()


def _see_to_orphans(addresses: Collection[str]) -> None:
    """Versions whose shared article is gone are read on at its address until another shared article has it, and again after that."""
    gone = ~Exists(Edition.objects.filter(pk=OuterRef("shared")))
    orphans = Override.objects.active().filter(gone, address__in=addresses, section="", article__live=True)
    for version in orphans.select_related("article", "knowledge_base").order_by("knowledge_base_id", "-pk"):
        place = Place(version.knowledge_base, version.address, version.language)
        if _is_succeeded(version):
            _remove(version.article_id)
        elif not _own_article_at(version) and not _composed_at(place).exists():
            _publish_own_version(version.article)


def _step_aside(place: Place, article_id: int) -> None:
    """Two shared articles may swap addresses; the version of the other one is written again when that one has moved.

    One whose shared article is gone would wait for ever: it is read no more, and its list says so.
    """
    moving = Exists(Edition.objects.filter(pk=OuterRef("in_place_of")).exclude(address=place.address))
    for other in _composed_at(place).exclude(pk=article_id).annotate(is_moving=moving):
        if other.is_moving:
            Edition.objects.filter(pk=other.pk).update(address=f"{MOVING}{other.pk}")
        else:
            _remove(other.pk)


def _keep_places() -> None:
    """Where a page moves, those behind it get other paths too: one statement writes them all."""
    stands = Coalesce("in_place_of__path", "article__path")
    elsewhere = Edition.objects.annotate(stands=stands).exclude(tree=F("stands")).values("pk")
    path = Edition.objects.filter(pk=OuterRef("pk")).values(path=stands)[:1]
    Edition.objects.filter(pk__in=elsewhere).update(tree=Subquery(path))


def _keep_files(edition: Edition, rendered: Rendered) -> None:
    """Note which files readers of this edition may open."""
    edition.images.set(ArticleImage.objects.filter(_may_show(edition, "images"), key__in=rendered.images))
    edition.documents.set(ArticleDocument.objects.filter(_may_show(edition, "documents"), key__in=rendered.documents))


def _may_show(edition: Edition, files: str) -> Q:
    """The files of its own collection, and of the shared one what its community reads in some article, or it has shown until now."""
    own = Q(collection=edition.knowledge_base.collection_id)
    if edition.knowledge_base.community_id is None:
        return own
    readable = Edition.objects.seen_with(frozenset({edition.knowledge_base.community_id}))
    known = Edition.objects.filter(Q(pk__in=readable.values("pk")) | Q(pk=edition.pk))
    shared = KnowledgeBase.objects.filter(community=None)
    return own | Q(collection__in=shared.values("collection"), pk__in=known.values(files))


def _keep_explanations(edition: Edition, keys: Sequence[str]) -> None:
    """Note which rows of a responsibility matrix this edition explains."""
    edition.explanations.exclude(key__in=keys).delete()
    Explanation.objects.bulk_create([Explanation(edition=edition, key=key) for key in dict.fromkeys(keys)], ignore_conflicts=True)


def _keep_facts(edition: Edition, names: Collection[str]) -> None:
    """Note which facts of the reader's community this edition names."""
    edition.used_facts.exclude(name__in=names).delete()
    UsedFact.objects.bulk_create([UsedFact(edition=edition, name=name) for name in sorted(names)], ignore_conflicts=True)


def _on_published(*, instance: Article, **_kwargs: Any) -> None:
    """Wagtail announces also what it has only scheduled; that has no readers yet."""
    if not instance.live:
        withdraw(instance.pk)
    elif edition := publish_edition(instance):
        care.published(instance, edition)
    if instance.numchild:
        narrow_or_widen(instance)


def _on_saved(*, instance: Article, **_kwargs: Any) -> None:
    """Of a page that nobody reads the editor keeps each draft in its row, which is what counts (docs/adr/0068)."""
    if not instance.live and instance.numchild:
        narrow(instance)


def _on_opened(*, instance: KnowledgeBase, **_kwargs: Any) -> None:
    narrow_or_widen(instance)


def _on_unpublished(*, instance: Article, **_kwargs: Any) -> None:
    withdraw(instance.pk)


def _on_moved(*, instance: Page, **_kwargs: Any) -> None:
    page = Page.objects.get(pk=instance.pk)  # where it stands now
    override = Override.objects.filter(article=page.pk).first()
    if override is None or isinstance(page.get_parent().specific, OwnVersions):
        readdress(page)
    else:
        stand_alone(override)
