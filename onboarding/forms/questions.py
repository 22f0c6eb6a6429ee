"""One question of the intake form, as it is drawn: its words, its inputs, what stands in them, and what is wrong."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django_countries import countries

from ground.texts import pick
from onboarding.models import StatementVersion
from onboarding.questions.kinds.base import Typed
from onboarding.questions.kinds.times import MOST_SPANS
from onboarding.questions.shape import Field
from support.files.contents import KINDS

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
    "file_list": "files",
}
INPUTS = {"url": ("url", "url"), "email": ("email", "email"), "integer": ("text", "numeric"), "date": ("date", ""), "slug": ("text", "url")}
CAPITALS = {"slug": "none", "url": "none", "email": "none", "short_text": "sentences"}
SEVERAL_INPUTS = frozenset({"options", "moment", "hours", "span", "spans", "person", "files"})


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
    files: Sequence[Mapping[str, Any]] = ()
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
    def capitals(self) -> str:
        """What a phone's keyboard writes large by itself."""
        return "words" if self.field.autocomplete in {"name", "organization"} else CAPITALS.get(self.field.type, "")

    @property
    def is_prose(self) -> bool:
        """Whether a phone may mend the spelling."""
        return self.field.type == "short_text" and not self.field.autocomplete

    @property
    def room(self) -> int:
        """How many more files may be added."""
        return max(self.field.max_files - len(self.files), 0)

    @property
    def accepted(self) -> str:
        """The endings that a browser offers to choose."""
        return ",".join(KINDS)

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
