"""Amounts side by side: bars, stacked bars, and a funnel."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from ground.plots.shapes import EDGE, LINE, WIDTH, Key, Number, Plot, Scale, Table, drawing, fill, finite, number, tag, words

THICK = 14
GAP = 10
ROOM = WIDTH - 2 * EDGE
FOR_NUMBER = 46


@dataclass(frozen=True)
class Bar:
    """One place with an amount for each series, in their order."""

    label: str
    amounts: Sequence[Number]
    note: str = ""
    """What is said behind the amount, for example a share."""


def bars(
    key: str, *, title: str, description: str, rows: Sequence[Bar], series: Sequence[str], heading: str = "", stacked: bool = False
) -> Plot:
    """Lying bars, one group a row, with their amounts written out; stacked when the amounts of a row make one whole."""
    if not any(finite(amount) > 0 for row in rows for amount in row.amounts):
        return Plot(key, title, description)
    scale = Scale(0, max(_longest(row, stacked=stacked) for row in rows), 0, ROOM - FOR_NUMBER)
    parts: list[str] = []
    y: float = EDGE
    for row in rows:
        parts.append(words(row.label, EDGE, y + 11, most=ROOM))
        y += LINE
        drawn = _stacked(key, row, scale, y) if stacked else _grouped(key, row, scale, y)
        parts += drawn
        y += (THICK if stacked else THICK * len(row.amounts)) + GAP
    svg = drawing(key, title, description, height=y, parts=parts, patterns=True)
    legend = [Key(word, look) for look, word in enumerate(series)] if len(series) > 1 else []
    return Plot(key, title, description, svg, _table(rows, series, heading), legend)


def funnel(key: str, *, title: str, description: str, rows: Sequence[tuple[str, int]], heading: str = "", amount: str = "") -> Plot:
    """How many came as far, and which share of the first that is."""
    first = rows[0][1] if rows else 0
    shares = [f"{round(100 * count / first)} %" if first else "–" for _label, count in rows]
    steps = [Bar(label, [count], share) for (label, count), share in zip(rows, shares, strict=True)]
    plot = bars(key, title=title, description=description, rows=steps, series=[amount or _("Number")], heading=heading)
    if plot.is_empty:
        return plot
    table = Table(
        [heading, amount or _("Number"), _("Of the first")],
        [[label, number(count), share] for (label, count), share in zip(rows, shares, strict=True)],
    )
    return Plot(key, title, description, plot.svg, table)


def _longest(row: Bar, *, stacked: bool) -> float:
    amounts = [finite(amount) for amount in row.amounts]
    return sum(amounts) if stacked else max(amounts, default=0.0)


def _grouped(key: str, row: Bar, scale: Scale, y: float) -> list[str]:
    parts = []
    for look, amount in enumerate(row.amounts):
        top = y + look * THICK
        width = scale(amount)
        parts.append(_bar(key, look, EDGE, top, width))
        said = f"{number(amount)} {row.note}".strip()
        inside = len(said) * 7 > ROOM - width
        parts.append(
            words(said, EDGE + width - 4, top + 11, look="plot__number plot__number--inside", anchor="end")
            if inside
            else words(said, EDGE + width + 4, top + 11, look="plot__number")
        )
    return parts


def _stacked(key: str, row: Bar, scale: Scale, y: float) -> list[str]:
    parts, x = [], 0.0
    for look, amount in enumerate(row.amounts):
        end = x + finite(amount)
        parts.append(_bar(key, look, EDGE + scale(x), y, round(scale(end) - scale(x), 2)))
        x = end
    return [*parts, words(number(x), EDGE + scale(x) + 4, y + 11, look="plot__number")]


def _bar(key: str, look: int, x: float, y: float, width: float) -> str:
    return tag("rect", x=x, y=y, width=max(width, 0.0), height=THICK - 2, fill=fill(key, look), class_=f"plot__bar plot__line--{look % 5}")


def _table(rows: Sequence[Bar], series: Sequence[str], heading: str) -> Table:
    return Table([heading, *series], [[row.label, *(number(amount) for amount in row.amounts)] for row in rows])
