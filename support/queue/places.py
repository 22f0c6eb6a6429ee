"""Where a ticket stands in the list it was opened from, also after it has left it."""

from dataclasses import dataclass

from ground.paging import cursor_of, split
from support.models import Ticket
from support.queue.choosing import Chosen, order_of
from support.queue.counting import CAP, counted, first
from support.queue.listing import rows
from support.queue.moments import Moment
from support.queue.prepared import together


@dataclass(frozen=True)
class Place:
    """The tickets before and after it, and its number of how many; no number where it has left the list or stands too far down."""

    before: str | None
    after: str | None
    number: int | None
    total: int
    cursor: str
    """Where it was when it was opened, to be handed back as `opened_at`."""


def place(ticket: Ticket, chosen: Chosen, at: Moment, *, opened_at: str = "") -> Place:
    """Its place in that list, in one query. `opened_at` is where it stood before it was worked on."""
    order = order_of(chosen, at)
    cursor = opened_at or cursor_of(ticket, order)
    here = rows(chosen, at)
    earlier, later = split(here.exclude(pk=ticket.pk), order=order, cursor=cursor)
    before, after, ahead, total, is_in = together(
        [
            first(earlier.values("reference")),
            first(later.values("reference")),
            counted(earlier),
            counted(here),
            counted(here.filter(pk=ticket.pk)),
        ]
    )
    return Place(before=before, after=after, number=ahead + 1 if is_in and ahead < CAP else None, total=total, cursor=cursor)
