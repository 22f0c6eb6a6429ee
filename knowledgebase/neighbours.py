"""What stands around an article, in one question: the sections above it, what is beside and right below it,

the one before and the one after in the whole reading order, and the same article in other languages.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.db import connection
from django.db.models import Q, Value
from django.db.models.functions import Length
from django.utils.translation import get_language_info

from knowledgebase.filling import Frame
from knowledgebase.models import Edition, EditionQuerySet
from knowledgebase.questions import number, prepared, text

if TYPE_CHECKING:
    from knowledgebase.reading import FoundEdition

STEP = 4  # letters of one level in a page's path
LAST = "ZZZZ"  # sorts behind every step
MOST_BESIDE, MOST_BELOW = 20, 100  # on each side; below
COLUMNS = ("pk", "address", "title", "summary", "language", "tree", "knowledge_base__community", "in_place_of")


@dataclass(frozen=True)
class Neighbour:
    """An article as a page links to it."""

    pk: int
    address: str
    title: str
    summary: str
    language: str
    tree: str
    community: int | None
    in_place_of: int | None

    @property
    def language_name(self) -> str:
        """The language's own name for itself."""
        return str(get_language_info(self.language)["name_local"])


@dataclass(frozen=True)
class Surroundings:
    """Everything of a reading page that is not the article."""

    crumbs: Sequence[Neighbour]
    siblings: Sequence[Neighbour]
    children: Sequence[Neighbour]
    previous: Neighbour | None
    next: Neighbour | None
    translations: Sequence[Neighbour]
    original: Neighbour | None = None
    """What it translates, if that is among its translations."""


def around(edition: Edition, frame: Frame) -> Surroundings:
    """What this reader finds around that article, which `reading.find` found."""
    original = cast("FoundEdition", edition).original
    found = _ask(edition, frame, original or edition.pk)
    translations = _one_a_language(found["languages"], original or edition.pk)
    return Surroundings(
        crumbs=found["above"],
        siblings=[*reversed(found["earlier"]), *found["later"]],
        children=found["below"],
        previous=next(iter(found["before"]), None),
        next=next(iter(found["after"]), None),
        translations=translations,
        original=next((row for row in translations if (row.in_place_of or row.pk) == original), None),
    )


def _one_a_language(rows: Sequence[Neighbour], original: int) -> list[Neighbour]:
    """A community's own before a shared one."""
    ordered = sorted(rows, key=lambda row: (row.community is not None, row.pk != original))
    return sorted({row.language: row for row in ordered}.values(), key=lambda row: row.language)


def _ask(edition: Edition, frame: Frame, original: int) -> dict[str, list[Neighbour]]:
    tree, levels = edition.tree, range(1, edition.depth + 1)
    known = {
        "original": original,
        "knowledge base": edition.knowledge_base_id,
        "language": edition.language,
        "here": tree,
        "length": len(tree),
        "length below": len(tree) + STEP,
        "beside": tree[:-STEP],
        "beside end": tree[:-STEP] + LAST,
        "below end": tree + LAST,
        **{f"above {level}": tree[: -STEP * level] for level in levels},
    }
    on_shared = edition.is_on_shared_shelf
    question = prepared("around", frame, lambda readable: _written(readable, levels, on_shared=on_shared), of=(edition.depth, on_shared))
    found: dict[str, list[Neighbour]] = {name: [] for name in ("above", "earlier", "later", "below", "before", "after", "languages")}
    with connection.cursor() as cursor:
        cursor.execute(question.sql, question.values_with(known))
        for name, *columns in cursor.fetchall():
            found[name].append(Neighbour(*columns))
    return found


def _written(readable: EditionQuerySet, levels: range, *, on_shared: bool) -> list[Any]:
    """The parts of the answer, each with its name before its columns."""
    shared = Q(knowledge_base__community=None) | Q(in_place_of__isnull=False)  # what stands in place of a shared article stands among them
    place = shared if on_shared else Q(knowledge_base=number("knowledge base"), in_place_of=None)
    shelf = readable.filter(place, language=text("language"))
    level = shelf.annotate(long=Length("tree")).order_by("tree")
    same = Q()
    for way in ("article", "article__translation_of", "in_place_of", "in_place_of__translation_of"):
        same |= Q(**{way: number("original")})
    parts = {
        "above": shelf.filter(tree__in=[text(f"above {level}") for level in levels]).order_by("tree"),
        "earlier": level.filter(tree__gt=text("beside"), tree__lt=text("here"), long=number("length")).order_by("-tree")[:MOST_BESIDE],
        "later": level.filter(tree__gte=text("here"), tree__lt=text("beside end"), long=number("length"))[: MOST_BESIDE + 1],
        "below": level.filter(tree__gt=text("here"), tree__lt=text("below end"), long=number("length below"))[:MOST_BELOW],
        "before": shelf.filter(tree__lt=text("here")).order_by("-tree")[:1],
        "after": shelf.filter(tree__gt=text("here")).order_by("tree")[:1],
        "languages": readable.filter(same).exclude(language=text("language")),
    }
    if not levels:
        del parts["above"]
    return [editions.values_list(Value(name), *COLUMNS) for name, editions in parts.items()]
