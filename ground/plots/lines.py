"""One number against another: lines over an order, and a scatter of points."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ground.plots.shapes import EDGE, LETTER, LINE, WIDTH, Key, Number, Plot, Scale, Table, drawing, finite, number, tag, ticks, words

HEIGHT = 220
LEFT = 46
TOP = 24
MARKS = 5


@dataclass(frozen=True)
class Line:
    """One series over the places of the axis; None where nothing was measured."""

    label: str
    values: Sequence[Number | None]


@dataclass(frozen=True)
class Point:
    """One thing with two numbers."""

    label: str
    x: Number
    y: Number


def lines(
    key: str,
    *,
    title: str,
    description: str,
    places: Sequence[str],
    series: Sequence[Line],
    heading: str = "",
    mark: Number | None = None,
    marked: str = "",
    stepped: bool = False,
) -> Plot:
    """Series over an order of places, each with marks of its own shape; `mark` is a line to compare with."""
    known = [finite(value) for line in series for value in line.values if value is not None]
    if not known or not places:
        return Plot(key, title, description)
    steps = ticks(max([*known, mark or 0]))
    across = Scale(0, max(len(places) - 1, 1), LEFT + 8, WIDTH - EDGE - min(_widest(places) / 2, 60))
    upward = Scale(min(0.0, *known), steps[-1], HEIGHT - EDGE - LINE - 4, TOP)
    parts = [*_upward(steps, upward), *_below(places, across), *_limit(mark, marked, upward)]
    for look, line in enumerate(series):
        parts += _line(line, look, across, upward, stepped=stepped)
    svg = drawing(key, title, description, height=HEIGHT, parts=parts)
    rows = [[place, *(number(line.values[at]) for line in series)] for at, place in enumerate(places)]
    legend = [Key(line.label, look) for look, line in enumerate(series)] if len(series) > 1 else []
    return Plot(key, title, description, svg, Table([heading, *(line.label for line in series)], rows), legend)


def scatter(key: str, *, title: str, description: str, points: Sequence[Point], across: str, upward: str, heading: str = "") -> Plot:
    """Points by two numbers; their names are in the table, and on each point for who can hover."""
    if not points:
        return Plot(key, title, description)
    right, up = ticks(max(finite(point.x) for point in points)), ticks(max(finite(point.y) for point in points))
    horizontal = Scale(min(0.0, *(finite(point.x) for point in points)), right[-1], LEFT + 8, WIDTH - EDGE - 8)
    vertical = Scale(min(0.0, *(finite(point.y) for point in points)), up[-1], HEIGHT - EDGE - 2 * LINE - 4, TOP)
    dots = [
        tag("circle", within=[tag("title", point.label)], cx=horizontal(point.x), cy=vertical(point.y), r=4, class_="plot__point")
        for point in points
    ]
    parts = [
        *_upward(up, vertical),
        *_along(right, horizontal),
        words(upward, EDGE, 13, look="plot__soft", most=WIDTH - 2 * EDGE),
        words(across, WIDTH - EDGE, HEIGHT - EDGE + 2, look="plot__soft", most=WIDTH - 2 * EDGE, anchor="end"),
        *dots,
    ]
    svg = drawing(key, title, description, height=HEIGHT, parts=parts)
    return Plot(
        key,
        title,
        description,
        svg,
        Table([heading, across, upward], [[point.label, number(point.x), number(point.y)] for point in points]),
    )


def _line(line: Line, look: int, across: Scale, upward: Scale, *, stepped: bool) -> list[str]:
    at = [(across(place), upward(value)) for place, value in enumerate(line.values) if value is not None]
    path = "M" + " L".join(f"{x},{y}" for x, y in _corners(at, stepped=stepped))
    return [
        *([tag("path", d=path, class_=f"plot__path plot__path--{look % MARKS}")] if len(at) > 1 else []),
        *(_shape(look, x, y) for x, y in at),
    ]


def _corners(at: Sequence[tuple[float, float]], *, stepped: bool) -> list[tuple[float, float]]:
    if not stepped:
        return list(at)
    return [at[0], *(corner for (_, before), (x, y) in pairwise(at) for corner in ((x, before), (x, y)))] if at else []


def _shape(look: int, x: float, y: float) -> str:
    """A mark that differs by its shape: disc, square, triangle, diamond, ring."""
    shape = f"plot__point plot__point--{look % MARKS}"
    match look % MARKS:
        case 1:
            return tag("rect", x=x - 3.5, y=y - 3.5, width=7, height=7, class_=shape)
        case 2:
            return tag("path", d=f"M{x},{y - 4} l4,7 h-8 z", class_=shape)
        case 3:
            return tag("path", d=f"M{x},{y - 4.5} l4.5,4.5 l-4.5,4.5 l-4.5,-4.5 z", class_=shape)
    return tag("circle", cx=x, cy=y, r=3.5, class_=shape)


def _upward(steps: Sequence[float], scale: Scale) -> list[str]:
    return [
        part
        for step in steps
        for part in (
            tag("line", x1=LEFT, x2=WIDTH - EDGE, y1=scale(step), y2=scale(step), class_="plot__grid"),
            words(number(step), LEFT - 6, scale(step) + 4, look="plot__soft plot__number", most=LEFT, anchor="end"),
        )
    ]


def _along(steps: Sequence[float], scale: Scale) -> list[str]:
    return [
        words(number(step), scale(step), HEIGHT - EDGE - LINE + 4, look="plot__soft plot__number", most=60, anchor="middle")
        for step in (steps if len(steps) < 7 else steps[::2])
        if scale(step) <= WIDTH - 20
    ]


def _below(places: Sequence[str], scale: Scale) -> list[str]:
    """As many names as fit; all of them are in the table."""
    widest = _widest(places)
    every = max(math.ceil(len(places) * widest / (scale.end - scale.start)), 1)
    shown = list(enumerate(places))[::every]
    return [words(place, scale(at), HEIGHT - EDGE, look="plot__soft", most=widest, anchor="middle") for at, place in shown]


def _widest(places: Sequence[str]) -> float:
    return min(max(len(place) for place in places) * LETTER + 10, 2 * LEFT)


def _limit(mark: Number | None, said: str, scale: Scale) -> list[str]:
    if mark is None:
        return []
    y = scale(mark)
    return [
        tag("line", x1=LEFT, x2=WIDTH - EDGE, y1=y, y2=y, class_="plot__limit"),
        *([words(said, WIDTH - EDGE, max(y - 4, 11), look="plot__strong", most=WIDTH - LEFT, anchor="end")] if said else []),
    ]
