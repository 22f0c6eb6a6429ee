"""What a knowledge base shows of itself: its sections and languages, what is new, and the way to an article."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from django.db import DEFAULT_DB_ALIAS
from django.db.models import F
from django.urls import reverse
from django.utils.text import slugify

from knowledgebase import languages
from knowledgebase.filling import Frame
from knowledgebase.models import Edition, EditionQuerySet, KnowledgeBase
from knowledgebase.questions import prepared, text

STEP = 4  # letters of one level in a page's path
MOST_LISTED = 1000  # articles of a first page


@dataclass(frozen=True)
class Crumb:
    """One step of the way here."""

    words: str
    url: str = ""


class Addressed(Protocol):
    """What a link to an article is made of."""

    @property
    def address(self) -> str: ...

    @property
    def title(self) -> str: ...


class FoundEdition(Protocol):
    """What `find` adds to an edition: what it translates, or stands in the place of, and how far behind that it is."""

    original: int | None
    lag: str | None


@dataclass
class Section:
    """A heading of the first page: an article and the ones right below it."""

    edition: Edition
    below: list[Edition] = field(default_factory=list)
    is_shared: bool = False


def readable(frame: Frame) -> EditionQuerySet:
    """The editions this reader finds in this frame."""
    return Edition.objects.visible_to(frame.actor).readable_in(frame.community)


def find(frame: Frame, address: str) -> Edition | None:
    """The article of that address in this frame, with what `FoundEdition` says; the frame's own before the shared one.

    Of its knowledge base it knows whose it is; the rest is read when asked for.
    """
    question = prepared("find", frame, _at_address)
    for found in Edition.objects.raw(question.sql, question.values_with({"address": address})):
        whose = [found.knowledge_base_id, getattr(found, "of_community")]  # noqa: B009  the query's own column
        found.knowledge_base = KnowledgeBase.from_db(DEFAULT_DB_ALIAS, ["page_ptr_id", "community_id"], whose)
        return found
    return None


def _at_address(readable: EditionQuerySet) -> list[EditionQuerySet]:
    found = readable.filter(address=text("address")).defer("text", "markdown").in_reading_order().with_original()
    return [found.annotate(of_community=F("knowledge_base__community"), lag=F("article__following__lag"))[:1]]


def sections(frame: Frame, *, language: str = "") -> list[Section]:
    """What the first page lists: two levels, own before shared. Without a language: each article once, in the reader's where there is one."""
    editions = readable(frame).listed().in_reading_order()
    if language:
        chosen = [languages.Choice(edition, edition) for edition in editions.filter(language=language)[:MOST_LISTED]]
    else:
        wanted = languages.readers_language()
        chosen = languages.once(languages.in_language(editions, wanted)[:MOST_LISTED], wanted)
    found: list[Section] = []
    above = ""
    for choice in chosen:
        tree = choice.place.tree
        if not above or not tree.startswith(above):
            found.append(Section(choice.shown, is_shared=choice.place.is_on_shared_shelf))
            above = tree
        elif len(tree) == len(above) + STEP:
            found[-1].below.append(choice.shown)
    return found


def by_section(editions: Iterable[Edition], *, levels: int) -> list[Section]:
    """Editions in reading order, each below the outermost that stands above it; those deeper than so many levels are left out."""
    found: list[Section] = []
    for edition in editions:
        if not found or not edition.tree.startswith(found[-1].edition.tree):
            found.append(Section(edition))
        elif len(edition.tree) <= len(found[-1].edition.tree) + STEP * levels:
            found[-1].below.append(edition)
    return found


def introduction(frame: Frame) -> str:
    """What its editors say at the top of its first page."""
    return KnowledgeBase.objects.filter(community=frame.community).values_list("introduction", flat=True).first() or ""


def newest(frame: Frame, *, language: str = "", most: int) -> EditionQuerySet:
    """What was published or updated last; without a language in all of them."""
    editions = readable(frame).listed().order_by("-published_at", "pk")
    return (editions.filter(language=language) if language else editions)[:most]


def news(frame: Frame, *, language: str = "", most: int) -> list[Edition]:
    """`newest`, each article once: in that language, else in the reader's where there is one."""
    if language:
        return list(newest(frame, language=language, most=most))
    wanted = languages.readers_language()
    found: dict[str, Edition] = {}
    for edition in languages.in_language(readable(frame).listed().order_by("-published_at", "pk"), wanted)[: most * 2]:
        article = languages.original_address(edition)
        if article not in found or edition.language == wanted:
            found[article] = edition
    return list(found.values())[:most]


def spoken(frame: Frame) -> list[str]:
    """In which languages there is something to read."""
    return sorted(readable(frame).order_by().values_list("language", flat=True).distinct())


def url_in(frame: Frame, edition: "Addressed") -> str:
    """Where this reader reads it."""
    return f"{frame.home}{edition.address}/"


def canonical(frame: Frame, edition: Edition) -> str:
    """Where it lives: what a community shows of the shared knowledge base is found there by search engines."""
    return url_in(Frame(frame.actor) if edition.is_shared else frame, edition)


def likely(frame: Frame, address: str) -> Edition | None:
    """The article that an address of the site it came from means: with a file's extension, `index`, other letters or other dashes."""
    stem = re.sub(r"(?:\.(?:html?|md|ipynb))$|(?:/(?:index|readme)(?:\.\w+)?)$", "", address, flags=re.IGNORECASE).strip("/").lower()
    meant = {stem, stem.replace("_", "-"), stem.replace("-", "_"), "/".join(slugify(step) for step in stem.split("/"))} - {"", address}
    return readable(frame).listed().filter(address__in=meant).in_reading_order().first() if meant else None


def crumbs(frame: Frame, editions: "Sequence[Addressed]", *, last: str = "") -> list[Crumb]:
    """The way here as words and addresses."""
    way = [Crumb(str(frame.community), f"/c/{frame.community.slug}/")] if frame.community and frame.belongs else []
    from_home = [*way, Crumb(frame.title, frame.home), *(Crumb(edition.title, url_in(frame, edition)) for edition in editions)]
    return [*from_home, Crumb(last)] if last else from_home


def search_url(frame: Frame) -> str:
    """The search page of this frame."""
    if frame.community is None:
        return reverse("knowledgebase:search")
    return reverse("knowledgebase:community_search", args=[frame.community.slug])
