"""What every plot is made of: elements that are always well-formed, scales that never divide by nothing, numbers in the reader's way."""

import math
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

from django.utils.formats import number_format
from django.utils.safestring import SafeString, mark_safe

WIDTH = 360
EDGE = 8
LINE = 16
LETTER = 6.4  # the widest an average letter of the 12-unit text is
PATTERNS = 5

Number = int | float
NOTHING = SafeString("")


@dataclass(frozen=True)
class Table:
    """The same numbers to read: headings, and rows whose first cell names the row."""

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Key:
    """One word of the legend, and which pattern it explains."""

    words: str
    look: int


@dataclass(frozen=True)
class Plot:
    """One drawing with its title, a sentence saying what it shows, and its numbers. Empty as long as there is nothing to show."""

    key: str
    title: str
    description: str
    svg: SafeString = NOTHING
    table: Table = field(default_factory=lambda: Table((), ()))
    legend: Sequence[Key] = ()

    @property
    def is_empty(self) -> bool:
        return not self.svg


def drawing(key: str, title: str, description: str, *, height: Number, parts: Iterable[str], patterns: bool = False) -> SafeString:
    """The whole drawing, which says in words what it is."""
    name, about = f"{key}-title", f"{key}-description"
    inner = [tag("title", title, id=name), tag("desc", description, id=about)]
    if patterns:
        inner.append(_patterns(key))
    return mark_safe(  # noqa: S308  every text and attribute went through `tag`
        tag(
            "svg",
            within=[*inner, *parts],
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {WIDTH} {_plain(height)}",
            role="img",
            aria_labelledby=f"{name} {about}",
            class_="plot__drawing",
        )
    )


def tag(name: str, text: str = "", *, within: Iterable[str] = (), **attributes: object) -> str:
    """One element; `class_` and `aria_labelledby` stand for what Python or SVG spells otherwise."""
    said = "".join(f" {_spelt(key)}={quoteattr(_plain(value))}" for key, value in attributes.items() if value is not None)
    return f"<{name}{said}>{escape(_clean(text))}{''.join(within)}</{name}>"


def words(text: str, x: Number, y: Number, *, look: str = "", most: Number = WIDTH, anchor: str | None = None) -> str:
    """A text that fits into `most` units; what was cut is its title."""
    room = max(int(most / LETTER), 1)
    text = " ".join(_clean(text).split())
    cut = text if len(text) <= room else text[: max(room - 1, 0)] + "…"
    full = [tag("title", text)] if cut != text else []
    return tag("text", cut, within=full, x=x, y=y, class_=f"plot__words {look}".strip(), text_anchor=anchor)


def fill(key: str, look: int) -> str:
    """The pattern of that place in a series."""
    return f"url(#{key}-pattern-{look % PATTERNS})"


def number(value: Number | None, digits: int = 1) -> str:
    """As a reader writes it: no digits after the point where there is nothing after it."""
    if value is None or not math.isfinite(value):
        return "–"
    return number_format(round(value), force_grouping=True) if float(value).is_integer() else number_format(round(value, digits), digits)


def finite(value: Number | None) -> float:
    """The value, and nothing where there is none that can be drawn."""
    return float(value) if value is not None and math.isfinite(value) else 0.0


@dataclass(frozen=True)
class Scale:
    """From what is measured to where it stands; what lies outside stands on the edge."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: Number) -> float:
        share = (finite(value) - self.low) / (self.high - self.low) if self.high > self.low else 0.0
        return round(self.start + min(max(share, 0.0), 1.0) * (self.end - self.start), 2)


def ticks(highest: Number, count: int = 4) -> list[float]:
    """Round numbers from nothing up to what holds the highest."""
    highest = finite(highest)
    if highest <= 0:
        return [0.0, 1.0]
    if highest < 0.1:  # one decimal is all that is written beside an axis
        return [0.0, 0.1]
    rough = highest / count
    power = 10.0 ** math.floor(math.log10(rough))
    step = next((power * size for size in (1, 2, 2.5, 5, 10) if power * size >= rough), power * 10)
    step = max(step, 1.0) if highest >= 1 else step
    return [round(step * place, 10) for place in range(math.ceil(round(highest / step, 6)) + 1)]


def _patterns(key: str) -> str:
    """Five looks that differ without any colour: full, stripes, dots, a grid, and bare."""
    marks = [
        [],
        [tag("path", d="M-2,2 l4,-4 M0,8 l8,-8 M6,10 l4,-4", class_="plot__mark")],
        [tag("circle", cx=4, cy=4, r=1.6, class_="plot__dot")],
        [tag("path", d="M0,4 h8 M4,0 v8", class_="plot__mark")],
        [],
    ]
    each = [
        tag(
            "pattern",
            within=[tag("rect", width=8, height=8, class_=f"plot__ground plot__ground--{look}"), *parts],
            id=f"{key}-pattern-{look}",
            width=8,
            height=8,
            patternUnits="userSpaceOnUse",
        )
        for look, parts in enumerate(marks)
    ]
    return tag("defs", within=each)


def _spelt(name: str) -> str:
    return {"class_": "class", "text_anchor": "text-anchor", "aria_labelledby": "aria-labelledby"}.get(name, name)


def _plain(value: object) -> str:
    """Numbers with a point, whatever the reader's language, and at most two digits after it."""
    if isinstance(value, float):
        return f"{finite(value):.2f}".rstrip("0").rstrip(".")
    return _clean(str(value))


def _clean(text: str) -> str:
    """Without what XML cannot hold."""
    return "".join(letter for letter in str(text) if letter in "\t\n" or unicodedata.category(letter) not in {"Cc", "Cs", "Cn", "Co"})
