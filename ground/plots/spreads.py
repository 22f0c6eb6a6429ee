"""How numbers lie: boxes with their dots, and a heat map."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from ground.plots.shapes import EDGE, LINE, WIDTH, Number, Plot, Scale, Table, drawing, number, tag, ticks, words

TALL = 22
DOTS = 60  # drawn at most; more would be a smear
SHADES = 5


@dataclass(frozen=True)
class Sample:
    """Numbers of one kind."""

    label: str
    values: Sequence[Number]


@dataclass(frozen=True)
class Quarters:
    """Five numbers that say how a sample lies."""

    low: float
    first: float
    median: float
    third: float
    high: float

    @classmethod
    def of(cls, values: Sequence[Number]) -> "Quarters":
        ordered = sorted(float(value) for value in values)
        if len(ordered) < 2:
            return cls(*[ordered[0]] * 5)
        first, median, third = statistics.quantiles(ordered, n=4, method="inclusive")
        return cls(ordered[0], first, median, third, ordered[-1])


def distribution(
    key: str,
    *,
    title: str,
    description: str,
    samples: Sequence[Sample],
    unit: str,
    heading: str = "",
    mark: Number | None = None,
    marked: str = "",
) -> Plot:
    """Each sample as a line from its least to its most, a box around its middle half, its median, and dots; `mark` is a line to compare with."""
    filled = [sample for sample in samples if sample.values]
    if not filled:
        return Plot(key, title, description)
    lowest = min(0.0, *(min(sample.values) for sample in filled))
    highest = max([*(max(sample.values) for sample in filled), mark or 0])
    steps = ticks(highest)
    scale = Scale(lowest, steps[-1], EDGE + 4, WIDTH - EDGE - 4)
    parts, y = [], float(EDGE)
    for sample in filled:
        parts.append(words(f"{sample.label} ({len(sample.values)})", EDGE, y + 11, most=WIDTH - 2 * EDGE))
        y += LINE + 2
        parts += _box(sample, scale, y)
        y += TALL + 8
    bottom = y + LINE
    parts = [*_axis(steps, scale, y), *_mark(mark, marked, scale, y), *parts]
    svg = drawing(key, title, description, height=bottom + (LINE if mark is not None and marked else 0), parts=parts)
    return Plot(key, title, description, svg, _quarters(filled, unit, heading))


@dataclass(frozen=True)
class Cells:
    """One row of a heat map: a number a column, None where there is none."""

    label: str
    values: Sequence[Number | None]


def heat_map(key: str, *, title: str, description: str, columns: Sequence[str], rows: Sequence[Cells], heading: str = "") -> Plot:
    """A grid whose cells are the darker the higher, each with its number in it."""
    known = [float(value) for row in rows for value in row.values if value is not None]
    if not known or not columns:
        return Plot(key, title, description)
    highest, width = max(known), (WIDTH - 2 * EDGE) / len(columns)
    parts = [
        words(word, EDGE + (place + 0.5) * width, EDGE + 11, look="plot__soft", most=width, anchor="middle")
        for place, word in enumerate(columns)
    ]
    y = float(EDGE + LINE + 2)
    for row in rows:
        parts.append(words(row.label, EDGE, y + 11, most=WIDTH - 2 * EDGE))
        y += LINE
        for place, value in enumerate(row.values):
            parts += _cell(value, EDGE + place * width, y, width, highest)
        y += TALL + 8
    svg = drawing(key, title, description, height=y, parts=parts)
    return Plot(key, title, description, svg, Table([heading, *columns], [[row.label, *map(number, row.values)] for row in rows]))


def _cell(value: Number | None, x: float, y: float, width: float, highest: float) -> list[str]:
    shade = round((SHADES - 1) * value / highest) if value and highest > 0 else 0
    box = tag("rect", x=round(x, 2), y=y, width=round(width - 2, 2), height=TALL, class_=f"plot__cell plot__cell--{max(shade, 0)}")
    look = "plot__number plot__number--dark" if shade >= 3 else "plot__number"
    return [box, words(number(value), round(x + width / 2 - 1, 2), y + 15, look=look, most=width, anchor="middle")]


def _box(sample: Sample, scale: Scale, y: float) -> list[str]:
    lie = Quarters.of(sample.values)
    middle = y + TALL / 2
    dots = sorted(sample.values)
    every = max(len(dots) // DOTS, 1)
    return [
        tag("line", x1=scale(lie.low), x2=scale(lie.high), y1=middle, y2=middle, class_="plot__whisker"),
        tag("rect", x=scale(lie.first), y=y + 3, width=round(scale(lie.third) - scale(lie.first), 2), height=TALL - 6, class_="plot__box"),
        *(tag("circle", cx=scale(value), cy=y + TALL - 2, r=1.6, class_="plot__dot") for value in dots[::every]),
        tag("line", x1=scale(lie.median), x2=scale(lie.median), y1=y, y2=y + TALL - 3, class_="plot__median"),
    ]


def _axis(steps: Sequence[float], scale: Scale, y: float) -> list[str]:
    parts = []
    for step in steps:
        x = scale(step)
        anchor = "start" if step == steps[0] else "end" if step == steps[-1] else "middle"
        parts.append(tag("line", x1=x, x2=x, y1=EDGE, y2=y, class_="plot__grid"))
        parts.append(words(number(step), x, y + 12, look="plot__soft plot__number", anchor=anchor))
    return parts


def _mark(mark: Number | None, said: str, scale: Scale, y: float) -> list[str]:
    if mark is None:
        return []
    x = scale(mark)
    anchor = "end" if x > WIDTH / 2 else "start"
    return [
        tag("line", x1=x, x2=x, y1=EDGE, y2=y, class_="plot__limit"),
        *([words(said, x, y + LINE + 11, look="plot__strong", most=WIDTH / 2, anchor=anchor)] if said else []),
    ]


def _quarters(samples: Sequence[Sample], unit: str, heading: str) -> Table:
    rows = [(sample, Quarters.of(sample.values)) for sample in samples]
    headings = [heading, _("Count"), _("Least"), _("Lower quarter"), _("Median"), _("Upper quarter"), _("Most")]
    return Table(
        [headings[0], headings[1], *(f"{each} ({unit})" for each in headings[2:])],
        [
            [sample.label, number(len(sample.values)), *map(number, (lie.low, lie.first, lie.median, lie.third, lie.high))]
            for sample, lie in rows
        ],
    )
