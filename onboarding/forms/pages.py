"""One page of the intake form, as it is drawn: each question with its words, what stands in it, and what is wrong."""

import dataclasses
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from ground.texts import pick
from onboarding import statements
from onboarding.forms.questions import Question
from onboarding.models import Application, Correction, StatementVersion
from onboarding.questions.answers import inputs, say
from onboarding.questions.kinds.base import Typed
from onboarding.questions.kinds.zones import offered_zones, zones_by_country
from onboarding.questions.progress import fields_shown, missing
from onboarding.questions.shape import Field, Step

WITH_ZONE = frozenset({"timezone", "datetime_tz", "daily_hours_tz"})

Answered = Application | Correction
"""What holds answers to draw: a draft, or what is being changed after sending."""


@dataclass(frozen=True)
class Page:
    """One step of one application, ready to draw."""

    step: Step
    title: str
    intro: str
    questions: Sequence[Question]
    etag: int
    window: uuid.UUID = dataclasses.field(default_factory=uuid.uuid4)

    @property
    def problems(self) -> list[Question]:
        return [question for question in self.questions if question.problem and not question.is_hidden]

    @property
    def has_files(self) -> bool:
        return any(question.field.is_files for question in self.questions)

    @property
    def zones(self) -> list[str]:
        """The zones to offer, where the page asks for one."""
        return offered_zones() if any(question.field.type in WITH_ZONE for question in self.questions) else []

    @property
    def has_conditions(self) -> bool:
        return any(question.requires for question in self.questions)


def page_of(application: Answered, step: Step) -> Page:
    """The page with the answers so far."""
    typed: dict[str, Sequence[str]] = {}
    for field in _drawn(step):
        typed.update(inputs(field, application.answers.get(field.key)))
    versions = statements.beside(_sent(application), step.fields)
    again = statements.outdated_among(_sent(application), versions)
    words = _("This has changed since you agreed. Please read it and agree again.")
    return _page(application, step, typed | dict.fromkeys(again, ()), dict.fromkeys(again, words), versions=versions)


def page_again(application: Answered, step: Step, typed: Typed, problems: Mapping[str, str]) -> Page:
    """The page as it was typed, with what is wrong beside each question."""
    return _page(application, step, typed, problems)


def lacking(application: Answered, step: Step) -> dict[str, str]:
    """A kind word for every question of the page that must be answered to send, and is not."""
    blocking = {field.key for field in missing(application.form_version.form, application.answers, "submit")}
    return {field.key: _missing_words(field) for field in _drawn(step) if field.key in blocking}


def page_of_both(application: Answered, step: Step, typed: Typed) -> Page:
    """The page as it was typed here, with what another tab saved beside each answer that differs."""
    saved = {field.key: say(field, application.answers.get(field.key)) or _("nothing") for field in _drawn(step) if field.is_typed}
    same = {field.key for field in _drawn(step) if _same(inputs(field, application.answers.get(field.key)), typed, field)}
    return _page(application, step, typed, {}, {key: words for key, words in saved.items() if key not in same})


def _same(saved: Mapping[str, Sequence[str]], typed: Typed, field: Field) -> bool:
    names = {name for name in (*saved, *typed) if name == field.key or name.startswith(f"{field.key}:")} - {
        f"{field.key}:seen",
        f"{field.key}:version",
    }
    return all([each for each in saved.get(name, ()) if each] == [each for each in typed.get(name, ()) if each] for name in names)


def is_complete(page: Page) -> bool:
    """Whether nothing on the page is wrong or missing."""
    return not page.problems


def _page(
    application: Answered,
    step: Step,
    typed: Typed,
    problems: Mapping[str, str],
    saved: Mapping[str, str] | None = None,
    *,
    versions: Mapping[str, StatementVersion] | None = None,
) -> Page:
    shown = {field.key for field in fields_shown(application.form_version.form, step, application.answers)}
    zone, saved = guessed_zone(application), saved or {}
    versions = statements.beside(_sent(application), step.fields) if versions is None else versions
    questions = [
        Question(
            field,
            typed,
            problems.get(field.key, ""),
            saved.get(field.key, ""),
            zone,
            is_hidden=field.key not in shown,
            files=(application.answers.get(field.key) or ()) if field.is_files else (),
            statement=versions.get(field.key),
        )
        for field in _drawn(step)
    ]
    return Page(step, pick(step.title), pick(step.intro), questions, application.etag)


def _sent(answered: Answered) -> Application:
    """The application itself, also of a correction to it."""
    return answered.application if isinstance(answered, Correction) else answered


def _drawn(step: Step) -> list[Field]:
    return [field for field in step.fields if not field.later]


def _missing_words(field: Field) -> str:
    match field.type:
        case "consent":
            return _("We need your agreement to go on.")
        case "choice" | "multi_choice" | "yes_no" | "country":
            return _("Please choose an answer. We need it to go on.")
    return _("Please answer this. We need it to go on.")


def guessed_zone(application: Answered) -> str:
    """The zone the applicant most likely lives in: as answered elsewhere, else the first of their country."""
    for answer in application.answers.values():
        if isinstance(answer, dict) and "timezone" in answer:
            return str(answer["timezone"])
    named: Any = application.answers.get("contact.timezone")
    return (
        str(named)
        if isinstance(named, str)
        else next(iter(zones_by_country().get(str(application.answers.get("community.country")), [])), "")
    )
