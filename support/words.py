"""Times in few words, for lists where people look for hours: how long, and how late."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from support.states import Status, StatusGroup

SOON = timedelta(hours=4)


@dataclass(frozen=True)
class Clock:
    """What a row says about its next answer."""

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


def clock(due: datetime | None, now: datetime) -> Clock | None:
    """When the next answer is due; None while nobody waits for us."""
    if due is None:
        return None
    if due < now:
        return Clock("bad", _("overdue %(span)s") % {"span": span(now - due)})
    return Clock("act" if due - now < SOON else "wait", _("reply in %(span)s") % {"span": span(due - now)})


def holder(code: int, group: str) -> str:
    """Who holds the next step, said to the community."""
    if group == StatusGroup.WAITING:
        return {
            Status.WAITING_ON_REQUESTER: _("You hold the next step"),
            Status.WAITING_ON_THIRD_PARTY: _("Somebody else holds the next step"),
        }.get(code, _("We hold the next step"))
    return _("We hold the next step") if group == StatusGroup.OPEN else _("Nothing left to do, as far as we know")
