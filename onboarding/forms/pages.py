"""One page of the intake form, as it is drawn: each question with its words, what stands in it, and what is wrong."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django_countries import countries

from ground.texts import pick
from onboarding import statements
from onboarding.models import Application, StatementVersion
from onboarding.questions.answers import inputs, say
from onboarding.questions.kinds.base import Typed
from onboarding.questions.kinds.times import MOST_SPANS
from onboarding.questions.kinds.zones import offered_zones, zones_by_country
from onboarding.questions.progress import fields_shown, missing
from onboarding.questions.shape import Field, Step

# How each type is drawn: its template, and for single inputs the type and the phone's keyboard.
TEMPLATES = {
    "short_text": "line",
    "slug": "line",
    "url": "line",
    "email": "line",
    "integer": "line",
    "date": "line",
    "long_text": "lines",
    "choice": "options",
    "yes_no": "options",
    "multi_choice": "options",
    "consent": "consent",
    "country": "country",
    "timezone": "zone",
    "datetime_tz": "moment",
    "daily_hours_tz": "hours",
    "date_range": "span",
    "date_range_list": "spans",
    "person": "person",
}
INPUTS = {"url": ("url", "url"), "email": ("email", "email"), "integer": ("text", "numeric"), "date": ("date", ""), "slug": ("text", "url")}
SEVERAL_INPUTS = frozenset({"options", "moment", "hours", "span", "spans", "person"})
WITH_ZONE = frozenset({"timezone", "datetime_tz", "daily_hours_tz"})


@dataclass(frozen=True)
class Choice:
    """One option of a question; `id` is the question's own for the first, so that a link leads there."""

    id: str
    key: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class Question:
    """One question on a page."""

    field: Field
    typed: Typed
    problem: str = ""
    saved: str = ""
    zone: str = ""
    is_hidden: bool = False
    statement: StatementVersion | None = None

    @property
    def key(self) -> str:
        return self.field.key

    @property
    def label(self) -> str:
        return pick(self.field.label)

    @property
    def hint(self) -> str:
        return pick(self.field.hint)

    @property
    def template(self) -> str:
        return f"onboarding/questions/{TEMPLATES[self.field.type]}.html"

    @property
    def is_group(self) -> bool:
        """Whether several inputs stand under one legend."""
        return TEMPLATES[self.field.type] in SEVERAL_INPUTS

    @property
    def is_consent(self) -> bool:
        return self.field.type == "consent"

    @property
    def optional_word(self) -> str:
        """What stands behind the label of a question that need not be answered to send."""
        if self.field.required == "submit":
            return ""
        return _("optional, helps our reviewers") if self.field.required == "review" else _("optional")

    @property
    def limit(self) -> int:
        return self.field.max_chars

    @property
    def input_type(self) -> str:
        return INPUTS.get(self.field.type, ("text", ""))[0]

    @property
    def input_mode(self) -> str:
        return INPUTS.get(self.field.type, ("", ""))[1]

    @property
    def described_by(self) -> str:
        """The ids of the hint and of what is wrong, for the inputs."""
        return f"{self.key}-hint {self.key}-problem" if self.problem else f"{self.key}-hint"

    @property
    def requires(self) -> str:
        """The condition for the script that shows a question at once; without it the page comes back with the question."""
        return json.dumps(self.field.requires) if self.field.requires else ""

    @property
    def value(self) -> str:
        return self._last(self.key)

    @property
    def start(self) -> str:
        return self._last(f"{self.key}:start")

    @property
    def end(self) -> str:
        return self._last(f"{self.key}:end")

    @property
    def local(self) -> str:
        return self._last(f"{self.key}:local")

    @property
    def name(self) -> str:
        return self._last(f"{self.key}:name")

    @property
    def email(self) -> str:
        return self._last(f"{self.key}:email")

    @property
    def timezone(self) -> str:
        """What was typed, else the zone we guess."""
        own = self.key if self.field.type == "timezone" else f"{self.key}:timezone"
        return self._last(own) if own in self.typed else self.zone

    @property
    def is_pending(self) -> bool:
        return bool(self._last(f"{self.key}:pending"))

    @property
    def spans(self) -> list[tuple[str, str]]:
        """The lines of a list of dates: what is there, and two empty ones."""
        starts, ends = list(self.typed.get(f"{self.key}:start", ())), list(self.typed.get(f"{self.key}:end", ()))
        longest = max(len(starts), len(ends))
        lines = [(_at(starts, line), _at(ends, line)) for line in range(longest)]
        filled = [line for line in lines if any(line)]
        return (filled + [("", "")] * 2)[:MOST_SPANS]

    @property
    def several(self) -> bool:
        """Whether more than one option may be chosen."""
        return self.field.type == "multi_choice"

    @property
    def choices(self) -> list[Choice]:
        """The options to choose from."""
        if self.field.type == "yes_no":
            offered = [("yes", _("Yes")), ("no", _("No"))]
        else:
            offered = [(option.key, pick(option.label)) for option in self.field.options]
        chosen = set(self.typed.get(self.key, ()))
        return [Choice(f"{self.key}-{number}", key, label, key in chosen) for number, (key, label) in enumerate(offered)]

    @property
    def countries(self) -> list[Choice]:
        return [Choice("", country.code, str(country.name), country.code == self.value) for country in countries]

    @property
    def anchor(self) -> str:
        """Where the summary of problems leads."""
        return f"{self.key}-group" if self.is_group else self.key

    def was_seen(self) -> bool:
        """Whether the page that was posted showed this question; what a later answer opens was not there to be answered."""
        return f"{self.key}:seen" in self.typed

    def _last(self, name: str) -> str:
        values = self.typed.get(name) or [""]
        return values[-1]


def _at(values: Sequence[str], index: int) -> str:
    return values[index] if index < len(values) else ""


@dataclass(frozen=True)
class Page:
    """One step of one application, ready to draw."""

    step: Step
    title: str
    intro: str
    questions: Sequence[Question]
    etag: int

    @property
    def problems(self) -> list[Question]:
        return [question for question in self.questions if question.problem and not question.is_hidden]

    @property
    def zones(self) -> list[str]:
        """The zones to offer, where the page asks for one."""
        return offered_zones() if any(question.field.type in WITH_ZONE for question in self.questions) else []

    @property
    def has_conditions(self) -> bool:
        return any(question.requires for question in self.questions)


def page_of(application: Application, step: Step) -> Page:
    """The page with the answers so far."""
    typed: dict[str, Sequence[str]] = {}
    for field in _drawn(step):
        typed.update(inputs(field, application.answers.get(field.key)))
    versions = statements.beside(application, step.fields)
    again = statements.outdated_among(application, versions)
    words = _("This has changed since you agreed. Please read it and agree again.")
    return _page(application, step, typed | dict.fromkeys(again, ()), dict.fromkeys(again, words), versions=versions)


def page_again(application: Application, step: Step, typed: Typed, problems: Mapping[str, str]) -> Page:
    """The page as it was typed, with what is wrong beside each question."""
    return _page(application, step, typed, problems)


def lacking(application: Application, step: Step) -> dict[str, str]:
    """A kind word for every question of the page that must be answered to send, and is not."""
    blocking = {field.key for field in missing(application.form_version.form, application.answers, "submit")}
    return {field.key: _missing_words(field) for field in _drawn(step) if field.key in blocking}


def page_of_both(application: Application, step: Step, typed: Typed) -> Page:
    """The page as it was typed here, with what another tab saved beside each answer that differs."""
    saved = {field.key: say(field, application.answers.get(field.key)) or _("nothing") for field in _drawn(step)}
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
    application: Application,
    step: Step,
    typed: Typed,
    problems: Mapping[str, str],
    saved: Mapping[str, str] | None = None,
    *,
    versions: Mapping[str, StatementVersion] | None = None,
) -> Page:
    shown = {field.key for field in fields_shown(application.form_version.form, step, application.answers)}
    zone, saved = guessed_zone(application), saved or {}
    versions = statements.beside(application, step.fields) if versions is None else versions
    questions = [
        Question(field, typed, problems.get(field.key, ""), saved.get(field.key, ""), zone, field.key not in shown, versions.get(field.key))
        for field in _drawn(step)
    ]
    return Page(step, pick(step.title), pick(step.intro), questions, application.etag)


def _drawn(step: Step) -> list[Field]:
    return [field for field in step.fields if not field.later]


def _missing_words(field: Field) -> str:
    match field.type:
        case "consent":
            return _("We need your agreement to go on.")
        case "choice" | "multi_choice" | "yes_no" | "country":
            return _("Please choose an answer. We need it to go on.")
    return _("Please answer this. We need it to go on.")


def guessed_zone(application: Application) -> str:
    """The zone the applicant most likely lives in: as answered elsewhere, else the first of their country."""
    for answer in application.answers.values():
        if isinstance(answer, dict) and "timezone" in answer:
            return str(answer["timezone"])
    named: Any = application.answers.get("contact.timezone")
    return (
        str(named) if isinstance(named, str) else next(iter(zones_by_country().get(application.answers.get("community.country"), [])), "")
    )
