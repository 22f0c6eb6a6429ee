"""A calendar as calendar programs read it (RFC 5545). Times are in UTC, so that it needs no definitions of time zones."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from icalendar import Calendar, Event

from hubs.events import Occasion

REFRESH = timedelta(hours=1)
PRODUCT = "-//Hubdesk//Events of hubs//EN"


@dataclass(frozen=True)
class Line:
    """One entry: its occasion and words, how often it changed, when last, and whether it is still meant."""

    occasion: Occasion
    summary: str
    description: str
    url: str
    sequence: int
    changed_at: datetime
    is_cancelled: bool = False


def written(lines: Iterable[Line], *, name: str, host: str) -> bytes:
    """The file. `host` makes the entries' names unique in the world; an entry keeps its name, so that programs change it and make no second."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for line in lines:
        calendar.add_component(_event(line, host))
    content: bytes = calendar.to_ical()
    return content


def _event(line: Line, host: str) -> Event:
    event, each = Event(), line.occasion
    event.add("uid", f"{each.reference}@{host}")
    event.add("dtstamp", line.changed_at)
    event.add("last-modified", line.changed_at)
    event.add("sequence", line.sequence)
    event.add("status", "CANCELLED" if line.is_cancelled else "CONFIRMED")
    if each.is_event:
        event.add("dtstart", each.begins_at)
        event.add("dtend", each.ends_at)
    else:
        event.add("dtstart", each.days[0])
        event.add("dtend", each.days[-1] + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
    event.add("summary", _one_line(line.summary))
    event.add("description", line.description)
    event.add("url", line.url)
    return event


def _one_line(text: str) -> str:
    return " ".join(text.split())
