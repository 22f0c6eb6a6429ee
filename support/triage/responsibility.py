"""Which row of a responsibility matrix a ticket is most likely about: a pure rule over words."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

WORD = re.compile(r"[^\W\d_]{4,}")
COMMON = frozenset(
    [
        "that",
        "this",
        "with",
        "from",
        "have",
        "they",
        "what",
        "when",
        "where",
        "which",
        "would",
        "there",
        "their",
        "about",
        "could",
        "please",
        "hello",
        "thanks",
        "hub",
        "hubs",
        "community",
    ]
)
KIND_WORDS: Mapping[str, frozenset[str]] = {
    "incident": frozenset({"incident", "outage", "monitoring", "respond", "upgrades"}),
    "change": frozenset({"configure", "configuration", "image", "change", "resources"}),
    "guidance": frozenset({"training", "support", "documentation", "questions", "help"}),
    "event": frozenset({"event", "events", "workshop"}),
}


@dataclass(frozen=True)
class Row:
    """One row of a matrix, in one language."""

    key: str
    party: str
    text: str
    topics: str = ""


def likeliest(rows: Iterable[Row], *, text: str, kind: str = "") -> Row | None:
    """The row that shares most words with the ticket, those of its kind and its topics counting once more; None when none shares any."""
    asked = words(text)
    scored = [(_shared(asked, row, kind), -place, row) for place, row in enumerate(rows)]
    best = max(scored, key=lambda entry: entry[:2], default=None)
    return best[2] if best and best[0] > 0 else None


def _shared(asked: frozenset[str], row: Row, kind: str) -> int:
    """A topic was chosen for tickets, so it says twice as much as a word of the row."""
    own = words(row.text)
    return len(asked & own) + len(KIND_WORDS.get(kind, frozenset()) & own) + 2 * len((asked | {kind}) & words(row.topics))


def words(text: str) -> frozenset[str]:
    """The words that say something, in lower case, plural and singular alike."""
    return frozenset(word.rstrip("s") for word in WORD.findall(text.lower())) - COMMON
