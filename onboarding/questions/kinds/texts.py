"""Words, addresses and numbers."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.formats import localize
from django.utils.text import slugify
from django.utils.translation import gettext as _

from onboarding.questions.kinds.base import Problem, Typed, last, one
from onboarding.questions.shape import Field

SHORT = 200
LONG = 2000
LONGEST_SLUG = 30
MOST = 10_000_000
SLUG = re.compile(r"[a-z](?:[a-z0-9-]*[a-z0-9])?")
DIGITS = re.compile(r"\d{1,12}")
BETWEEN_DIGITS = re.compile(r"(?<=\d)[\s.,'’_](?=\d{3}(?:\D|$))")
validate_url = URLValidator(schemes=["http", "https"])


def too_long(text: str, limit: int) -> Problem | None:
    """A kind word about the length, counted in characters."""
    if len(text) <= limit:
        return None
    return Problem(
        _("Please shorten this to %(limit)s characters. It has %(length)s now.") % {"limit": localize(limit), "length": localize(len(text))}
    )


class Text:
    """One line, kept as it was typed."""

    def read(self, field: Field, typed: Typed) -> Any:
        text = one(typed, field.key)
        return too_long(text, field.max_chars or SHORT) or text or None

    def inputs(self, field: Field, answer: Any) -> dict[str, list[str]]:
        return {field.key: [str(answer)]}

    def say(self, _field: Field, answer: Any) -> str:
        return str(answer)


class LongText(Text):
    """Several lines."""

    def read(self, field: Field, typed: Typed) -> str | Problem | None:
        text = last(typed, field.key)
        return too_long(text, field.max_chars or LONG) or text or None


class Slug(Text):
    """A short name for an address; never changed for the applicant, but proposed."""

    def read(self, field: Field, typed: Typed) -> str | Problem | None:
        text = one(typed, field.key)
        if not text or (SLUG.fullmatch(text) and len(text) <= LONGEST_SLUG):
            return text or None
        proposal = slugify(text)[:LONGEST_SLUG].strip("-")
        words = _("Use small letters, digits and hyphens, at most %(most)s, and begin with a letter.") % {"most": LONGEST_SLUG}
        if SLUG.fullmatch(proposal):
            words += " " + _("You could write: %(proposal)s") % {"proposal": proposal}
        return Problem(words)


class Url(Text):
    """A web address; https:// is added where it is left out."""

    def read(self, field: Field, typed: Typed) -> str | Problem | None:
        text = one(typed, field.key)
        if not text:
            return None
        if problem := too_long(text, SHORT):
            return problem
        address = text if "://" in text else f"https://{text}"
        try:
            validate_url(address)
        except ValidationError:
            return Problem(_("Write the address as your browser shows it, for example https://example.org"))
        return address


class Email(Text):
    """An e-mail address."""

    def read(self, field: Field, typed: Typed) -> str | Problem | None:
        text = one(typed, field.key)
        return email_problem(text) or text or None


def email_problem(text: str) -> Problem | None:
    """Why this is no e-mail address; None when it is one, or nothing."""
    if not text:
        return None
    try:
        validate_email(text)
    except ValidationError:
        return Problem(_("This does not look like an e-mail address. It needs a name, an @ and a place, for example ana@example.org"))
    return too_long(text, SHORT)


class Integer(Text):
    """A whole number, with or without a sign between the thousands."""

    def read(self, field: Field, typed: Typed) -> int | Problem | None:
        text = BETWEEN_DIGITS.sub("", one(typed, field.key))
        if not text:
            return None
        if not DIGITS.fullmatch(text):
            return Problem(_("Write a whole number in digits, for example 40"))
        number = int(text)
        if field.min is not None and number < field.min:
            return Problem(_("Write %(min)s or more.") % {"min": field.min})
        return number if number <= MOST else Problem(_("Please check this number. It is larger than we can plan for."))

    def say(self, _field: Field, answer: Any) -> str:
        return str(localize(answer))
