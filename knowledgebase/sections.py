"""A rendered article as its sections: a heading and what stands under it, up to the next heading of the same or a higher level."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from ground.sanitising import plain_text
from knowledgebase.placeholders import neutral

Part = dict[str, Any]  # as in `rendering`

TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)((?:[^<>"]|"[^"]*")*?)(/?)>')
VOID = frozenset({"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
ID = re.compile(r' id="([^"]*)"')
HEADING = re.compile(r"\s*<h([2-6])\b((?:[^<>\"]|\"[^\"]*\")*)>(.*?)</h\1>", re.DOTALL)
ANCHOR = re.compile(r'<h[1-6]\b[^<>]*? id="([^"]*)"')
LINK = re.compile(r'<a\b[^<>]*? href="([^"]*)"[^<>]*>(.*?)</a>', re.DOTALL)
IMAGE = re.compile(r'<img\b[^<>]*? src="([^"]*)"[^<>]*>')


@dataclass
class Piece:
    """What stands from one heading of the text's own to the next; the first may have none."""

    id: str = ""
    level: int = 0
    title: str = ""
    parts: list[Part] = field(default_factory=list)


def pieces(parts: Sequence[Part]) -> list[Piece]:
    """The article cut at its headings; one inside a callout, a step or a quotation does not cut it."""
    found = [Piece()]
    for part in parts:
        if "html" not in part:
            found[-1].parts.append(part)
            continue
        for html in _cut(part["html"]):
            heading = HEADING.match(html)
            name = ID.search(heading[2]) if heading else None
            if heading and name:
                found.append(Piece(name[1], int(heading[1]), plain_text(neutral(heading[3]))))
            found[-1].parts.append({**part, "html": html})
    return found if found[0].parts else found[1:]


def spans(cut: Sequence[Piece]) -> dict[str, range]:
    """By the id of its heading, which pieces a section is made of."""
    return {piece.id: range(place, _end(cut, place)) for place, piece in enumerate(cut) if piece.id}


def section(parts: Sequence[Part], name: str) -> list[Part] | None:
    """The parts of that section with its heading; None when there is none of that name."""
    cut = pieces(parts)
    span = spans(cut).get(name)
    return [part for place in span for part in cut[place].parts] if span else None


def words(parts: Sequence[Part]) -> str:
    """What they say, for comparing: words, and where links lead and images come from."""
    return "\n".join(_words(parts)).strip()


def digest(text: str) -> str:
    """By which two texts are the same."""
    return hashlib.sha256(text.encode()).hexdigest()


def anchors(parts: Sequence[Part]) -> list[str]:
    """The ids of all headings in them, in order."""
    return [name for part in parts if "html" in part for name in ANCHOR.findall(part["html"])]


def without_heading(text: str) -> str:
    """The words of a section below the line of its heading."""
    return text.partition("\n")[2]


def _words(parts: Sequence[Part]) -> Iterator[str]:
    for part in parts:
        if "html" in part:
            html = LINK.sub(r"\2 (\1)", neutral(part["html"]))
            yield plain_text(IMAGE.sub(r"(\1)", html))
        else:
            yield " ".join(str(part[key]) for key in sorted(part) if part[key])


def _cut(html: str) -> Iterator[str]:
    """The HTML in pieces, each from the second on beginning with a heading that stands in no other element."""
    depth = start = 0
    for tag in TAG.finditer(html):
        closing, name, attributes, alone = tag.groups()
        if name in VOID or alone:
            continue
        if not closing and depth == 0 and name in {"h2", "h3", "h4", "h5", "h6"} and ID.search(attributes):
            if html[start : tag.start()].strip():
                yield html[start : tag.start()]
            start = tag.start()
        depth += -1 if closing else 1
    if html[start:].strip():
        yield html[start:]


def _end(cut: Sequence[Piece], place: int) -> int:
    level = cut[place].level
    return next((later for later in range(place + 1, len(cut)) if cut[later].level <= level), len(cut))
