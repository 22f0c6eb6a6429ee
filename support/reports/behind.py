"""The tickets behind a number of a report: exactly those that were counted."""

from collections.abc import Callable, Mapping
from datetime import date

from django.db.models import OuterRef, Q, Subquery, Sum

from support.models.tickets import TicketQuerySet
from support.reports.choosing import midnight
from support.reports.numbers import RATINGS, Numbers
from support.states import ClockKind, ClockOutcome


def behind(numbers: Numbers, what: str, *, step: str = "") -> TicketQuerySet | None:
    """The tickets that a number counts, of one step where one is named; None for a number that no report shows."""
    first, _joint, rest = what.partition("-")
    if what in WHOLE:
        return WHOLE[what](numbers, _day(numbers, step))
    if first in {ClockOutcome.MET, ClockOutcome.MISSED, "ended"} and rest in {*ClockKind.values, ""}:
        return _of_clock(numbers, first, rest)
    return _rated(numbers, rest) if first == "rated" and rest in RATINGS else None


def _opened(numbers: Numbers, day: date | None) -> TicketQuerySet:
    return numbers.opened if day is None else numbers.opened.filter(_within(numbers, "created_at", day))


def _solved(numbers: Numbers, day: date | None) -> TicketQuerySet:
    return numbers.solved if day is None else numbers.solved.filter(_within(numbers, "solved_at", day))


def _left(numbers: Numbers, day: date | None) -> TicketQuerySet:
    """Open now, or at the end of a step."""
    if day is None:
        return numbers.left
    end = midnight(numbers.chosen.after(day))
    return numbers.tickets.filter(Q(solved_at=None) | Q(solved_at__gte=end), created_at__lt=end)


def _of_clock(numbers: Numbers, outcome: str, clock: str) -> TicketQuerySet:
    runs = numbers.runs.filter(clock=clock) if clock else numbers.runs
    runs = runs if outcome == "ended" else runs.filter(outcome=outcome)
    return numbers.tickets.filter(pk__in=runs.order_by().values("ticket"))


def _rated(numbers: Numbers, word: str) -> TicketQuerySet:
    return numbers.tickets.filter(pk__in=numbers.rated.filter(RATINGS[word]).order_by().values("ticket"))


def _spent(numbers: Numbers, _day: date | None) -> TicketQuerySet:
    """Those that took the time counted, each with the `minutes` it took."""
    took = numbers.counted.filter(ticket=OuterRef("pk")).order_by().values("ticket").annotate(total=Sum("minutes")).values("total")
    return numbers.tickets.filter(pk__in=numbers.counted.order_by().values("ticket")).annotate(minutes=Subquery(took))


def _within(numbers: Numbers, field: str, day: date) -> Q:
    return Q(**{f"{field}__gte": midnight(day), f"{field}__lt": midnight(numbers.chosen.after(day))})


def _day(numbers: Numbers, step: str) -> date | None:
    """The step that begins on that day; a day on which none begins names none."""
    return next((place for place in numbers.chosen.places if place.isoformat() == step), None)


WHOLE: Mapping[str, Callable[[Numbers, date | None], TicketQuerySet]] = {
    "opened": _opened,
    "solved": _solved,
    "left": _left,
    "spent": _spent,
}
