"""Choices: option keys are kept, labels are shown."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django_countries import countries

from ground.texts import pick
from onboarding.questions.kinds.base import Problem, Typed, one
from onboarding.questions.shape import Field


def _not_offered() -> Problem:
    return Problem(_("Choose from the answers offered here."))


class Choice:
    """One of the options."""

    def read(self, field: Field, typed: Typed) -> str | Problem | None:
        key = one(typed, field.key)
        return key or None if key in ("", *field.option_keys) else _not_offered()

    def inputs(self, field: Field, answer: Any) -> dict[str, list[str]]:
        return {field.key: [str(answer)]}

    def say(self, field: Field, answer: Any) -> str:
        return pick(field.label_of(answer))


class MultiChoice:
    """Any number of the options, in the form's order."""

    def read(self, field: Field, typed: Typed) -> list[str] | Problem | None:
        chosen = {key for key in typed.get(field.key, ()) if key}
        if chosen - set(field.option_keys):
            return _not_offered()
        return [key for key in field.option_keys if key in chosen] or None

    def inputs(self, field: Field, answer: Any) -> dict[str, list[str]]:
        return {field.key: list(answer)}

    def say(self, field: Field, answer: Any) -> str:
        return "; ".join(pick(field.label_of(key)) for key in answer)


class YesNo:
    """True or false, said aloud."""

    def read(self, field: Field, typed: Typed) -> bool | Problem | None:
        match one(typed, field.key):
            case "":
                return None
            case "yes":
                return True
            case "no":
                return False
        return _not_offered()

    def inputs(self, field: Field, answer: Any) -> dict[str, list[str]]:
        return {field.key: ["yes" if answer else "no"]}

    def say(self, _field: Field, answer: Any) -> str:
        return pgettext("answer", "Yes") if answer else pgettext("answer", "No")


class Consent:
    """A statement somebody agrees to; not agreeing is no answer."""

    def read(self, field: Field, typed: Typed) -> bool | None:
        return True if one(typed, field.key) else None

    def inputs(self, field: Field, answer: Any) -> dict[str, list[str]]:
        return {field.key: ["yes"]} if answer else {}

    def say(self, _field: Field, answer: Any) -> str:
        return pgettext("answer", "Agreed") if answer else pgettext("answer", "No")


class Country:
    """A country by its two-letter code."""

    def read(self, field: Field, typed: Typed) -> str | Problem | None:
        code = one(typed, field.key).upper()
        return code or None if code in ("", *countries.countries) else Problem(_("Choose a country from the list."))

    def inputs(self, field: Field, answer: Any) -> dict[str, list[str]]:
        return {field.key: [str(answer)]}

    def say(self, _field: Field, answer: Any) -> str:
        return str(countries.name(answer) or answer)
