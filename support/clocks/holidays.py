"""Holidays out of an iCalendar file (RFC 5545): whole days and their names, nothing else of it."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from support.clocks.working import Holiday

LARGEST = 512 * 1024  # bytes
MOST = 500  # days
LONGEST = 31  # days of one entry
LINE = re.compile(r"^(?P<name>[A-Za-z-]+)(?P<parameters>(;[^:]*)?):(?P<value>.*)$")
ESCAPES = {r"\n": " ", r"\N": " ", r"\,": ",", r"\;": ";", r"\\": "\\"}


class Unreadable(ValueError):
    """This is no calendar of holidays; its words say why."""


def read(raw: bytes) -> list[Holiday]:
    """The days off in a file, in order, one a date. An entry with a time of day is no holiday. Raises `Unreadable`."""
    if len(raw) > LARGEST:
        raise Unreadable("too large")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable("not UTF-8") from error
    lines = _unfolded(text)
    if not lines or lines[0].strip().upper() != "BEGIN:VCALENDAR":
        raise Unreadable("no calendar")
    found = {day.on: day for entry in _entries(lines) for day in _days(entry)}
    if len(found) > MOST:
        raise Unreadable("too many days")
    return [found[on] for on in sorted(found)]


def _unfolded(text: str) -> list[str]:
    """A line that begins with a blank goes on with the one before."""
    return re.sub(r"\r?\n[ \t]", "", text).splitlines()


def _entries(lines: list[str]) -> Iterator[dict[str, str]]:
    entry: dict[str, str] | None = None
    for line in lines:
        match line.strip().upper():
            case "BEGIN:VEVENT":
                entry = {}
            case "END:VEVENT" if entry is not None:
                yield entry
                entry = None
            case _ if entry is not None and (parts := LINE.match(line)):
                entry.setdefault(parts["name"].upper(), parts["value"].strip())


def _days(entry: dict[str, str]) -> Iterator[Holiday]:
    begins = _date(entry.get("DTSTART", ""))
    if begins is None or entry.get("STATUS", "").upper() == "CANCELLED":
        return
    ends = _date(entry.get("DTEND", "")) or begins + timedelta(days=1)  # the day after its last
    for place in range(min(max((ends - begins).days, 1), LONGEST)):
        yield Holiday(begins + timedelta(days=place), _words(entry.get("SUMMARY", "")))


def _date(value: str) -> date | None:
    try:
        return datetime.strptime(value, "%Y%m%d").date()  # noqa: DTZ007  a date has no zone
    except ValueError:
        return None


def _words(value: str) -> str:
    return " ".join(re.sub(r"\\[nN,;\\]", lambda found: ESCAPES[found[0]], value).split())[:100]
