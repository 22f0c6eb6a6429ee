"""How far reviewers agree on one criterion: Krippendorff's α for levels that have an order.

After Klaus Krippendorff, “Computing Krippendorff's Alpha-Reliability” (2011): α = 1 − observed disagreement over the
disagreement that chance would bring. 1 is agreement on everything, 0 is chance. Nothing here knows a database.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations

RELIABLE = 0.67
FEWEST_UNITS = 10

Unit = Sequence[int]


def double_rated(units: Iterable[Unit]) -> list[Unit]:
    """The units that at least two people rated: the others say nothing of agreement."""
    return [unit for unit in units if len(unit) > 1]


def ordinal_alpha(units: Iterable[Unit]) -> float | None:
    """α of the levels given to each unit; None when nothing was rated twice, or everything got the same level.

    Missing ratings are simply not in their unit. Who gave a level does not matter.
    """
    pairable = double_rated(units)
    counts = Counter(level for unit in pairable for level in unit)
    if len(counts) < 2:
        return None
    distances = _distances(counts)
    observed = sum(_disagreement(Counter(unit), distances) / (len(unit) - 1) for unit in pairable)
    expected = _disagreement(counts, distances) / (sum(counts.values()) - 1)
    return 1 - observed / expected


def dependable_alpha(units: Iterable[Unit], *, fewest: int = FEWEST_UNITS) -> float | None:
    """α, or None as long as too few units were rated twice to say anything."""
    pairable = double_rated(units)
    return ordinal_alpha(pairable) if len(pairable) >= fewest else None


def _disagreement(counts: Counter[int], distances: dict[tuple[int, int], float]) -> float:
    """Every two different levels, as often as they meet, by how far they are apart."""
    return sum(counts[low] * counts[high] * distances[low, high] for low, high in combinations(sorted(counts), 2))


def _distances(counts: Counter[int]) -> dict[tuple[int, int], float]:
    """Two levels are as far apart as there are ratings between them, their own by half; squared."""
    levels = sorted(counts)
    return {
        (low, high): (sum(counts[level] for level in levels if low <= level <= high) - (counts[low] + counts[high]) / 2) ** 2
        for low, high in combinations(levels, 2)
    }
