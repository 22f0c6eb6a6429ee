"""A row of days, each well, partly well, bad, or not known: told apart by height and ground, and written out in the table."""

from collections.abc import Sequence
from dataclasses import dataclass

from ground.plots.shapes import EDGE, LINE, WIDTH, Plot, Table, drawing, tag, words

TALL = 34
TOP = 4
LOOKS = ("unknown", "well", "partly", "bad")
HEIGHTS = {"unknown": 3, "well": TALL, "partly": TALL * 2 / 3, "bad": TALL / 3}


@dataclass(frozen=True)
class Cell:
    """One place of the row: its name, one of LOOKS, and what is said of it."""

    label: str
    look: str
    said: Sequence[str] = ()


def strip(
    key: str, *, title: str, description: str, cells: Sequence[Cell], headings: Sequence[str], ends: tuple[str, str] = ("", "")
) -> Plot:
    """The row, empty where nothing of it is known. `headings` are those of the table, `ends` the words below its first and last place.

    The table holds the places that were not wholly well, the last first; all is well when it has no rows.
    """
    if not any(cell.look != "unknown" for cell in cells):
        return Plot(key, title, description)
    step = (WIDTH - 2 * EDGE) / len(cells)
    parts = [_look(look, [at for at, cell in enumerate(cells) if cell.look == look], step) for look in LOOKS]
    below = [
        words(ends[0], EDGE, TOP + TALL + LINE, look="plot__soft", most=WIDTH / 2),
        words(ends[1], WIDTH - EDGE, TOP + TALL + LINE, look="plot__soft", most=WIDTH / 2, anchor="end"),
    ]
    svg = drawing(key, title, description, height=TOP + TALL + LINE + EDGE, parts=[*filter(None, parts), *below])
    rows = [[cell.label, *cell.said] for cell in reversed(cells) if cell.look in {"partly", "bad"}]
    return Plot(key, title, description, svg, Table(headings, rows))


def _look(look: str, places: Sequence[int], step: float) -> str:
    """All places of one look as one path: ninety days of many hubs stay a small page."""
    if not places:
        return ""
    tall, wide = HEIGHTS[look], max(step * 0.72, 1)
    bars = "".join(f"M{EDGE + at * step:.1f},{TOP + TALL - tall:.1f}h{wide:.1f}v{tall:.1f}h-{wide:.1f}z" for at in places)
    return tag("path", d=bars, class_=f"plot__strip plot__strip--{look}")
