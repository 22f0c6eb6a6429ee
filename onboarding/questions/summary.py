"""Every answer in words, in the active language: for the applicant before sending, for reviewers afterwards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ground.texts import pick
from onboarding.questions.answers import say
from onboarding.questions.conditions import is_pending
from onboarding.questions.progress import asked, missing
from onboarding.questions.shape import Answers, Field, Form


@dataclass(frozen=True)
class Line:
    """One question with its answer; `words` are empty where there is none."""

    field: Field
    label: str
    words: str
    is_pending: bool
    is_missing: bool
    files: Sequence[Mapping[str, Any]] = ()

    @property
    def key(self) -> str:
        return self.field.key


@dataclass(frozen=True)
class Section:
    """One step with its answers."""

    key: str
    title: str
    lines: Sequence[Line]


def summary(form: Form, answers: Answers, *, level: str = "submit") -> list[Section]:
    """Every question that is asked, step by step; `is_missing` says what blocks that level."""
    blocking = {field.key for field in missing(form, answers, level)}
    sections: dict[str, list[Line]] = {}
    titles: dict[str, str] = {}
    for step, field in asked(form, answers):
        answer = answers.get(field.key)
        line = Line(
            field,
            pick(field.label),
            say(field, answer),
            is_pending=is_pending(answer),
            is_missing=field.key in blocking,
            files=answer if field.is_files and isinstance(answer, list) else (),
        )
        sections.setdefault(step.key, []).append(line)
        titles[step.key] = pick(step.title)
    return [Section(key, titles[key], lines) for key, lines in sections.items()]
