"""What surrounds an article while reading: the way here, its section, what comes before and after, its other languages."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol, cast

from django.db.models import F, Q
from django.urls import reverse

from knowledgebase.filling import Frame
from knowledgebase.models import Edition, EditionQuerySet

STEP = 4  # letters of one level in a page's path


@dataclass(frozen=True)
class Crumb:
    """One step of the way here."""

    words: str
    url: str = ""


@dataclass
class Section:
    """A heading of the first page: an article and the ones right below it."""

    edition: Edition
    below: list[Edition] = field(default_factory=list)


@dataclass(frozen=True)
class Surroundings:
    """Everything of a reading page that is not the article."""

    crumbs: Sequence[Edition]
    siblings: Sequence[Edition]
    children: Sequence[Edition]
    previous: Edition | None
    next: Edition | None


class PlacedEdition(Protocol):
    """What `placed` adds to an edition."""

    tree: str
    original: int | None


def placed(editions: EditionQuerySet) -> EditionQuerySet:
    """With the page's path in the tree as `tree` and what it translates as `original`."""
    return editions.annotate(tree=F("article__path"), original=F("article__translation_of"))


def tree_of(edition: Edition) -> str:
    """The path of a placed edition's page: four letters a level, in reading order."""
    return cast("PlacedEdition", edition).tree


def readable(frame: Frame) -> EditionQuerySet:
    """The editions this reader finds in this frame."""
    return Edition.objects.visible_to(frame.actor).readable_in(frame.community)


def sections(frame: Frame, *, language: str = "") -> list[Section]:
    """What the first page lists: two levels, own before shared. Without a language: the frame's own articles and the shared language."""
    editions = placed(readable(frame).listed()).in_reading_order()
    editions = (
        editions.filter(language=language)
        if language
        else editions.filter(~Q(knowledge_base__community=None) | Q(language=F("knowledge_base__language")))
    )
    found: list[Section] = []
    for edition in editions[:500]:
        if not found or not tree_of(edition).startswith(tree_of(found[-1].edition)):
            found.append(Section(edition))
        elif len(tree_of(edition)) == len(tree_of(found[-1].edition)) + STEP:
            found[-1].below.append(edition)
    return found


def languages(frame: Frame) -> list[str]:
    """In which languages there is something to read."""
    return sorted(readable(frame).order_by().values_list("language", flat=True).distinct())


def surroundings(edition: Edition, frame: Frame) -> Surroundings:
    """The articles above, beside and below, in one query. `edition` is a placed one."""
    above = edition.addresses_above()
    parent, depth = tree_of(edition)[:-STEP], len(tree_of(edition)) // STEP
    near = (
        Q(address__in=above)
        | Q(article__path__startswith=parent, article__depth=depth)
        | Q(article__path__startswith=tree_of(edition), article__depth=depth + 1)
    )
    rows = list(
        placed(readable(frame).listed())
        .filter(near, knowledge_base=edition.knowledge_base_id, language=edition.language)
        .order_by("article__path")[:300]
    )
    crumbs = [row for row in rows if row.address in above]
    siblings = [row for row in rows if len(tree_of(row)) == len(tree_of(edition))]
    children = [row for row in rows if len(tree_of(row)) > len(tree_of(edition))]
    here = next((place for place, row in enumerate(siblings) if row.pk == edition.pk), 0)
    before = siblings[here - 1] if here else (crumbs[-1] if crumbs else None)
    after = children[0] if children else next(iter(siblings[here + 1 :]), None)
    return Surroundings(crumbs=crumbs, siblings=siblings, children=children, previous=before, next=after)


def translations(edition: Edition, frame: Frame) -> list[Edition]:
    """The same article in other languages."""
    original = cast("PlacedEdition", edition).original or edition.pk
    same = Q(article=original) | Q(article__translation_of=original)
    return list(readable(frame).listed().filter(same).exclude(pk=edition.pk).order_by("language"))


def url_in(frame: Frame, edition: Edition) -> str:
    """Where this reader reads it."""
    return f"{frame.home}{edition.address}/"


def crumbs(frame: Frame, editions: Sequence[Edition], *, last: str = "") -> list[Crumb]:
    """The way here as words and addresses."""
    way = [Crumb(str(frame.community), f"/c/{frame.community.slug}/")] if frame.community and frame.belongs else []
    from_home = [*way, Crumb(frame.title, frame.home), *(Crumb(edition.title, url_in(frame, edition)) for edition in editions)]
    return [*from_home, Crumb(last)] if last else from_home


def search_url(frame: Frame) -> str:
    """The search page of this frame."""
    if frame.community is None:
        return reverse("knowledgebase:search")
    return reverse("knowledgebase:community_search", args=[frame.community.slug])
