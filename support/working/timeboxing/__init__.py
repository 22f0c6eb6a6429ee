"""Half an hour for a ticket: begun by whoever works on it, ended by solving, handing on or escalating, never paused."""

from support.working.timeboxing.deciding import Busy, NotRunning, end, escalated, extend, hand_on, move, solve, start, take
from support.working.timeboxing.showing import Shown, annotated, shown, worked

__all__ = [
    "Busy",
    "NotRunning",
    "Shown",
    "annotated",
    "end",
    "escalated",
    "extend",
    "hand_on",
    "move",
    "shown",
    "solve",
    "start",
    "take",
    "worked",
]
