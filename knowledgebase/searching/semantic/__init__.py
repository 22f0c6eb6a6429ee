"""An optional index by meaning behind the same search (docs/adr/0059). Off unless SEARCH_SEMANTIC names a class."""

import functools
from collections.abc import Mapping, Sequence
from typing import Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string

from knowledgebase.models import EditionQuerySet

HOW_FAR = 20  # of reciprocal rank: how slowly the worth of a place falls
SHARE = 0.5  # of a place among meanings, beside one among words


class Semantic(Protocol):
    """What an index by meaning can do. Ids are those of editions; it keeps whatever it needs by itself."""

    def index(self, ids: Sequence[int], texts: Sequence[str]) -> None:
        """Make these findable by what they mean, or findable anew."""

    def forget(self, ids: Sequence[int]) -> None:
        """Make these unfindable."""

    def nearest(self, text: str, k: int) -> Sequence[int]:
        """The ids nearest in meaning, nearest first, whoever may see them."""


def chosen() -> Semantic | None:
    """The one the settings name."""
    return _made(settings.SEARCH_SEMANTIC) if settings.SEARCH_SEMANTIC else None


@functools.cache
def _made(name: str) -> Semantic:
    return cast("Semantic", import_string(name)())


def fuse(by_words: Mapping[int, float], by_meaning: Sequence[int], within: EditionQuerySet) -> dict[int, float]:
    """Both rankings as one, by reciprocal rank; of the meanings only what is within."""
    new = [key for key in by_meaning if key not in by_words]
    allowed = {*by_words, *(within.filter(pk__in=new).values_list("pk", flat=True) if new else ())}
    scores: dict[int, float] = {}
    for place, key in enumerate(sorted(by_words, key=lambda one: (-by_words[one], one))):
        scores[key] = 1 / (HOW_FAR + place)
    for place, key in enumerate(key for key in by_meaning if key in allowed):
        scores[key] = scores.get(key, 0.0) + SHARE / (HOW_FAR + place)
    return scores
