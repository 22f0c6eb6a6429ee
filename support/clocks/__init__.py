"""Clocks as pure rules: working time, what is promised, and what a ticket's history makes of both.

Nothing here knows a model or the time of day: whoever asks says what happened and which moment it is.
"""

from support.clocks.explaining import Line, Reason, explain
from support.clocks.folding import Clock, Facts, Happening, Piece, Run, RunState, State, What, clocks, fold
from support.clocks.promises import USUAL, Objectives, Promise, Target
from support.clocks.working import OFFICE_HOURS, Holiday, Reduced, Window, WorkingCalendar

__all__ = [
    "OFFICE_HOURS",
    "USUAL",
    "Clock",
    "Facts",
    "Happening",
    "Holiday",
    "Line",
    "Objectives",
    "Piece",
    "Promise",
    "Reason",
    "Reduced",
    "Run",
    "RunState",
    "State",
    "Target",
    "What",
    "Window",
    "WorkingCalendar",
    "clocks",
    "explain",
    "fold",
]
