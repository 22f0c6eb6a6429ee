"""What every type of question can do, and the words in which it refuses."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from onboarding.questions.shape import Field

Typed = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Problem:
    """Why what was typed cannot be kept, in words for who typed it."""

    words: str


class Kind(Protocol):
    """A type of question: reads what was typed, writes an answer back into inputs, and says it in words."""

    def read(self, field: Field, typed: Typed) -> Any:
        """The plain value to keep, None when nothing was typed, or a `Problem`."""

    def inputs(self, field: Field, answer: Any) -> dict[str, list[str]]:
        """What the inputs hold for this answer; `read` of it gives the answer back."""

    def say(self, field: Field, answer: Any) -> str:
        """The answer as a reader sees it, in the active language."""


def part(field: Field, name: str) -> str:
    """The name of one input of a question that has several."""
    return f"{field.key}:{name}"


def one(typed: Typed, name: str) -> str:
    """What was typed into one input, on one line, without what nobody can type."""
    return " ".join(tidy(_last(typed, name)).split())


def tidy(text: str) -> str:
    """One kind of line end, one way to write each letter, no control characters (PostgreSQL refuses NUL)."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(letter for letter in text if letter in "\n\t" or unicodedata.category(letter) not in ("Cc", "Cs")).strip()


def _last(typed: Typed, name: str) -> str:
    values = typed.get(name) or [""]
    return values[-1]


def last(typed: Typed, name: str) -> str:
    """What was typed into one input, lines kept."""
    return tidy(_last(typed, name))
