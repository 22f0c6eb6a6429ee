"""Tags as texts: how they are spelt, and how many a ticket has. Pure."""

from collections.abc import Iterable

MOST = 20
LONGEST = 32
"""Letters, as Freshdesk has it."""


def normalised(word: str) -> str:
    """Small letters and single spaces, no comma and no quotation mark, which part tags elsewhere."""
    return " ".join(word.replace(",", " ").replace('"', " ").casefold().split())[:LONGEST].strip()


def parted(words: str) -> list[str]:
    """The tags that commas part, each once."""
    return list(dict.fromkeys(tag for word in words.split(",") if (tag := normalised(word))))


def together(tags: Iterable[str], *, added: Iterable[str] = (), removed: Iterable[str] = ()) -> list[str]:
    """The tags after those went and these came: each once, whatever its capitals, and no more than a ticket has."""
    gone = {tag.casefold() for tag in removed}
    kept = [tag for tag in tags if tag.casefold() not in gone]
    known = {tag.casefold() for tag in kept}
    new = [tag for tag in dict.fromkeys(added) if tag.casefold() not in known]
    return [*kept, *new[: max(MOST - len(kept), 0)]]
