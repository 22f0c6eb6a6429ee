"""Days, spans of days, moments and daily hours. Kept as ISO 8601 texts; a moment keeps its wall clock and its zone."""

import zoneinfo
from collections.abc import Sequence
from datetime import date, datetime, time
from itertools import zip_longest
from typing import Any

from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from onboarding.questions.kinds.base import Problem, Typed, one, part, tidy
from onboarding.questions.kinds.zones import find_zone, zone_problem
from onboarding.questions.shape import Field

FIRST_YEAR, LAST_YEAR = 2000, 2100
MOST_SPANS = 12
DAY, HOUR = "D j M Y", "H:i"  # as everywhere on the site: Tue 3 Mar 2026, 14:00


def _day(words: str) -> date | None:
    try:
        day = date.fromisoformat(words)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def _day_problem() -> Problem:
    return Problem(_("Write the date as year, month and day, for example 2027-03-31"))


def _say_day(iso: str) -> str:
    return date_format(date.fromisoformat(iso), DAY)


class Day:
    """One day."""

    def read(self, field: Field, typed: Typed) -> str | Problem | None:
        words = one(typed, field.key)
        if not words:
            return None
        day = _day(words)
        return day.isoformat() if day else _day_problem()

    def inputs(self, field: Field, answer: Any) -> dict[str, list[str]]:
        return {field.key: [str(answer)]}

    def say(self, _field: Field, answer: Any) -> str:
        return _say_day(answer)


Span = dict[str, str]


def _span(first: str, final: str) -> Span | Problem | None:
    """From the first to the last day; a lone first day is a span of one day."""
    if not first and not final:
        return None
    start, end = _day(first), _day(final or first)
    if start is None or end is None:
        return Problem(_("Write the first day too.")) if not first else _day_problem()
    if end < start:
        return Problem(_("The last day is before the first. Please check both."))
    return {"start": start.isoformat(), "end": end.isoformat()}


def _say_span(span: Span) -> str:
    if span["start"] == span["end"]:
        return _say_day(span["start"])
    return _("%(start)s to %(end)s") % {"start": _say_day(span["start"]), "end": _say_day(span["end"])}


class DateRange:
    """From one day to another."""

    def read(self, field: Field, typed: Typed) -> Span | Problem | None:
        return _span(one(typed, part(field, "start")), one(typed, part(field, "end")))

    def inputs(self, field: Field, answer: Any) -> dict[str, list[str]]:
        return {part(field, name): [answer[name]] for name in ("start", "end")}

    def say(self, _field: Field, answer: Any) -> str:
        return _say_span(answer)


class DateRanges:
    """Several spans of days, in the order of the lines."""

    def read(self, field: Field, typed: Typed) -> list[Span] | Problem | None:
        lines = self._lines(field, typed)
        if len(lines) > MOST_SPANS:
            return Problem(_("Please keep to the %(most)s most important dates.") % {"most": MOST_SPANS})
        spans = [_span(first, final) for first, final in lines]
        if problem := next((span for span in spans if isinstance(span, Problem)), None):
            return problem
        return [span for span in spans if isinstance(span, dict)] or None

    def _lines(self, field: Field, typed: Typed) -> list[tuple[str, str]]:
        firsts, finals = typed.get(part(field, "start"), ()), typed.get(part(field, "end"), ())
        lines = [(tidy(first), tidy(final)) for first, final in zip_longest(firsts, finals, fillvalue="")]
        return [line for line in lines if any(line)]

    def inputs(self, field: Field, answer: Sequence[Span]) -> dict[str, list[str]]:
        return {part(field, name): [span[name] for span in answer] for name in ("start", "end")}

    def say(self, _field: Field, answer: Any) -> str:
        return "; ".join(_say_span(span) for span in answer)


def _offset(zone: str, moment: datetime) -> str:
    """`UTC−5`, as it is at that moment."""
    offset = moment.replace(tzinfo=zoneinfo.ZoneInfo(zone)).utcoffset()
    minutes = int(offset.total_seconds() // 60) if offset else 0
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'−' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")


class Moment:
    """A day and an hour at a place."""

    def read(self, field: Field, typed: Typed) -> dict[str, str] | Problem | None:
        local, words = one(typed, part(field, "local")), one(typed, part(field, "timezone"))
        if not local:
            return None  # a zone alone is our own guess
        try:
            moment = datetime.fromisoformat(local)
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo or not FIRST_YEAR <= moment.year <= LAST_YEAR:
            return Problem(_("Write the day and the hour, for example 2027-03-31 09:00"))
        zone = find_zone(words)
        return {"local": moment.strftime("%Y-%m-%dT%H:%M"), "timezone": zone} if zone else zone_problem()

    def inputs(self, field: Field, answer: Any) -> dict[str, list[str]]:
        return {part(field, name): [answer[name]] for name in ("local", "timezone")}

    def say(self, _field: Field, answer: Any) -> str:
        moment = datetime.fromisoformat(answer["local"])
        zone = answer["timezone"]
        return f"{date_format(moment, f'{DAY}, {HOUR}')} ({zone.replace('_', ' ')}, {_offset(zone, moment)})"


def instant(answer: Any) -> datetime | date | None:
    """The moment of a `Moment`, or the day of a `Day`, to compare two answers."""
    match answer:
        case {"local": local, "timezone": zone}:
            return datetime.fromisoformat(local).replace(tzinfo=zoneinfo.ZoneInfo(zone))
        case str():
            return _day(answer)
    return None


class DailyHours:
    """From one hour to another, every day, at a place; past midnight when the end is the earlier one."""

    def read(self, field: Field, typed: Typed) -> dict[str, str] | Problem | None:
        start, end = one(typed, part(field, "start")), one(typed, part(field, "end"))
        if not start and not end:
            return None
        try:
            hours = {"start": time.fromisoformat(start).strftime("%H:%M"), "end": time.fromisoformat(end).strftime("%H:%M")}
        except ValueError:
            return Problem(_("Write both hours, for example 09:00 and 17:00"))
        if hours["start"] == hours["end"]:
            return Problem(_("Both hours are the same. Please check them."))
        zone = find_zone(one(typed, part(field, "timezone")))
        return hours | {"timezone": zone} if zone else zone_problem()

    def inputs(self, field: Field, answer: Any) -> dict[str, list[str]]:
        return {part(field, name): [answer[name]] for name in ("start", "end", "timezone")}

    def say(self, _field: Field, answer: Any) -> str:
        start, end = (time_format(time.fromisoformat(answer[name]), HOUR) for name in ("start", "end"))
        hours = _("%(start)s to %(end)s") % {"start": start, "end": end}
        return f"{hours} ({answer['timezone'].replace('_', ' ')})"
