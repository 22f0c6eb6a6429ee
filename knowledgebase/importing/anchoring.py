"""What can be linked to inside an article: its headings by the anchors readers get, its labels, its terms."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from knowledgebase.blocks import texts_of
from knowledgebase.importing.fences import CODE_FENCE
from knowledgebase.importing.pieces import plain_words
from knowledgebase.importing.splitting import LABEL, Splitter
from knowledgebase.markdown import Anchors

HEADING = re.compile(r"[ ]{0,3}(?P<marks>#{1,6})[ ]+(?P<title>.+?)[ ]*#*[ ]*")


@dataclass(frozen=True)
class Place:
    """A heading, or without an anchor the top of the article."""

    anchor: str
    title: str


TOP = Place("", "")


@dataclass(frozen=True)
class Places:
    """Places of one article: `labels` by the names its author gave, `by_name` those and the anchors others make from headings."""

    labels: Mapping[str, Place] = field(default_factory=dict)
    by_name: Mapping[str, Place] = field(default_factory=dict)
    terms: Mapping[str, str] = field(default_factory=dict)


def places_in(splitter: Splitter, of_title: Sequence[str] = ()) -> Places:
    """Where the labels of that article's blocks lead: to the heading that follows, or else to the one they stand under."""
    anchors, named = Anchors(), dict[str, Place]()
    labels = dict.fromkeys(of_title, TOP)
    waiting: list[str] = []
    last = TOP
    for block in splitter.blocks:
        for text in texts_of(block.kind, block.value):
            for line in _prose(text):
                label, heading = LABEL.fullmatch(line.strip("> ")), HEADING.fullmatch(line)
                if label:
                    waiting.append(label["label"])
                elif heading:
                    made = anchors.add(level=len(heading["marks"]), title=plain_words(heading["title"]))
                    last = Place(made.id, made.title)
                    named |= {made.id: last, github_slug(made.title): last}
                if waiting and (heading or line.strip()) and not label:
                    labels |= {name: _place(name, last) for name in waiting}
                    waiting = []
        labels |= {name: _place(name, last) for name in waiting}
        waiting = []
    by_name = {**named, **{label.lower(): place for label, place in labels.items()}}
    return Places(labels, by_name, dict(splitter.terms))


def _place(label: str, last: Place) -> Place:
    """Where a label leads; one that an export gave to a term says so."""
    _address, _dashes, anchor = label.partition("--")
    return Place(anchor, last.title) if anchor.startswith("term-") else last


def github_slug(title: str) -> str:
    """The anchor that GitHub, MyST and Jupyter Book make from a heading."""
    return re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", title.strip().lower()))


def _prose(text: str) -> Iterator[str]:
    """Its lines without those of fenced code."""
    fence = ""
    for line in text.split("\n"):
        mark = CODE_FENCE.match(line)
        if not fence and mark:
            fence = mark["fence"]
        elif fence and line.strip().startswith(fence) and not line.strip().strip(fence[0]):
            fence = ""
        elif not fence:
            yield line
