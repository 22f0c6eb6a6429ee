"""Times in few words, for lists where people look for hours: how long, and how late."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from support.states import ClockKind, Status, StatusGroup

SOON = timedelta(hours=4)


@dataclass(frozen=True)
class Clock:
    """What a row says about its next clock."""

    tone: str
    word: str


def span(length: timedelta) -> str:
    """“40 min”, “3 h”, “2 days”: the largest unit that says enough."""
    minutes = int(abs(length).total_seconds() // 60)
    if minutes < 1:
        return _("under a minute")
    if minutes < 90:
        return ngettext("%(n)d min", "%(n)d min", minutes) % {"n": minutes}
    hours = minutes // 60
    if hours < 48:
        return ngettext("%(n)d h", "%(n)d h", hours) % {"n": hours}
    days = hours // 24
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}


def clock(due: datetime | None, now: datetime, which: str = "", *, is_paused: bool = False) -> Clock | None:
    """When the next of its clocks is due; None while none of them runs."""
    if due is None:
        return Clock("paused", pgettext("clock", "paused")) if is_paused else None
    if due < now:
        return Clock("bad", _late(which) % {"span": span(now - due)})
    return Clock("act" if due - now < SOON else "wait", _ahead(which) % {"span": span(due - now)})


def _ahead(which: str) -> str:
    if which == ClockKind.RESOLUTION:
        return _("resolution in %(span)s")
    return _("first reply in %(span)s") if which == ClockKind.FIRST else _("reply in %(span)s")


def _late(which: str) -> str:
    if which == ClockKind.RESOLUTION:
        return _("resolution overdue %(span)s")
    return _("first reply overdue %(span)s") if which == ClockKind.FIRST else _("reply overdue %(span)s")


def expected(due: datetime | None, now: datetime, which: str = "") -> str:
    """What a community may expect of us next, and when; empty while nothing is due, or the promised time is over."""
    if due is None or due < now:
        return ""
    day = date_format(timezone.localtime(due), "D j M, H:i")
    if which == ClockKind.RESOLUTION:
        return _("We expect this to be solved by %(day)s.") % {"day": day}
    return _("You can expect an answer by %(day)s.") % {"day": day}


def holder(code: int, group: str) -> str:
    """Who holds the next step, said to the community."""
    if group == StatusGroup.WAITING:
        return {
            Status.WAITING_ON_REQUESTER: _("You hold the next step"),
            Status.WAITING_ON_THIRD_PARTY: _("Somebody else holds the next step"),
        }.get(code, _("We hold the next step"))
    return _("We hold the next step") if group == StatusGroup.OPEN else _("Nothing left to do, as far as we know")
