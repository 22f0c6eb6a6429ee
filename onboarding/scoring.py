"""What reviews say in numbers: the score of one, the middle and the spread of several, and what deserves a talk.

Levels run from 0 to 4. A total is 100 · Σ wᵢ·(levelᵢ/4) / Σ wᵢ over the criteria that were scored; what is not
applicable leaves the denominator, and `coverage` says how much of the weight is left. Nothing here knows a database.
"""

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

HIGHEST = 4
UNSURE = 1
IN_FAVOUR = frozenset({"accept", "accept_with_conditions"})

Weights = Mapping[str, int]


class FlagKind(TextChoices):
    FEW_REVIEWS = "few_reviews", _("Too few reviews")
    SPLIT = "split", _("Recommendations on both sides")
    SPREAD = "spread", _("Reviewers far apart")
    ZERO = "zero", _("Scored at the lowest level")
    COVERAGE = "coverage", _("Too little was scored")
    CONFIDENCE = "confidence", _("A reviewer is not sure")


@dataclass(frozen=True)
class Mark:
    """One criterion as one reviewer sees it: a level, or not applicable with a comment, or not scored yet."""

    criterion: str
    level: int | None = None
    not_applicable: bool = False
    comment: str = ""

    @property
    def is_complete(self) -> bool:
        return bool(self.comment.strip()) if self.not_applicable else self.level is not None


@dataclass(frozen=True)
class Reading:
    """One submitted review; its total, and whether it leaves out too much to be compared, are those of its own rubric."""

    marks: tuple[Mark, ...]
    recommendation: str
    confidence: int | None = None
    total: Decimal | None = None
    is_thin: bool = False


@dataclass(frozen=True)
class Rules:
    """What the rubric asks of a set of reviews."""

    min_reviews: int = 2
    spread: int = 2
    min_coverage: Decimal = Decimal("0.7")


@dataclass(frozen=True)
class Flag:
    """Something to talk about; `criterion` is empty when it is about the whole."""

    kind: FlagKind
    criterion: str = ""


@dataclass(frozen=True)
class Spread:
    """The levels that reviewers gave one criterion."""

    criterion: str
    levels: tuple[int, ...]

    @property
    def range(self) -> int:
        return max(self.levels) - min(self.levels) if self.levels else 0

    @property
    def median(self) -> Decimal | None:
        return _rounded(statistics.median(map(Decimal, self.levels)), "0.1") if self.levels else None


@dataclass(frozen=True)
class Summary:
    """Several reviews together: median first, then mean, standard deviation and range, of the totals that cover enough."""

    count: int
    median: Decimal | None
    mean: Decimal | None
    deviation: Decimal | None
    low: Decimal | None
    high: Decimal | None
    spreads: tuple[Spread, ...]
    flags: tuple[Flag, ...]

    def has_flag(self, kind: FlagKind) -> bool:
        return any(flag.kind == kind for flag in self.flags)


def total(marks: Sequence[Mark], weights: Weights) -> Decimal | None:
    """The score of one review from 0 to 100, one decimal; None when nothing was scored."""
    scored = _scored(marks, weights)
    weight = sum(weights[mark.criterion] for mark in scored)
    if not weight:
        return None
    points = sum(weights[mark.criterion] * (mark.level or 0) for mark in scored)
    return _rounded(Decimal(100 * points) / Decimal(HIGHEST * weight), "0.1")


def coverage(marks: Sequence[Mark], weights: Weights) -> Decimal:
    """The share of the weights that was scored, from 0 to 1, two decimals."""
    everything = sum(weights.values())
    scored = sum(weights[mark.criterion] for mark in _scored(marks, weights))
    return _rounded(Decimal(scored) / Decimal(everything), "0.01") if everything else Decimal("0.00")


def unfinished(marks: Sequence[Mark], weights: Weights) -> list[str]:
    """The criteria that keep a review from being final, in the rubric's order."""
    complete = {mark.criterion for mark in marks if mark.is_complete}
    return [criterion for criterion in weights if criterion not in complete]


def summarise(readings: Sequence[Reading], criteria: Iterable[str], rules: Rules) -> Summary:
    """All submitted reviews of one application together; a criterion is compared among those that have it."""
    totals = [reading.total for reading in readings if reading.total is not None and not reading.is_thin]
    spreads = tuple(_spread(criterion, readings) for criterion in criteria)
    return Summary(
        count=len(readings),
        median=_rounded(statistics.median(totals), "0.1") if totals else None,
        mean=_rounded(statistics.mean(totals), "0.1") if totals else None,
        deviation=_rounded(statistics.stdev(totals), "0.1") if len(totals) > 1 else None,
        low=min(totals, default=None),
        high=max(totals, default=None),
        spreads=spreads,
        flags=tuple(_flags(readings, spreads, rules)),
    )


def _flags(readings: Sequence[Reading], spreads: Sequence[Spread], rules: Rules) -> list[Flag]:
    flags = []
    if len(readings) < rules.min_reviews:
        flags.append(Flag(FlagKind.FEW_REVIEWS))
    if len({reading.recommendation in IN_FAVOUR for reading in readings}) > 1:
        flags.append(Flag(FlagKind.SPLIT))
    if any(reading.is_thin for reading in readings):
        flags.append(Flag(FlagKind.COVERAGE))
    if any(reading.confidence == UNSURE for reading in readings):
        flags.append(Flag(FlagKind.CONFIDENCE))
    flags += [Flag(FlagKind.SPREAD, spread.criterion) for spread in spreads if spread.range >= rules.spread]
    flags += [Flag(FlagKind.ZERO, spread.criterion) for spread in spreads if 0 in spread.levels]
    return flags


def _spread(criterion: str, readings: Sequence[Reading]) -> Spread:
    marks = (mark for reading in readings for mark in reading.marks if mark.criterion == criterion and not mark.not_applicable)
    return Spread(criterion, tuple(mark.level for mark in marks if mark.level is not None))


def _scored(marks: Sequence[Mark], weights: Weights) -> list[Mark]:
    return [mark for mark in marks if mark.level is not None and not mark.not_applicable and mark.criterion in weights]


def _rounded(value: Decimal, step: str) -> Decimal:
    return value.quantize(Decimal(step), rounding=ROUND_HALF_UP)
