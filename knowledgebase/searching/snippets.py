"""The lines of an article that fit a query best, with the found words marked."""

from collections.abc import Collection, Iterator, Sequence

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from ground.search import LONGEST_WORD, STOP, Group, fold, trunk
from ground.search.words import WORD

LONGEST = 240  # letters
BEFORE = 60  # letters kept in front of the first found word
MOST_LINES = 400


def snippet(text: str, groups: Sequence[Group]) -> SafeString:
    """Of that plain text the line that holds most of what was asked, shortened around it; its first words where none does."""
    trunks = [group.trunks for group in groups]
    lines = text.splitlines()[:MOST_LINES]
    best = max(enumerate(lines), key=lambda numbered: (_fit(numbered[1], trunks), -numbered[0]), default=(0, ""))[1]
    return marked(_shortened(best, frozenset().union(*trunks)), groups)


def marked(text: str, groups: Sequence[Group]) -> SafeString:
    """That text as safe HTML, every word that was asked for in a <mark>."""
    trunks = frozenset(one for group in groups for one in group.trunks)
    return mark_safe("".join(_pieces(text, trunks)))  # noqa: S308  every piece is escaped


def _pieces(text: str, trunks: Collection[str]) -> Iterator[str]:
    end = 0
    for found in WORD.finditer(text):
        yield conditional_escape(text[end : found.start()])
        word = conditional_escape(found[0])
        yield f"<mark>{word}</mark>" if _is_one_of(found[0], trunks) else word
        end = found.end()
    yield conditional_escape(text[end:])


def _is_one_of(word: str, trunks: Collection[str]) -> bool:
    folded = fold(word)
    return folded not in STOP and trunk(folded[:LONGEST_WORD]) in trunks


def _fit(line: str, trunks: Sequence[frozenset[str]]) -> float:
    """How many of the asked words the line holds; a sentence before a heading that holds as many."""
    held = {trunk(fold(word)[:LONGEST_WORD]) for word in WORD.findall(line)}
    return sum(bool(held & group) for group in trunks) + min(len(held), 12) / 100


def _shortened(line: str, trunks: Collection[str]) -> str:
    """At most so many letters, beginning a little before the first found word."""
    if len(line) <= LONGEST:
        return line
    first = next((found.start() for found in WORD.finditer(line) if _is_one_of(found[0], trunks)), 0)
    start = line.rfind(" ", 0, max(first - BEFORE, 0)) + 1 if first > BEFORE else 0
    end = line.rfind(" ", start, start + LONGEST)
    end = end if end > start else start + LONGEST
    return f"{'…' if start else ''}{line[start:end]}{'…' if end < len(line) else ''}"
