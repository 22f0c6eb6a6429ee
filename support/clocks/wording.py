"""Clocks and working hours in plain words."""

from collections.abc import Iterator
from datetime import tzinfo
from itertools import groupby

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from support.clocks.explaining import Line, Reason
from support.clocks.folding import Clock, RunState
from support.clocks.promises import Promise
from support.clocks.working import ALL_DAY, WEEKDAYS, Window, WorkingCalendar
from support.states import ClockKind, Weekday

TONES = {RunState.PAUSED: "wait", RunState.MET: "good", RunState.MISSED: "bad", RunState.VOID: "wait"}


def amount(minutes: float) -> str:
    """“40 min”, “8 h”, “7 h 30 min” of working time."""
    hours, rest = divmod(round(abs(minutes)), 60)
    parts = [ngettext("%(n)d h", "%(n)d h", hours) % {"n": hours}] if hours else []
    if rest or not hours:
        parts.append(ngettext("%(n)d min", "%(n)d min", rest) % {"n": rest})
    return " ".join(parts)


def hours(calendar: WorkingCalendar) -> str:
    """“Monday–Friday 09:00–17:00”: days that are alike together."""
    if all(of_day == ALL_DAY for of_day in calendar.week):
        return _("day and night, every day")
    return ", ".join(_alike(calendar)) or _("no working hours")


def reason(line: Line) -> str:
    """What a stretch of time did to a clock."""
    match line.reason:
        case Reason.COUNTED:
            return _("%(amount)s counted") % {"amount": amount(line.minutes)}
        case Reason.HOLIDAY:
            return _("holiday: %(name)s") % {"name": line.name}
        case Reason.REDUCED:
            return _("not counted: %(name)s") % {"name": line.name}
        case Reason.PAUSED:
            return _("paused, not our turn")
        case _:
            return _("outside working hours")


def standing(clock: Clock) -> str:
    """How a clock stands."""
    match clock.state:
        case RunState.MET:
            return _("met: %(used)s of %(target)s used") % {"used": amount(clock.used), "target": amount(clock.target)}
        case RunState.MISSED:
            return _("missed: %(used)s used, %(target)s promised") % {"used": amount(clock.used), "target": amount(clock.target)}
        case RunState.VOID:
            return _("not needed any more")
        case RunState.PAUSED:
            return _("paused, %(left)s left") % {"left": amount(max(clock.remaining, 0))}
        case _ if clock.is_late:
            return _("overdue, %(target)s promised") % {"target": amount(clock.target)}
    return _("%(left)s of %(target)s left") % {"left": amount(clock.remaining), "target": amount(clock.target)}


def tone(clock: Clock) -> str:
    """Its colour and shape."""
    if clock.state in TONES:
        return TONES[clock.state]
    return "bad" if clock.is_late else "info"


def promised(promise: Promise, *, which: str = ClockKind.FIRST) -> str:
    """What a community reads of a promise; empty where nothing is promised."""
    minutes = promise.of(which)
    if minutes is None:
        return ""
    if which == ClockKind.RESOLUTION:
        return _("We aim to solve it within %(amount)s of working time.") % {"amount": amount(minutes)}
    hours, rest = divmod(minutes, 60)
    if hours and not rest:
        return ngettext("We answer within %(n)d working hour.", "We answer within %(n)d working hours.", hours) % {"n": hours}
    return _("We answer within %(amount)s of working time.") % {"amount": amount(minutes)}


def _alike(calendar: WorkingCalendar) -> Iterator[str]:
    for of_day, group in groupby(range(WEEKDAYS), lambda day: calendar.week[day]):
        days = list(group)
        if of_day:
            names = str(Weekday(days[0]).label) if len(days) == 1 else f"{Weekday(days[0]).label}–{Weekday(days[-1]).label}"
            yield f"{names} {windows(of_day)}"


def windows(of_day: tuple[Window, ...]) -> str:
    """“09:00–12:00 and 13:00–17:00”."""
    return _(" and ").join(f"{_clock(each.opens)}–{_clock(each.closes)}" for each in of_day)


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def when(line: Line, zone: tzinfo) -> str:
    """When a stretch of time was, by the clocks of a zone."""
    began, ended = line.began.astimezone(zone), line.ended.astimezone(zone)
    last = "H:i" if ended.date() == began.date() else "D j M, H:i"
    return f"{date_format(began, 'D j M, H:i')} – {date_format(ended, last)}"
