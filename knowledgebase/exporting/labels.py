"""Labels for the places of articles that others link to: MyST wants its own names for them."""

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass
from typing import Any

from knowledgebase.blocks import each_text
from knowledgebase.markdown import Anchors, heading_words, term_anchor

Targets = dict[str, set[str]]  # address → anchors
HEADING = re.compile(r"[ ]{0,3}(?P<marks>#{1,6})[ ]+(?P<title>.+?)[ ]*#*[ ]*")
FENCE = re.compile(r"[ ]*(?P<fence>`{3,}|~{3,})")


@dataclass(frozen=True)
class Piece:
    """A block with labels in its texts."""

    block_type: str
    value: Any


def label_of(address: str, anchor: str) -> str:
    """The name of a place, one of its kind in the book."""
    return f"{address.replace('/', '-')}--{anchor}"


def with_labels(body: Any, address: str, anchors: Set[str]) -> Iterator[Any]:
    """The blocks; above each heading and term that is linked to stands its label."""
    if not anchors:
        yield from body
        return
    met = Anchors()
    for block in body:
        value = each_text(block.block_type, block.value, lambda text: "\n".join(_labelled(text, address, anchors, met)))
        yield Piece(block.block_type, value)


def _labelled(text: str, address: str, anchors: Set[str], met: Anchors) -> Iterator[str]:
    fence = ""
    lines = text.split("\n")
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        mark = FENCE.match(line)
        if mark:
            fence = "" if fence and mark["fence"].startswith(fence) else fence or mark["fence"]
        anchor = "" if fence or mark else _anchor(line, below, met)
        if anchor in anchors:
            yield f"({label_of(address, anchor)})="
        yield line


def _anchor(line: str, below: str, met: Anchors) -> str:
    heading = HEADING.fullmatch(line)
    if heading:
        return met.add(level=len(heading["marks"]), title=heading_words(heading["title"])).id
    return term_anchor(line) if line.strip() and below.startswith(": ") else ""
