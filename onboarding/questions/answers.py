"""From what was typed to what is kept, and from what is kept to what is read. Answers are plain JSON."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from onboarding.questions.conditions import PENDING, is_answered, is_pending
from onboarding.questions.kinds import KINDS
from onboarding.questions.kinds.base import Problem, Typed, one, part
from onboarding.questions.kinds.times import instant
from onboarding.questions.shape import Answers, Field


@dataclass(frozen=True)
class Reading:
    """One page, read: what can be kept (None where nothing was typed), and what cannot, by field key."""

    values: dict[str, Any] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)


def read(question: Field, typed: Typed) -> Any:
    """The plain value, `PENDING`, None when nothing was typed, or a `Problem`. Typed words go before "I don't know yet"."""
    value = KINDS[question.type].read(question, typed)
    if value is None and question.pending and one(typed, part(question, "pending")):
        return PENDING
    return value


def read_page(questions: Iterable[Field], typed: Typed, earlier: Answers) -> Reading:
    """Read every question of a page; `earlier` are the answers so far, for a day that may not be before another."""
    reading = Reading()
    for question in questions:
        value = read(question, typed)
        if not isinstance(value, Problem):
            value = _in_order(question, value, {**earlier, **reading.values})
        if isinstance(value, Problem):
            reading.problems[question.key] = value.words
        else:
            reading.values[question.key] = value
    return reading


def _in_order(question: Field, value: Any, answers: Answers) -> Any:
    """The value, or a problem when it lies before the answer it must follow."""
    this, other = instant(value), instant(answers.get(question.not_before))
    if this and other and type(this) is type(other) and this < other:
        return Problem(_("This is before the date above. Please check both."))
    return value


def inputs(question: Field, answer: Any) -> dict[str, list[str]]:
    """What the inputs of a question hold for an answer; `read` of it gives the answer back."""
    if is_pending(answer):
        return {part(question, "pending"): ["yes"]}
    return KINDS[question.type].inputs(question, answer) if is_answered(answer) else {}


def say(question: Field, answer: Any) -> str:
    """An answer as a reader sees it, in the active language; empty when there is none."""
    if is_pending(answer):
        return _("I don’t know yet")
    if not is_answered(answer) or question.type not in KINDS:
        return ""
    return KINDS[question.type].say(question, answer)
