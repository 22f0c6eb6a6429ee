"""A shared article with a community's own sections in it, as one edition: a pure rule over rendered parts and their source."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from django.utils.translation import gettext

from knowledgebase import sections
from knowledgebase.rendering import Rendered, facts_in, words
from knowledgebase.sections import ANCHOR, Part, Piece
from knowledgebase.sources import Block, apart

CREDIT = "\ue000Tcommunity.name\ue001"


@dataclass(frozen=True)
class OwnSection:
    """A community's words for one section: the key of the override, the anchor and title of what it replaces, the words as written and rendered."""

    key: int
    name: str
    title: str
    rendered: Rendered
    blocks: Sequence[Block] = ()


def composed(shared: Sequence[Part], contents: Sequence[Mapping[str, Any]], own: Sequence[OwnSection]) -> Rendered:
    """The shared parts with those sections replaced where they stand. One whose section is gone comes last; one inside another is left out."""
    cut = sections.pieces(shared)
    spans = sections.spans(cut)
    placed = {spans[one.name].start: one for one in own if one.name in spans}
    taken = set(sections.anchors(shared)) - {name for one in own if one.name in spans for name in _within(cut, spans[one.name])}
    parts: list[Part] = []
    own_contents: dict[str, list[dict[str, Any]]] = {}
    replaced: set[str] = set()
    place = 0
    while place < len(cut):
        section = placed.get(place)
        if section is None:
            parts += cut[place].parts
            place += 1
            continue
        mine, own_contents[section.name] = _own(section, cut[place], taken)
        parts += mine
        taken |= set(sections.anchors(mine))
        replaced |= set(_within(cut, spans[section.name]))
        place = spans[section.name].stop
    listed = [entry for heading in contents for entry in _listed(heading, own_contents, replaced)]
    for section in own:
        if section.name not in spans:
            mine, entries = _own(section, Piece(section.name, 2, section.title), taken)
            parts, listed, taken = parts + mine, listed + entries, taken | set(sections.anchors(mine))
    return _rendered(parts, listed, [one.rendered for one in own])


def composed_source(shared: Sequence[Part], blocks: Sequence[Block], own: Sequence[OwnSection]) -> list[list[Block]] | None:
    """The same of the blocks those parts were rendered from, in pieces; None where parts and blocks do not tell the same headings."""
    cut = {piece.id: piece for piece in sections.pieces(shared) if piece.id}
    standing = apart(blocks, shared, [one.name for one in own])
    if standing is None:
        return None
    mine = {one.name: _headed(one, cut.get(one.name, Piece())) for one in own}
    found = [piece for name, behind in standing for piece in [*mine.get(name, []), behind]]
    return [*found, *(piece for one in own if one.name not in cut for piece in mine[one.name])]


def _headed(section: OwnSection, instead_of: Piece) -> list[list[Block]]:
    """The community's blocks, below the heading that they are read under if they have none of their own."""
    cut = sections.pieces(section.rendered.parts)
    if cut and cut[0].id:
        return [list(section.blocks)]
    heading = f"{'#' * (instead_of.level or 2)} {instead_of.title or section.title}"
    return [[{"type": "text", "value": heading}], list(section.blocks)]


def _rendered(parts: list[Part], contents: list[dict[str, Any]], own: Sequence[Rendered]) -> Rendered:
    return Rendered(
        parts=[_credited(part) for part in parts],
        contents=contents,
        text=words(parts),
        images=set().union(*(one.images for one in own)),
        documents=set().union(*(one.documents for one in own)),
        facts=facts_in(parts),
    )


def _within(cut: Sequence[Piece], span: range) -> list[str]:
    """The anchors of everything in those pieces."""
    return [name for place in span for name in sections.anchors(cut[place].parts)]


def _listed(heading: Mapping[str, Any], own: Mapping[str, list[dict[str, Any]]], replaced: set[str]) -> list[dict[str, Any]]:
    """A heading of the shared contents: as it is, or what stands in its place now."""
    if heading["id"] in own:
        return own[heading["id"]]
    return [] if heading["id"] in replaced else [dict(heading)]


def _own(section: OwnSection, instead_of: Piece, taken: set[str]) -> tuple[list[Part], list[dict[str, Any]]]:
    """The community's parts and contents for that place: they begin with its anchor, and no other anchor is there twice."""
    parts = [dict(part) for part in section.rendered.parts]
    contents = [dict(heading) for heading in section.rendered.contents]
    cut = sections.pieces(parts)
    if not cut or not cut[0].id:
        level = instead_of.level or 2
        title = instead_of.title or section.title
        parts.insert(0, {"html": f'<h{level} id="{section.name}">{escape(title)}</h{level}>\n'})
        contents.insert(0, {"level": level, "id": section.name, "title": title})
        renamed = _names(section.name, sections.anchors(parts[1:]), taken | {section.name})
    else:
        renamed = _names(section.name, sections.anchors(parts)[1:], taken | {section.name}) | {cut[0].id: section.name}
    parts = [{**_renamed(part, renamed), "override": section.key} for part in parts]
    parts[0]["begins"] = True
    return parts, [{**heading, "id": renamed.get(heading["id"], heading["id"])} for heading in contents if heading["level"] <= 3]


def _names(within: str, mine: Sequence[str], taken: set[str]) -> dict[str, str]:
    """New names for anchors of ours that are taken."""
    return {name: f"{within}-{name}" for name in mine if name in taken}


def _renamed(part: Part, names: Mapping[str, str]) -> Part:
    if "html" not in part or not names:
        return part
    html = ANCHOR.sub(lambda found: found[0].replace(f'"{found[1]}"', f'"{names.get(found[1], found[1])}"'), part["html"])
    return {**part, "html": re.sub(r' href="#([^"]*)"', lambda found: f' href="#{names.get(found[1], found[1])}"', html)}


def _credited(part: Part) -> Part:
    """The first part of a section of the community's own says so, below its heading."""
    if not part.pop("begins", False):
        return part
    credit = escape(gettext("Written by %(community)s") % {"community": CREDIT})
    heading = sections.HEADING.match(part["html"])
    end = heading.end() if heading else 0
    return {**part, "html": f'{part["html"][:end]}\n<p class="credit">{credit}</p>{part["html"][end:]}'}
