"""How much a change of an article matters to its translations, proposed from what changed. Pure.

Three levels, as Kitsune has them: details that leave the instructions as they are, changes that need not be translated at once,
and changes that make an older translation wrong.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from knowledgebase.differences import operations, words

FENCES = ("```", "~~~")
QUOTED = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
LINK = re.compile(r"\]\(\s*<?([^()\s<>]+)>?[^()\n]*\)|<(https?://[^<>\s]+)>|(?<![(<\w])(https?://[^\s<>)\]]+)")
NUMBERED = re.compile(r"(?m)^[ \t]*\d{1,3}[.)][ \t]+\S")
CODE, POINTERS = frozenset({"code"}), frozenset({"repository", "branch", "path", "image", "document", "kind", "url", "video"})
UNSAID = frozenset({"id", "type", "language", "tone"})
MUCH = 0.25  # of the words
LIKE, SHORTEST = 0.75, 4  # of a word that was only misspelt


class Significance(models.TextChoices):
    """What a change of the original means for its translations."""

    SMALL = "small", _("Small: spelling and form")
    MEDIUM = "medium", _("Medium: translations may still be read")
    LARGE = "large", _("Large: translations would mislead")


class Reason(models.TextChoices):
    """Why a level is proposed."""

    MUCH = "much", _("more than a quarter of the words changed")
    CODE = "code", _("code changed")
    STEPS = "steps", _("the number of steps changed")
    NEW_CODE = "new_code", _("code was added")
    LINKS = "links", _("links or files changed")
    WORDS = "words", _("words changed")
    SPELLING = "spelling", _("only spelling changed")
    FORM = "form", _("no word changed")
    UNKNOWN = "unknown", _("the text before is no longer kept")


RANK: Mapping[str, int] = {"": 0, Significance.SMALL: 1, Significance.MEDIUM: 2, Significance.LARGE: 3}
LARGE = frozenset({Reason.MUCH, Reason.CODE, Reason.STEPS})
MEDIUM = frozenset({Reason.NEW_CODE, Reason.LINKS, Reason.WORDS})


@dataclass(frozen=True)
class Source:
    """An article taken apart: what it says by paragraphs, the words of each, its code, how many steps it has and where it points."""

    paragraphs: tuple[str, ...] = ()
    words: tuple[tuple[str, ...], ...] = ()
    code: tuple[str, ...] = ()
    steps: int = 0
    links: tuple[str, ...] = ()


@dataclass(frozen=True)
class Proposal:
    """The level proposed, the share of words that changed (0 to 1), and why."""

    significance: Significance
    share: float
    reasons: tuple[Reason, ...]


UNKNOWN = Proposal(Significance.MEDIUM, 0.0, (Reason.UNKNOWN,))


def propose(before: Source, after: Source) -> Proposal:
    """What a change from one to the other means for who reads a translation of the first."""
    changed = list(_changed(before.words, after.words))
    most = max(sum(map(len, before.words)), sum(map(len, after.words)), 1)
    share = min(sum(max(len(old), len(new)) for old, new in changed) / most, 1.0)
    reasons = tuple(_reasons(before, after, changed=changed, share=share))
    return Proposal(_level(reasons), share, reasons)


def heaviest(levels: Iterable[str]) -> str:
    """The most significant of these; empty when there is none."""
    return max(levels, key=RANK.__getitem__, default="")


def take_apart(title: str, summary: str, body: Sequence[Mapping[str, Any]]) -> Source:
    """`body` is the plain data of a stream: blocks with a type and a value."""
    paragraphs: list[str] = [line for line in (title, summary) if line]
    said: list[list[str]] = [words(title), words(summary)]
    code: list[str] = []
    links: list[str] = []
    steps = 0
    for name, text in _strings(body, ""):
        if name in POINTERS:
            links.append(f"{name}:{text}")
        elif name in CODE:
            code.append(_even(text))
            paragraphs.append(text.strip())
        else:
            prose, fenced = _without_fences(text)
            steps += len(NUMBERED.findall(prose))
            code += fenced
            said += _read(prose, code, links)
            paragraphs += [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]
    spoken = tuple(tuple(each) for each in said if each)
    return Source(tuple(paragraphs), spoken, tuple(filter(None, code)), steps + _steps(body), tuple(links))


def _read(text: str, code: list[str], links: list[str]) -> list[list[str]]:
    """The words of some Markdown by paragraphs; its code and links are put aside."""
    code += QUOTED.findall(text)
    links += [next(filter(None, found)) for found in LINK.findall(text)]
    return [words(part) for part in re.split(r"\n\s*\n", LINK.sub("] ", text))]


def _without_fences(text: str) -> tuple[str, list[str]]:
    """Markdown without its fenced code, and that code."""
    prose: list[str] = []
    code: list[list[str]] = []
    fence = ""
    for line in text.splitlines():
        mark = line.lstrip()[:3]
        if not fence and mark in FENCES:
            fence = mark
            code.append([])
        elif fence and mark == fence:
            fence = ""
        else:
            (code[-1] if fence else prose).append(line)
    return "\n".join(prose), [_even("\n".join(lines)) for lines in code]


def _strings(value: Any, name: str) -> Iterator[tuple[str, str]]:
    """Every text of some plain data with the name it has there."""
    if isinstance(value, Mapping):
        if value.keys() >= {"type", "value"}:
            yield from _strings(value["value"], name)
            return
        for key, inner in value.items():
            if key not in UNSAID:
                yield from _strings(inner, key)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for inner in value:
            yield from _strings(inner, name)
    elif value is not None and not isinstance(value, bool):
        yield name, str(value)


def _steps(value: Any) -> int:
    """How many steps the blocks of steps have."""
    if isinstance(value, Mapping):
        own = len(value["steps"]) if isinstance(value.get("steps"), Sequence) else 0
        return own + sum(_steps(inner) for inner in value.values())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return sum(_steps(inner) for inner in value)
    return 0


def _even(code: str) -> str:
    """Code whose blanks at the ends of lines say nothing."""
    return "\n".join(line.rstrip() for line in code.strip().splitlines())


def _changed(before: Sequence[tuple[str, ...]], after: Sequence[tuple[str, ...]]) -> Iterator[tuple[list[str], list[str]]]:
    """Which words stand in the place of which: paragraphs are matched first, then the words of those that differ."""
    for tag, first, last, start, end in operations(before, after):
        if tag == "equal":
            continue
        old = [word for part in before[first:last] for word in part]
        new = [word for part in after[start:end] for word in part]
        yield from ((old[a:b], new[c:d]) for kind, a, b, c, d in operations(old, new) if kind != "equal")


def _reasons(before: Source, after: Source, *, changed: Sequence[tuple[list[str], list[str]]], share: float) -> Iterator[Reason]:
    if share >= MUCH:
        yield Reason.MUCH
    gone, added = Counter(before.code) - Counter(after.code), Counter(after.code) - Counter(before.code)
    if gone:
        yield Reason.CODE
    elif added:
        yield Reason.NEW_CODE
    if before.steps != after.steps:
        yield Reason.STEPS
    if set(before.links) != set(after.links):
        yield Reason.LINKS
    if not changed:
        yield Reason.FORM
    else:
        yield Reason.SPELLING if all(map(_is_spelling, *zip(*changed, strict=True))) else Reason.WORDS


def _level(reasons: Iterable[Reason]) -> Significance:
    found = set(reasons)
    if found & LARGE:
        return Significance.LARGE
    return Significance.MEDIUM if found & MEDIUM else Significance.SMALL


def _is_spelling(old: Sequence[str], new: Sequence[str]) -> bool:
    """Whether each word stands where a like one stood. A number is never a misspelt one, and `un-` turns a word round."""
    return len(old) == len(new) and all(map(_are_alike, old, new))


def _are_alike(old: str, new: str) -> bool:
    if any(sign.isdigit() for sign in old + new) or abs(len(old) - len(new)) > 1:
        return False
    if _are_swapped(old, new):
        return True
    return max(len(old), len(new)) >= SHORTEST and SequenceMatcher(None, old, new, autojunk=False).ratio() >= LIKE


def _are_swapped(old: str, new: str) -> bool:
    """Two neighbouring letters changed their places."""
    apart = [place for place, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]]
    if len(old) != len(new) or len(apart) != 2 or len(old) < 3:
        return False
    first, second = apart
    return second == first + 1 and old[first] == new[second] and old[second] == new[first]
