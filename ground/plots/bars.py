"""Amounts side by side: bars, stacked bars, and a funnel."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from ground.plots.shapes import EDGE, LETTER, LINE, WIDTH, Key, Number, Plot, Scale, Table, drawing, fill, finite, number, tag, words

THICK = 14
GAP = 10
ROOM = WIDTH - 2 * EDGE


@dataclass(frozen=True)
class Bar:
    """One place with an amount for each series, in their order."""

    label: str
    amounts: Sequence[Number]
    note: str = ""
    """What is said behind the amount, for example a share."""


def bars(
    key: str,
    *,
    title: str,
    description: str,
    rows: Sequence[Bar],
    series: Sequence[str],
    heading: str = "",
    noted: str = "",
    stacked: bool = False,
    digits: int = 1,
) -> Plot:
    """Lying bars, one group a row, with their amounts written out; stacked when the amounts of a row make one whole.

    `noted` heads the notes in the table.
    """
    if not any(finite(amount) > 0 for row in rows for amount in row.amounts):
        return Plot(key, title, description)
    longest = max(_longest(row, stacked=stacked) for row in rows)
    said = max(len(f"{number(longest, digits)} · {row.note}") for row in rows)
    scale = Scale(0, longest, 0, max(ROOM - said * LETTER - 8, ROOM / 3))
    parts: list[str] = []
    y: float = EDGE
    for row in rows:
        parts.append(words(row.label, EDGE, y + 11, most=ROOM))
        y += LINE
        parts += _stacked(key, row, scale, y, digits) if stacked else _grouped(key, row, scale, y, digits)
        y += (THICK if stacked else THICK * len(row.amounts)) + GAP
    svg = drawing(key, title, description, height=y, parts=parts, patterns=True)
    legend = [Key(word, look) for look, word in enumerate(series)] if len(series) > 1 else []
    lines = [[row.label, *(number(amount, digits) for amount in row.amounts), *([row.note] if noted else [])] for row in rows]
    return Plot(key, title, description, svg, Table([heading, *series, *([noted] if noted else [])], lines), legend)


def funnel(key: str, *, title: str, description: str, rows: Sequence[tuple[str, int]], heading: str = "", amount: str = "") -> Plot:
    """How many came as far, and which share of the first that is."""
    first = rows[0][1] if rows else 0
    shares = [f"{round(100 * count / first)} %" if first else "–" for _label, count in rows]
    steps = [Bar(label, [count], share) for (label, count), share in zip(rows, shares, strict=True)]
    series, noted = [amount or _("Number")], _("Of the first")
    return bars(key, title=title, description=description, rows=steps, series=series, heading=heading, noted=noted)


def _longest(row: Bar, *, stacked: bool) -> float:
    amounts = [finite(amount) for amount in row.amounts]
    return sum(amounts) if stacked else max(amounts, default=0.0)


def _grouped(key: str, row: Bar, scale: Scale, y: float, digits: int) -> list[str]:
    parts = []
    for look, amount in enumerate(row.amounts):
        top, width = y + look * THICK, scale(amount)
        parts.append(_bar(key, look, EDGE, top, width))
        parts.append(_said(number(amount, digits), row.note, width, top))
    return parts


def _stacked(key: str, row: Bar, scale: Scale, y: float, digits: int) -> list[str]:
    parts, x = [], 0.0
    for look, amount in enumerate(row.amounts):
        end = x + finite(amount)
        parts.append(_bar(key, look, EDGE + scale(x), y, round(scale(end) - scale(x), 2)))
        x = end
    return [*parts, _said(number(x, digits), row.note, scale(x), y)]


def _said(amount: str, note: str, width: float, y: float) -> str:
    return words(f"{amount} · {note}" if note else amount, EDGE + width + 4, y + 11, look="plot__number", most=ROOM - width)


def _bar(key: str, look: int, x: float, y: float, width: float) -> str:
    return tag("rect", x=x, y=y, width=max(width, 0.0), height=THICK - 2, fill=fill(key, look), class_=f"plot__bar plot__line--{look % 5}")
