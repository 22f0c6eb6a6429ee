"""Meaning by the shapes of words: hashed words and runs of letters as one short vector an article. No model, no further package.

It compares the question with every article, which is quick up to a few thousand.
"""

import math
import zlib
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from operator import mul

from django.db import transaction

from ground.search import trunks_of
from knowledgebase.models import EditionVector

SIZE = 256
RUN = 4  # letters
OF_A_RUN = 0.35  # what a run of letters says beside a whole word


class Shapes:
    """The index by shapes of words."""

    @transaction.atomic
    def index(self, ids: Sequence[int], texts: Sequence[str]) -> None:
        rows = [EditionVector(edition_id=key, vector=vector_of(text).tobytes()) for key, text in zip(ids, texts, strict=True)]
        EditionVector.objects.bulk_create(rows, update_conflicts=True, unique_fields=["edition"], update_fields=["vector"])

    def forget(self, ids: Sequence[int]) -> None:
        EditionVector.objects.filter(edition__in=ids).delete()

    def nearest(self, text: str, k: int) -> Sequence[int]:
        asked = vector_of(text)
        rows = EditionVector.objects.values_list("edition_id", "vector").iterator()
        near = sorted((-sum(map(mul, asked, array("f", bytes(vector)))), key) for key, vector in rows)
        return [key for likeness, key in near[:k] if likeness < 0]


def vector_of(text: str) -> "array[float]":
    """A vector of length one; of a text without words, nothing but zeros."""
    vector = array("f", bytes(4 * SIZE))
    for feature, weight in _features(text):
        hashed = zlib.crc32(feature.encode())
        vector[hashed % SIZE] += weight if hashed & 0x10000 else -weight
    length = math.sqrt(sum(map(mul, vector, vector)))
    return array("f", (value / length for value in vector)) if length else vector


def _features(text: str) -> Iterator[tuple[str, float]]:
    for word, count in Counter(trunks_of(text)).items():
        often = 1 + math.log(count)
        yield f"={word}", often
        framed = f"<{word}>"
        for start in range(len(framed) - RUN + 1):
            yield framed[start : start + RUN], often * OF_A_RUN
