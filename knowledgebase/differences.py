"""What differs between two readings of a text: paragraph by paragraph, then word by word. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TypeVar

TOKEN = re.compile(r"\s+|\w+|[^\w\s]")
WORD = re.compile(r"\w+(?:['’-]\w+)*")
MOST = 400_000  # pairs of words that are compared; a hostile text takes no longer
Item = TypeVar("Item", str, tuple[str, ...])
Operation = tuple[str, int, int, int, int]  # as difflib says it: tag, from, to, from, to


@dataclass(frozen=True)
class Piece:
    """Some words: same, gone, or new."""

    kind: str
    text: str


@dataclass(frozen=True)
class Row:
    """One paragraph that differs, in pieces; or how many between two such paragraphs stay as they are."""

    pieces: tuple[Piece, ...] = ()
    same: int = 0


def words(text: str) -> list[str]:
    """The words of a text, their case aside."""
    return WORD.findall(text.casefold())


def rows(before: Sequence[str], after: Sequence[str]) -> list[Row]:
    """Paragraphs against paragraphs. The kept ones are only counted."""
    found: list[Row] = []
    for tag, first, last, start, end in operations(before, after):
        if tag == "equal":
            found.append(Row(same=last - first))
        else:
            found += _differing(before[first:last], after[start:end])
    return found


def pieces(before: str, after: str) -> tuple[Piece, ...]:
    """Word against word, blanks and signs kept."""
    old, new = TOKEN.findall(before), TOKEN.findall(after)
    found: list[Piece] = []
    for tag, first, last, start, end in operations(old, new):
        if tag == "equal":
            found.append(Piece("same", "".join(old[first:last])))
            continue
        found += [Piece(kind, text) for kind, text in (("gone", "".join(old[first:last])), ("new", "".join(new[start:end]))) if text]
    return tuple(found)


def operations(before: Sequence[Item], after: Sequence[Item]) -> list[Operation]:
    """What makes one of the other; what is beyond measure is replaced whole."""
    head = _shared(before, after)
    tail = _shared(before[head:][::-1], after[head:][::-1])
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    found: list[Operation] = [("equal", 0, head, 0, head)] if head else []
    found += [(tag, first + head, last + head, start + head, end + head) for tag, first, last, start, end in _between(old, new)]
    if tail:
        found.append(("equal", len(before) - tail, len(before), len(after) - tail, len(after)))
    return found


def _between(old: Sequence[Item], new: Sequence[Item]) -> list[Operation]:
    if not old and not new:
        return []
    if len(old) * len(new) > MOST:
        return [("replace", 0, len(old), 0, len(new))]
    return list(SequenceMatcher(None, old, new, autojunk=False).get_opcodes())


def _shared(before: Sequence[Item], after: Sequence[Item]) -> int:
    """How many they have in common from the start."""
    shortest = min(len(before), len(after))
    return next((place for place in range(shortest) if before[place] != after[place]), shortest)


def _differing(before: Sequence[str], after: Sequence[str]) -> Iterator[Row]:
    """Changed paragraphs side by side in their order; what is left over is gone or new as a whole."""
    both = min(len(before), len(after))
    for old, new in zip(before[:both], after[:both], strict=True):
        yield Row(pieces(old, new))
    yield from (Row((Piece("gone", text),)) for text in before[both:])
    yield from (Row((Piece("new", text),)) for text in after[both:])
