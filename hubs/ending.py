"""The end of one hub as dates: what is told when, and from when on it may be removed. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

DAYS_BEFORE = (60, 14, 2, 0)
"""Days before the last day at which those who answer for the hub are written to (the provider's offboarding: hubs.md §1.1)."""


@dataclass(frozen=True)
class Letter:
    """A letter about the end: its name, and the day on which it is due."""

    name: str
    due_on: date


def letters(*, approved_on: date, last_day: date) -> list[Letter]:
    """The letters of an end, in order. Where less time is left, the first is due at once and those before it fall away."""
    days = [(days, last_day - timedelta(days=days)) for days in DAYS_BEFORE]
    coming = [(number, on) for number, on in days if on > approved_on]
    past = [(number, on) for number, on in days if on <= approved_on]
    first = [Letter(name_of(past[-1][0]), approved_on)] if past else []
    return [*first, *(Letter(name_of(number), on) for number, on in coming)]


def due(planned: Sequence[Letter], *, today: date, told: Collection[str]) -> tuple[Letter | None, list[Letter]]:
    """The letter to write today, if any, and those it overtakes: of several that are late only the newest is still true."""
    late = [letter for letter in planned if letter.due_on <= today]
    if not late or late[-1].name in told:
        return None, []
    return late[-1], [letter for letter in late[:-1] if letter.name not in told]


def name_of(days: int) -> str:
    """What a letter is remembered by."""
    return f"{days}-days" if days else "last-day"
