"""Reports: how much came, how quickly it was answered, what it took, and the tickets behind each number."""

from support.reports.behind import behind
from support.reports.choosing import PERIODS, Chosen
from support.reports.numbers import Numbers
from support.reports.parts import Behind, Part, parts_of

__all__ = ["PERIODS", "Behind", "Chosen", "Numbers", "Part", "behind", "parts_of"]
