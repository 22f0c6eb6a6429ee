"""A shared article as its editors wrote it, cut where its sections are: what versions begin with, and what stands around them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from knowledgebase import sections
from knowledgebase.markdown import PARSER
from knowledgebase.sections import Part

Block = dict[str, Any]  # type and value, as the editor keeps them


@dataclass(frozen=True, order=True)
class Place:
    """Where a heading stands in the source: the block, the line in its Markdown, its level."""

    block: int
    line: int
    level: int


@dataclass(frozen=True)
class Cut:
    """A source before, inside and after one section."""

    before: list[Block]
    inside: list[Block]
    after: list[Block]


def blocks_of(body: Any) -> list[Block]:
    """The blocks of a body as plain data, without the keys the editor gave them."""
    return [{"type": block["type"], "value": block["value"]} for block in body.get_prep_value()]


def cut(blocks: Sequence[Block], parts: Sequence[Part], section: str) -> Cut | None:
    """The source cut around a section of the parts it was rendered to; None where they do not tell the same headings."""
    span = _spans(blocks, parts).get(section)
    return _cut(blocks, *span) if span else None


def as_text(parts: Sequence[Part], section: str) -> list[Block]:
    """The words of a section whose source cannot be told apart, to begin with all the same."""
    title, _line, rest = sections.words(sections.section(parts, section) or []).partition("\n")
    return [{"type": "text", "value": f"## {title}\n\n" + rest.replace("\n", "\n\n")}]


def apart(blocks: Sequence[Block], parts: Sequence[Part], names: Collection[str]) -> list[tuple[str, list[Block]]] | None:
    """The source without those sections: what stands before them (under no name), then what stands behind each of them.

    One that lies in another of them goes with that one. None where source and parts tell different headings.
    """
    spans = _spans(blocks, parts)
    if not spans and any(piece.id for piece in sections.pieces(parts)):
        return None
    rest = list(blocks)
    behind: list[tuple[str, list[Block]]] = []
    for name in reversed(_outermost(spans, names)):  # from the end, so that what comes before keeps its place
        around = _cut(rest, *spans[name])
        rest, behind = around.before, [(name, around.after), *behind]
    return [("", rest), *behind]


def spliced(blocks: Sequence[Block], parts: Sequence[Part], own: Mapping[str, Sequence[Block]]) -> list[Block]:
    """The whole source with a community's sections in the place of the shared ones; those that have no place come last."""
    spans = _spans(blocks, parts)
    standing = apart(blocks, parts, own) or [("", list(blocks))]
    found = [block for name, behind in standing for block in [*own.get(name, []), *behind]]
    return tidied([*found, *(block for name in own if name not in spans for block in own[name])])


def tidied(blocks: Sequence[Block]) -> list[Block]:
    """Without blocks of text that hold none."""
    return [block for block in blocks if block["type"] != "text" or block["value"].strip()]


def headings(blocks: Sequence[Block]) -> list[Place]:
    """The headings of the text's own, in order: those of Markdown that stand in no list or quotation."""
    return [
        Place(number, line, level)
        for number, block in enumerate(blocks)
        if block["type"] == "text"
        for line, level in _headings_of(block["value"])
    ]


def _headings_of(markdown: str) -> list[tuple[int, int]]:
    tokens = PARSER.parse(markdown)
    return [
        (token.map[0], max(int(token.tag[1]), 2)) for token in tokens if token.type == "heading_open" and token.level == 0 and token.map
    ]


def _spans(blocks: Sequence[Block], parts: Sequence[Part]) -> dict[str, tuple[Place, Place | None]]:
    """By its anchor, where each section begins and ends in the source; nothing where source and parts tell different headings."""
    names = [piece.id for piece in sections.pieces(parts) if piece.id]
    places = headings(blocks)
    if len(names) != len(places):
        return {}
    return {name: (place, _end(places, number)) for number, (name, place) in enumerate(zip(names, places, strict=True))}


def _outermost(spans: Mapping[str, tuple[Place, Place | None]], names: Collection[str]) -> list[str]:
    """Those of the names that lie in no other of them, in order."""
    found: list[str] = []
    for name, (start, _end) in spans.items():
        until = spans[found[-1]][1] if found else start
        if name in names and until is not None and until <= start:
            found.append(name)
    return found


def _end(places: Sequence[Place], number: int) -> Place | None:
    return next((later for later in places[number + 1 :] if later.level <= places[number].level), None)


def _cut(blocks: Sequence[Block], start: Place, end: Place | None) -> Cut:
    before, rest = _split(blocks, start)
    if end is None:
        return Cut(before, rest, [])
    inside, after = _split(rest, Place(end.block - start.block, end.line - (start.line if end.block == start.block else 0), end.level))
    return Cut(before, inside, after)


def _split(blocks: Sequence[Block], place: Place) -> tuple[list[Block], list[Block]]:
    """The blocks before a line of one of them, and those from there on."""
    block = blocks[place.block]
    lines = block["value"].replace("\r\n", "\n").split("\n")
    above, below = ({**block, "value": "\n".join(part)} for part in (lines[: place.line], lines[place.line :]))
    return [*blocks[: place.block], above], [below, *blocks[place.block + 1 :]]
