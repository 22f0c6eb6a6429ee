"""Time zones, forgiving about how they are written."""

import functools
import re
import zoneinfo
from importlib import resources
from typing import Any

from django.utils.translation import gettext as _

from onboarding.questions.kinds.base import Problem, Typed, one
from onboarding.questions.shape import Field

OFFSET = re.compile(r"(?:utc|gmt)\s*([+\-−])\s*(\d{1,2})(?::?00)?", re.IGNORECASE)


@functools.cache
def zones_by_country() -> dict[str, list[str]]:
    """The zones of each country by its code, the one most people live in first as IANA lists them."""
    zones: dict[str, list[str]] = {}
    for line in (resources.files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            code, _place, zone = line.split("\t")[:3]
            zones.setdefault(code, []).append(zone)
    return zones


@functools.cache
def offered_zones() -> list[str]:
    """The zones to offer, by name; older names are understood, not offered."""
    return sorted({zone for zones in zones_by_country().values() for zone in zones} | {"UTC"})


@functools.cache
def _names() -> dict[str, str]:
    """Every way to write a zone in small letters: its whole name, and its city where only one zone has it."""
    known = zoneinfo.available_timezones()
    cities: dict[str, list[str]] = {}
    for zone in offered_zones():
        cities.setdefault(_plain(zone.rsplit("/", 1)[-1]), []).append(zone)
    return {city: zones[0] for city, zones in cities.items() if len(zones) == 1} | {_plain(zone): zone for zone in known}


def _plain(name: str) -> str:
    return " ".join(name.lower().replace("_", " ").split())


def find_zone(words: str) -> str | None:
    """The zone meant by `America/Lima`, `lima` or `UTC-5`; None when none is."""
    if match := OFFSET.fullmatch(words.strip()):
        sign, hours = match.groups()
        name = f"Etc/GMT{'-' if sign == '+' else '+'}{int(hours)}"  # Etc zones count the other way
        return name if name in zoneinfo.available_timezones() else None
    return _names().get(_plain(words))


def zone_problem() -> Problem:
    return Problem(_("We do not know this time zone. Write a large city near you, for example Lima or America/Lima"))


class TimeZone:
    """A time zone by its IANA name."""

    def read(self, field: Field, typed: Typed) -> str | Problem | None:
        words = one(typed, field.key)
        return (find_zone(words) or zone_problem()) if words else None

    def inputs(self, field: Field, answer: Any) -> dict[str, list[str]]:
        return {field.key: [str(answer)]}

    def say(self, _field: Field, answer: Any) -> str:
        return str(answer).replace("_", " ")
