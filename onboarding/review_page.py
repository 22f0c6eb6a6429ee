"""What the reviewers' pages show: criteria as cards, reviews in words, and the reviews side by side."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.forms import BoundField

from ground.texts import pick
from onboarding.forms.reviewing import DraftReviewForm
from onboarding.models import Review
from onboarding.questions.shape import Form
from onboarding.rubric import Criterion, RubricContent
from onboarding.scoring import Mark, Summary


@dataclass(frozen=True)
class Card:
    """One criterion to score: its fields, the answers that show it, and which card follows."""

    criterion: Criterion
    level: BoundField
    comment: BoundField
    evidence: Sequence[tuple[str, str]]
    next_key: str


@dataclass(frozen=True)
class CriterionRow:
    """One criterion across the reviewers, a mark each, with the text of its level."""

    title: str
    cells: Sequence[tuple[Mark | None, str]]
    median: Decimal | None
    is_flagged: bool


@dataclass(frozen=True)
class WrittenReview:
    """A review in words."""

    review: Review
    lines: Sequence[tuple[str, str, Mark | None]]


def cards(form: DraftReviewForm, questions: Form) -> Iterator[Card]:
    """The criteria in order; evidence is named by the question that was asked."""
    labels = {field.key: pick(field.label) for field in questions.fields()}
    keys = [criterion.key for criterion in form.content.criteria]
    for (criterion, level, comment), following in zip(form.criteria(), [*keys[1:], "end"], strict=True):
        evidence = [(key, labels[key]) for key in criterion.evidence if key in labels]
        yield Card(criterion, level, comment, evidence, following)


def written(review: Review) -> WrittenReview:
    """Each criterion with the sentence that was chosen and the comment."""
    content = review.rubric_version.content
    return WrittenReview(
        review, [(str(each), _sentence(each, review.marks.get(each.key)), review.marks.get(each.key)) for each in content.criteria]
    )


def table_of(reviews: Sequence[Review], content: RubricContent, summary: Summary) -> list[CriterionRow]:
    """One line a criterion, one column a reviewer."""
    medians = {spread.criterion: spread.median for spread in summary.spreads}
    flagged = {flag.criterion for flag in summary.flags}
    return [
        CriterionRow(
            title=str(criterion),
            cells=[(mark := review.marks.get(criterion.key), _sentence(criterion, mark)) for review in reviews],
            median=medians.get(criterion.key),
            is_flagged=criterion.key in flagged,
        )
        for criterion in content.criteria
    ]


def flags_in_words(summary: Summary, content: RubricContent) -> list[str]:
    """What deserves a talk, criteria by their names."""
    names: Mapping[str, str] = {criterion.key: str(criterion) for criterion in content.criteria}
    return [
        f"{flag.kind.label}: {names.get(flag.criterion, flag.criterion)}" if flag.criterion else str(flag.kind.label)
        for flag in summary.flags
    ]


def _sentence(criterion: Criterion, mark: Mark | None) -> str:
    return "" if mark is None or mark.level is None else pick(criterion.levels[mark.level])
