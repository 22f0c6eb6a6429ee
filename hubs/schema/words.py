"""Plain words for what a JSON Schema validator found, for somebody who has never seen a schema."""

from collections.abc import Callable, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from jsonschema.exceptions import ValidationError

from hubs.questions import question
from hubs.schema.problems import Problem

Words = Callable[[Any], str]


def required(pointer: str) -> Problem:
    """Something the request cannot do without."""
    return Problem(pointer, "required", _("“%(field)s” is still needed.") % {"field": question(pointer).label})


def one_of(pointer: str, parent: str, names: Sequence[str]) -> Problem:
    """None of several things was given, and one is needed."""
    return Problem(pointer, "required", _("Give one of these: %(fields)s.") % {"fields": _listed(parent, names)})


def not_together(pointer: str, parent: str, names: Sequence[str]) -> Problem:
    """Several things were given of which only one can be."""
    return Problem(pointer, "conflict", _("Give only one of these: %(fields)s.") % {"fields": _listed(parent, names)})


def unknown(pointer: str, known: Sequence[str]) -> Problem:
    """A property nobody asked for."""
    name = pointer.rpartition("/")[2]
    if name == "allowed_users":
        detail = _("Who may sign in is decided by the GitHub organisations or teams; leave the list of users out.")
    else:
        detail = _("“%(name)s” is not something this request can hold.") % {"name": name}
    return Problem(pointer, "unknown", detail, tuple(sorted(known)))


def wrong_type(pointer: str, wanted: str) -> Problem:
    """A value of another kind than the one asked for."""
    return Problem(pointer, "type", TYPES[wanted]())


def wrong(pointer: str, error: ValidationError) -> Problem:
    """What the validator says about one value, in a sentence."""
    code, words = SENTENCES.get(str(error.validator), ("invalid", lambda _limit: _("This value cannot be used here.")))
    limit: Any = error.validator_value
    allowed = tuple(limit) if error.validator == "enum" else ()
    return Problem(pointer, code, _special(pointer, code) or words(limit), allowed)


def _listed(parent: str, names: Sequence[str]) -> str:
    return ", ".join(str(question(f"{parent}/{name}").label) for name in names)


def _special(pointer: str, code: str) -> str:
    """The places where a general sentence would not help."""
    if code not in {"pattern", "format", "reserved"}:
        return ""
    place = pointer.rstrip("0123456789").rstrip("/").rpartition("/")[2]
    return SPECIAL[place]() if place in SPECIAL else ""


TYPES: dict[str, Callable[[], str]] = {
    "object": lambda: _("This should be a group of answers."),
    "array": lambda: _("This should be a list."),
    "string": lambda: _("This should be text."),
    "integer": lambda: _("This should be a whole number."),
    "number": lambda: _("This should be a number."),
    "boolean": lambda: _("This should be yes or no."),
}

SENTENCES: dict[str, tuple[str, Words]] = {
    "enum": ("not-in-enum", lambda allowed: _("Choose one of: %(choices)s.") % {"choices": ", ".join(map(str, allowed))}),
    "const": ("not-in-enum", lambda only: _("Only “%(value)s” is possible here.") % {"value": only}),
    "pattern": ("pattern", lambda _pattern: _("This is not written the way it has to be; see the example.")),
    "format": ("format", lambda name: FORMATS.get(name, FORMATS["uri"])()),
    "not": ("reserved", lambda _what: _("This name is taken by the system; choose another.")),
    "maxLength": ("too-long", lambda limit: ngettext("At most %(n)d character.", "At most %(n)d characters.", limit) % {"n": limit}),
    "minLength": ("too-short", lambda limit: ngettext("At least %(n)d character.", "At least %(n)d characters.", limit) % {"n": limit}),
    "minimum": ("too-small", lambda limit: _("At least %(n)s.") % {"n": limit}),
    "exclusiveMinimum": ("too-small", lambda limit: _("More than %(n)s.") % {"n": limit}),
    "maximum": ("too-big", lambda limit: _("At most %(n)s.") % {"n": limit}),
    "minItems": ("too-few", lambda limit: ngettext("Name at least %(n)d.", "Name at least %(n)d.", limit) % {"n": limit}),
    "maxItems": ("too-many", lambda limit: ngettext("Name at most %(n)d.", "Name at most %(n)d.", limit) % {"n": limit}),
    "uniqueItems": ("duplicate", lambda _yes: _("The same entry is there twice.")),
}

FORMATS: dict[str, Callable[[], str]] = {
    "date": lambda: _("Write the date like 2027-03-31."),
    "date-time": lambda: _("Write date, time and offset like 2027-03-31T09:00:00+02:00."),
    "email": lambda: _("This is not an e-mail address."),
    "uri": lambda: _("This is not an address; it starts with https://."),
}

SPECIAL: dict[str, Callable[[], str]] = {
    "name": lambda: _(
        "Use small letters, digits and hyphens, starting and ending with a letter or digit; names of the system are not possible."
    ),
    "cluster": lambda: _("Use small letters, digits and hyphens, starting and ending with a letter or digit."),
    "hub": lambda: _("Use small letters, digits and hyphens, starting and ending with a letter or digit."),
    "confirm_hub_name": lambda: _("Type the hub's name exactly as it is."),
    "community": lambda: _("Use small letters, digits and hyphens."),
    "domain": lambda: _("Write only the host name, in small letters, like hub.example.org: no https://, no port, no path."),
    "allowed_hosted_domains": lambda: _("Write only the domain, in small letters, like example.org."),
    "allowed_domains": lambda: _("Write only the domain, in small letters, like example.org."),
    "image": lambda: _(
        "Name the image with a fixed tag, like quay.io/pangeo/pangeo-notebook:2026.08.01; “latest” changes under people's feet."
    ),
    "allowed_organizations": lambda: _("Write a GitHub organisation, or organisation:team, like my-org or my-org:hub-users."),
    "allowed_groups": lambda: _("Write a GitHub organisation, or organisation:team, like my-org or my-org:hub-users."),
    "admins": lambda: _("Write a GitHub name where people sign in with GitHub, an e-mail address otherwise."),
    "github": lambda: _("This is not a GitHub name; leave out the @."),
    "org_owner": lambda: _("This is not a GitHub name; leave out the @."),
    "active_hours": lambda: _("Write the hours like 09:00-17:30."),
    "url": lambda: _("Write a whole address starting with https://."),
    "logo_url": lambda: _("Write a whole address starting with https://."),
    "issuer": lambda: _("Write a whole address starting with https://."),
}
