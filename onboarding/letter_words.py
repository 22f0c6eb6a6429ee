"""The words of letters: which placeholders they may hold, what is wrong with them, and how they are filled. Pure."""

import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from ruamel.yaml import YAML

from onboarding.states import ACCEPTANCES, Outcome

CONTENT = Path(__file__).parent / "content"
PLACEHOLDER = re.compile(r"\{([^{}\n]*)\}")
EVERYWHERE = frozenset({"name", "community", "reference", "operator", "support_email", "reply_days"})
NEEDED = {Outcome.ACCEPT_WITH_CONDITIONS: "conditions", Outcome.REFER: "conditions"}
LONGEST_SUBJECT = 150
Words = Mapping[str, str]
Texts = Mapping[str, Words]


def placeholders(outcome: str) -> frozenset[str]:
    """What a letter of that outcome may leave open."""
    return EVERYWHERE | ({"conditions"} if outcome in NEEDED else set()) | ({"next_steps"} if outcome in ACCEPTANCES else set())


def problems(texts: Texts, outcome: str, languages: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Everything that must be put right before these words may be published: (language, part, what is wrong)."""
    for language in languages:
        words = texts.get(language, {})
        for part in ("subject", "body"):
            yield from ((language, part, problem) for problem in _problems(part, words.get(part, ""), outcome))


def _problems(part: str, text: str, outcome: str) -> Iterator[str]:
    if not text.strip():
        yield _("This language has no text yet.")
        return
    for name in sorted(unknown(text, outcome)):
        yield _("There is no {%(name)s}. You can use: %(known)s.") % {"name": name, "known": known(outcome)}
    if "{" in PLACEHOLDER.sub("", text) or "}" in PLACEHOLDER.sub("", text):
        yield _("A curly bracket stands alone. Placeholders are written like {name}.")
    if part == "subject" and len(text) > LONGEST_SUBJECT:
        yield _("A subject has at most %(n)d characters.") % {"n": LONGEST_SUBJECT}
    needed = NEEDED.get(Outcome(outcome)) if outcome in Outcome.values else None
    if part == "body" and needed and f"{{{needed}}}" not in text:
        yield _("Say where the conditions go: write {%(name)s}.") % {"name": needed}


def unknown(text: str, outcome: str) -> set[str]:
    """Placeholders nobody could fill."""
    return set(PLACEHOLDER.findall(text)) - placeholders(outcome)


def known(outcome: str) -> str:
    """The placeholders of that outcome, as they are written."""
    return ", ".join(f"{{{name}}}" for name in sorted(placeholders(outcome)))


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its placeholders filled, once: a bracket in somebody's name stays a bracket. What has no value is left out."""
    return PLACEHOLDER.sub(lambda found: values.get(found[1], ""), text)


def next_steps() -> str:
    """What follows an acceptance, in the active language."""
    return "\n".join(
        [
            _("1. Read who is responsible for what, and sign it with us."),
            _("2. Complete the request for your hub. Most of it is filled in already."),
            _("3. Invite the people who will help you."),
        ]
    )


def example(outcome: str) -> dict[str, str]:
    """Somebody who does not exist, to see a letter filled in."""
    values = {
        "name": "Ana Quispe Mamani",
        "community": "Red Andina de Glaciares",
        "reference": "CI-7K3F-29QD",
        "operator": settings.OPERATOR_NAME,
        "support_email": settings.SUPPORT_EMAIL,
        "reply_days": "5",
        "conditions": _("Here stands what the decision says of conditions, or of where else to go."),
        "next_steps": next_steps(),
    }
    return {name: value for name, value in values.items() if name in placeholders(outcome)}


@functools.cache
def defaults() -> dict[str, dict[str, dict[str, str]]]:
    """The letters we begin with: {outcome: {language: {subject, body}}}."""
    by_language = {language: _read(f"letters.{language}.yaml") for language, _label in settings.LANGUAGES}
    return {outcome: {language: words[outcome] for language, words in by_language.items()} for outcome in by_language["en"]}


def default(outcome: str, language: str) -> Words:
    """The letter we begin with, in that language, else in English."""
    texts = defaults()[outcome]
    return texts.get(language.split("-", maxsplit=1)[0]) or texts["en"]


def _read(name: str) -> dict[str, Any]:
    content: dict[str, Any] = YAML(typ="safe").load(CONTENT / name)
    return content
