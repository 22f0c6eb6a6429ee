"""A draft as its readers would see it: a form's pages with their questions, a rubric's criteria with their levels, a plan's phases."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import template

from ground.texts import Text, pick
from onboarding.blocks.conditions import OPERATIONS
from onboarding.forms.pages import WITH_ZONE
from onboarding.forms.questions import TEMPLATES, Question
from onboarding.questions.conditions import is_readable, leaves
from onboarding.questions.kinds.zones import offered_zones
from onboarding.questions.shape import Condition, Form, Step
from onboarding.rubric import RubricContent

register = template.Library()
WORDS = dict(OPERATIONS)


@dataclass(frozen=True)
class Preview:
    """One page of a form."""

    step: Step
    title: str
    intro: str
    condition: str
    questions: list[tuple[Question, str]]


@register.simple_tag
def form_pages(document: Mapping[str, Any]) -> list[Preview]:
    """The pages of a form, every question on them; beside each, when it is asked."""
    return [_page(step) for step in Form.from_json(document).steps]


@register.simple_tag
def form_zones(document: Mapping[str, Any]) -> list[str]:
    return offered_zones() if any(field.type in WITH_ZONE for field in Form.from_json(document).fields()) else []


@register.simple_tag
def rubric_content(document: Mapping[str, Any]) -> RubricContent:
    return RubricContent(document)


@register.filter
def picked(text: Text) -> str:
    """A text in the active language."""
    return pick(text)


def _page(step: Step) -> Preview:
    drawn = [field for field in step.fields if field.type in TEMPLATES and not field.later]
    questions = [(Question(field, {}), asked_when(field.requires)) for field in drawn]
    return Preview(step, pick(step.title), pick(step.intro), asked_when(step.requires), questions)


def asked_when(condition: Condition | None) -> str:
    """A condition in short words; empty when something is always asked."""
    return "; ".join(_test(leaf) for leaf in leaves(condition)) if condition and is_readable(condition) else ""


def _test(leaf: Condition) -> str:
    value = leaf.get("value", "")
    shown = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return " ".join(str(part) for part in (leaf.get("id"), WORDS.get(leaf.get("op", ""), leaf.get("op")), shown) if part)
