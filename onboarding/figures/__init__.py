"""The figures page: plots of how applications come in, are read, wait and end, for a programme and a period."""

from onboarding.figures.drawn import all_of
from onboarding.figures.numbers import PERIODS, Chosen, Numbers

__all__ = ["PERIODS", "Chosen", "Numbers", "all_of"]
