"""What a file becomes: blocks on their way into an article, and problems with the numbers of their lines."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from knowledgebase.importing.fences import Directive


@dataclass(frozen=True)
class Problem:
    """What could not be carried over, and the number of its line."""

    line: int
    text: str


@dataclass
class Block:
    """One block on its way: `lines` are numbers of the file's lines, one for each line of a text; `files` are paths of its image or documents."""

    kind: str
    value: Any
    lines: Sequence[int] = (0,)
    files: dict[str, str] = field(default_factory=dict)


class Context(Protocol):
    """The file that a directive stands in."""

    terms: dict[str, str]

    def body(self, directive: Directive) -> str:
        """What stands in the directive, as Markdown without directives."""

    def markdown(self, lines: Sequence[str], first: int) -> str:
        """These lines, the same way."""

    def included(self, path: str, lines: Sequence[str], first: int) -> list[Block]:
        """The blocks of a file that is included there; none when it includes itself."""

    def read(self, path: str) -> str | None:
        """The text of a file of the folder."""

    def tell(self, line: int, text: str) -> None:
        """Note what could not be carried over."""


Maker = Callable[[Directive, Context], list[Block]]


def as_text(text: str, directive: Directive) -> list[Block]:
    return [Block("text", text, [directive.line])] if text.strip() else []


def plain_words(words: str) -> str:
    """A title without marks: it is shown as it is."""
    words = re.sub(r"\{(?:octicon|fa[srb]?|material-[\w-]+)\}`[^`]*`", "", words)
    words = re.sub(r"\{[\w:.+-]+\}`([^`<]*?)\s*(?:<[^`>]*>)?`", r"\1", words)
    words = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", words)
    return " ".join(re.sub(r"[*`]|(?<!\w)_|_(?!\w)", "", words).split())
