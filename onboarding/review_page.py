"""What the reviewers' pages show: criteria as cards, reviews in words, and the reviews side by side."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.forms import BoundField
from django.utils.translation import gettext as _

from ground.actors import Actor
from ground.texts import pick
from onboarding import duplicates, opinions
from onboarding.access import sees_people
from onboarding.forms.reviewing import DraftReviewForm, GatesForm
from onboarding.models import AnswerRevision, Application, Review
from onboarding.questions.shape import Form
from onboarding.questions.summary import Line, Section, summary
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
    """A review in words; `is_thin` when it leaves out too much to be compared, `is_older` when the answers changed since."""

    review: Review
    lines: Sequence[tuple[str, str, Mark | None]]
    is_thin: bool = False
    is_older: bool = False


@dataclass(frozen=True)
class GateCard:
    """One gate: its field, and the answers that show whether it holds."""

    field: BoundField
    evidence: Sequence[Line]


@dataclass(frozen=True)
class Change:
    """One question whose answer changed since a review read it."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Clash:
    """One thing that two tabs say differently: what is kept, and what was typed here."""

    label: str
    kept: str
    typed: str


@dataclass(frozen=True)
class AlsoSent:
    """One that was joined with the application: where it says something else, and the files that came with it."""

    application: Application
    differing: Sequence[Change]
    files: Sequence[Mapping[str, Any]]


def sections_of(revision: AnswerRevision, *, people: bool) -> list[Section]:
    """The answers as they are read; without `people`, what the form flags as about a person is named and not shown."""
    sections = summary(revision.form_version.form, revision.shown_answers)
    return sections if people else [replace(section, lines=[_hidden(line) for line in section.lines]) for section in sections]


def changes(before: AnswerRevision, after: AnswerRevision, *, people: bool) -> list[Change]:
    """Question by question, what the answers were and what they are now."""
    old, new = _words(sections_of(before, people=people)), _words(sections_of(after, people=people))
    return [
        Change((new.get(key) or old[key])[0], old.get(key, ("", ""))[1], new.get(key, ("", ""))[1])
        for key in {**new, **old}
        if old.get(key, ("", ""))[1] != new.get(key, ("", ""))[1]
    ]


def also_sent(application: Application, newest: AnswerRevision, *, by: Actor) -> list[AlsoSent]:
    """Those joined with it, beside its own newest answers; nothing is asked when `has_joined` says there are none."""
    if not application.has_joined:  # type: ignore[attr-defined]  # `with_joined` adds it
        return []
    people = sees_people(by, application.programme)
    return [_beside(newest, joined, people=people) for joined in duplicates.joined_answers(application, by=by)]


def _beside(ours: AnswerRevision, theirs: AnswerRevision, *, people: bool) -> AlsoSent:
    here = _words(sections_of(ours, people=people))
    lines = [line for section in sections_of(theirs, people=people) for line in section.lines]
    said = [Change(line.label, here.get(line.key, ("", ""))[1], line.words) for line in lines if line.words and not line.field.is_files]
    return AlsoSent(
        theirs.application, [each for each in said if each.before != each.after], [file for line in lines for file in line.files]
    )


def gate_cards(form: GatesForm, sections: Sequence[Section]) -> list[GateCard]:
    """The gates with the answers beside them."""
    lines = {line.key: line for section in sections for line in section.lines}
    return [GateCard(form[gate.key], [lines[key] for key in gate.evidence if key in lines]) for gate in form.gates]


def clashes(kept: Review, form: DraftReviewForm) -> list[Clash]:
    """What the kept review and the one that was typed say differently, both in words."""
    found = []
    for criterion, mark in zip(form.content.criteria, form.marks(), strict=True):
        ours = kept.marks.get(criterion.key)
        found.append(Clash(str(criterion), _in_words(criterion, ours), _in_words(criterion, mark)))
    notes = form.notes()
    found.append(Clash(str(form["recommendation"].label), kept.get_recommendation_display(), _label(form, "recommendation")))
    found.append(Clash(str(form["confidence"].label), str(kept.get_confidence_display() or ""), _label(form, "confidence")))
    found.append(Clash(str(form["note_team"].label), kept.note_team, notes.team))
    found.append(Clash(str(form["note_applicant"].label), kept.note_applicant, notes.applicant))
    return [clash for clash in found if clash.kept != clash.typed]


def _words(sections: Sequence[Section]) -> dict[str, tuple[str, str]]:
    return {line.key: (line.label, line.words) for section in sections for line in section.lines}


def _hidden(line: Line) -> Line:
    return replace(line, words=_("hidden from reviewers"), files=()) if line.field.pii and line.words else line


def _in_words(criterion: Criterion, mark: Mark | None) -> str:
    if mark is None:
        return ""
    level = _("Does not apply here") if mark.not_applicable else _sentence(criterion, mark)
    return " · ".join(part for part in (level, mark.comment.strip()) if part)


def _label(form: DraftReviewForm, name: str) -> str:
    value = form.cleaned_data.get(name)
    return next((str(label) for key, label in form.fields[name].choices if value and str(key) == str(value)), "")  # type: ignore[attr-defined]


def cards(form: DraftReviewForm, questions: Form) -> Iterator[Card]:
    """The criteria in order; evidence is named by the question that was asked."""
    labels = {field.key: pick(field.label) for field in questions.fields()}
    keys = [criterion.key for criterion in form.content.criteria]
    for (criterion, level, comment), following in zip(form.criteria(), [*keys[1:], "end"], strict=True):
        evidence = [(key, labels[key]) for key in criterion.evidence if key in labels]
        yield Card(criterion, level, comment, evidence, following)


def written(review: Review, *, newest: AnswerRevision | None = None) -> WrittenReview:
    """Each criterion with the sentence that was chosen and the comment."""
    content = review.rubric_version.content
    return WrittenReview(
        review,
        [(str(each), _sentence(each, review.marks.get(each.key)), review.marks.get(each.key)) for each in content.criteria],
        is_thin=review.is_submitted and review.is_thin,
        is_older=newest is not None and review.answer_revision.number < newest.number,
    )


def table_of(reviews: Sequence[Review], content: RubricContent, said: Summary) -> list[CriterionRow]:
    """One line a criterion, one column a reviewer."""
    medians = {spread.criterion: spread.median for spread in said.spreads}
    flagged = {flag.criterion for flag in said.flags}
    return [
        CriterionRow(
            title=str(criterion),
            cells=[(mark := review.marks.get(criterion.key), _sentence(criterion, mark)) for review in reviews],
            median=medians.get(criterion.key),
            is_flagged=criterion.key in flagged,
        )
        for criterion in content.criteria
    ]


def flags_in_words(said: Summary, reviews: Sequence[Review]) -> list[str]:
    """What deserves a talk, criteria by the names they have in the rubrics of the reviews."""
    names: Mapping[str, str] = {criterion.key: str(criterion) for criterion in opinions.criteria_of(reviews)}
    return [
        f"{flag.kind.label}: {names.get(flag.criterion, flag.criterion)}" if flag.criterion else str(flag.kind.label) for flag in said.flags
    ]


def _sentence(criterion: Criterion, mark: Mark | None) -> str:
    return "" if mark is None or mark.level is None else pick(criterion.levels[mark.level])
