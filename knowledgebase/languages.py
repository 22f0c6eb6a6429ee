"""Each article once: in the reader's language where it is translated, else as it was written."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, cast

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.translation import get_language, get_language_info

from knowledgebase.models import Edition, EditionQuerySet


@dataclass(frozen=True)
class Choice:
    """Where an article stands among the others, and the edition of it to show."""

    place: Edition
    shown: Edition


class WithOriginal(Protocol):
    """What `in_language` adds to an edition."""

    original_address: str | None


def readers_language() -> str:
    """The language a page is shown in."""
    return (get_language() or settings.LANGUAGE_CODE).split("-")[0]


def name_of(language: str) -> str:
    """A language's own name for itself."""
    return str(get_language_info(language)["name_local"])


def in_language(editions: EditionQuerySet, language: str) -> EditionQuerySet:
    """Originals, and translations into that language; others only where none of these stands where their original does."""
    found = editions.annotate(
        original=Coalesce("in_place_of__translation_of", "article__translation_of"),
        original_address=Coalesce("in_place_of__translation_of__edition__address", "article__translation_of__edition__address"),
    )
    return found.filter(Q(language=language) | Q(original=None) | ~Exists(editions.filter(address=OuterRef("original_address"))))


def original_address(edition: Edition) -> str:
    """The address of what an edition of `in_language` translates, else its own: the same for one article in all languages."""
    return cast("WithOriginal", edition).original_address or edition.address


def once(editions: Iterable[Edition], language: str) -> list[Choice]:
    """One choice an article, in the order given. What a community wrote by hand at the address of a shared article has no shared translation."""
    groups: dict[str, list[Edition]] = {}
    for edition in editions:
        groups.setdefault(original_address(edition), []).append(edition)
    return sorted((_chosen(address, group, language) for address, group in groups.items()), key=lambda choice: _order(choice.place))


def _chosen(address: str, group: Sequence[Edition], language: str) -> Choice:
    place = next((edition for edition in group if edition.address == address), group[0])
    fitting = [edition for edition in group if edition.language == language and (place.is_on_shared_shelf or not edition.is_shared)]
    own_first = sorted(fitting, key=lambda edition: edition.is_shared)
    return Choice(place, next(iter(own_first), place))


def _order(edition: Edition) -> tuple[bool, str]:
    return edition.is_on_shared_shelf, edition.tree
