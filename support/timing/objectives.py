"""What is promised to a community."""

from communities.models import Community
from support.clocks import USUAL, Objectives, Promise
from support.timing import calendars


def of(community: Community | None) -> Objectives:
    """The objectives of a community: its own, else its programme's, else the usual ones."""
    held = calendars.rules()
    return held.objectives.get(held.chosen(community)[1] or 0, USUAL)


def promise(community: Community | None, priority: int = 1, kind: str = "", impact: str = "") -> Promise:
    """Working minutes by clock for such a ticket of theirs."""
    return of(community).promise(priority=priority, kind=kind, impact=impact)
