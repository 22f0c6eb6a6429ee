"""Plots drawn here, as SVG with the table of their numbers beside them: pure functions of data, no library, no script, no style.

Looks come from classes (`static/css/plots.css`); what a colour says a pattern, a word or a number says too.
"""

from ground.plots.bars import Bar, bars, funnel
from ground.plots.lines import Line, Point, lines, scatter
from ground.plots.shapes import Plot, Table
from ground.plots.spreads import Cells, Sample, distribution, heat_map
from ground.plots.strips import Cell, strip

__all__ = [
    "Bar",
    "Cell",
    "Cells",
    "Line",
    "Plot",
    "Point",
    "Sample",
    "Table",
    "bars",
    "distribution",
    "funnel",
    "heat_map",
    "lines",
    "scatter",
    "strip",
]
