"""What is asked in the end, and what is still missing for the next step of the way."""

from collections.abc import Iterator
from typing import Any

from onboarding.questions.conditions import holds, is_answered
from onboarding.questions.shape import Answers, Field, Form, Step

# A level that includes earlier ones; every other level (`phase:…`, `optional`) stands alone.
INCLUDED = {"submit": {"submit"}, "review": {"submit", "review"}, "decision": {"submit", "review", "decision"}}


def asked(form: Form, answers: Answers) -> Iterator[tuple[Step, Field]]:
    """Every question that these answers lead to, in order. An answer to a question that is not asked opens nothing."""
    counted: dict[str, Any] = {}
    for step in form.steps:
        if not holds(step.requires, counted):
            continue
        for field in step.fields:
            if field.later or not holds(field.requires, counted):
                continue
            yield step, field
            if field.key in answers:
                counted[field.key] = answers[field.key]


def steps_shown(form: Form, answers: Answers) -> list[Step]:
    """The steps that these answers lead to, in order."""
    steps: dict[str, Step] = {step.key: step for step, _field in asked(form, answers)}
    return list(steps.values())


def fields_shown(form: Form, step: Step, answers: Answers) -> list[Field]:
    """The questions of one step that these answers lead to; a step may be made of questions of several."""
    keys = {field.key for field in step.fields}
    return [field for _step, field in asked(form, answers) if field.key in keys]


def hidden_keys(form: Form, answers: Answers) -> list[str]:
    """The keys of answers to questions that are not asked any more, sorted."""
    return sorted(set(answers) - {field.key for _step, field in asked(form, answers)})


def missing(form: Form, answers: Answers, level: str) -> list[Field]:
    """The questions without an answer that block this level; "I don't know yet" is no answer at the level that needs it.

    `submit` is needed to send, `review` before reviewers start (with everything of `submit`), `decision` before one;
    `phase:X` before that onboarding phase, and nothing else.
    """
    levels = INCLUDED.get(level, {level})
    return [field for _step, field in asked(form, answers) if field.required in levels and not is_answered(answers.get(field.key))]
