"""What an application already says of the hub: answers become values of the hub request by one table. Pure."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from ground.texts import pick
from onboarding.questions.answers import say
from onboarding.questions.conditions import is_answered
from onboarding.questions.shape import Answers, Form

TABLE = Path(__file__).parent / "content" / "hub_mapping.yaml"
PRESETS = {"python": ("Python", "scipy"), "r": ("R", "rocker")}
SLUG = re.compile(r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")
GITHUB_ORGANISATION = re.compile(r"^(?:https?://)?(?:www\.)?github\.com/(?:orgs/)?([A-Za-z0-9][A-Za-z0-9-]{0,38})/?$")
LONGEST_NOTE = 5000
UNSURE = ("unsure", "dont_know")


@cache
def table() -> list[dict[str, Any]]:
    """The rows of content/hub_mapping.yaml."""
    return list(YAML(typ="safe").load(TABLE.read_text(encoding="utf-8")))


def values(form: Form, answers: Answers) -> dict[str, Any]:
    """Values of the hub request by JSON pointer; only what the answers really say."""
    found = {row["pointer"]: CONVERTERS[row["how"]](answers, row["from"]) for row in table() if row["how"] != "note"}
    found |= {row["pointer"]: note(form, answers, row["from"]) for row in table() if row["how"] == "note"}
    return {pointer: value for pointer, value in found.items() if value not in (None, "", [], {})}


def note(form: Form, answers: Answers, keys: Sequence[str]) -> str:
    """What has no place of its own in the hub request, as questions and answers for whoever reads it."""
    lines = [f"{pick(form.field(key).label)}: {say(form.field(key), answers[key])}" for key in keys if known(answers, key) is not None]
    return "\n".join(lines)[:LONGEST_NOTE]


def known(answers: Answers, key: str) -> Any:
    """An answer, unless it is missing, “I don't know yet” or unsure."""
    value = answers.get(key)
    return value if is_answered(value) and value not in UNSURE else None


def as_person(answers: Answers, key: str) -> dict[str, str] | None:
    """A named person who can be reached: `{"name": …, "email": …}`."""
    if key == "contact":
        given: Any = {"name": known(answers, "contact.name"), "email": known(answers, "contact.email")}
    else:
        given = known(answers, key)
    if not isinstance(given, Mapping) or not given.get("email"):
        return None
    return {"name": given.get("name") or given["email"].split("@")[0], "email": given["email"]}


def _first(answers: Answers, keys: Sequence[str]) -> Any:
    return next((value for key in keys if (value := known(answers, key)) is not None), None)


def _text(answers: Answers, keys: Sequence[str]) -> str | None:
    value = _first(answers, keys)
    return None if value is None else str(value)


def _slug(answers: Answers, keys: Sequence[str]) -> str | None:
    value = _text(answers, keys)
    return value if value and SLUG.match(value) else None


def _secure_address(answers: Answers, keys: Sequence[str]) -> str | None:
    value = _text(answers, keys)
    return value if value and value.startswith("https://") else None


def _person(answers: Answers, keys: Sequence[str]) -> dict[str, str] | None:
    return next((person for key in keys if (person := as_person(answers, key))), None)


def _people(answers: Answers, keys: Sequence[str]) -> list[dict[str, str]]:
    by_address = {person["email"].lower(): person for key in keys if (person := as_person(answers, key))}
    return list(by_address.values())


def _github_sign_in(answers: Answers, keys: Sequence[str]) -> dict[str, Any] | None:
    found = GITHUB_ORGANISATION.match(_text(answers, keys) or "")
    return {"method": "github", "allowed_organizations": [found[1]]} if found else None


def _images(answers: Answers, keys: Sequence[str]) -> list[dict[str, Any]]:
    wanted = [PRESETS[language] for language in _first(answers, keys) or () if language in PRESETS]
    return [{"title": title, "preset": preset, "default": position == 0} for position, (title, preset) in enumerate(wanted)]


def _yes_or_no(answers: Answers, keys: Sequence[str]) -> bool | None:
    return {"yes": True, "no": False, True: True, False: False}.get(_first(answers, keys))


def _gpu(answers: Answers, keys: Sequence[str]) -> Any:
    """“No” is a fact; which kind of GPU a “yes” means is asked in the hub request."""
    return False if _yes_or_no(answers, keys) is False else None


CONVERTERS: Mapping[str, Callable[[Answers, Sequence[str]], Any]] = {
    "github_sign_in": _github_sign_in,
    "gpu": _gpu,
    "images": _images,
    "people": _people,
    "person": _person,
    "secure_address": _secure_address,
    "slug": _slug,
    "text": _text,
    "yes_or_no": _yes_or_no,
}
