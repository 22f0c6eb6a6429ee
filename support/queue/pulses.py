"""Whether anything at all may have moved: one small query, so that a desk that is watched costs little while it is still."""

from dataclasses import dataclass

from support.desk import presence
from support.desk.presence import Person
from support.models import BulkChange, Draft, Message, SavedView, Seen, Ticket, TicketEvent
from support.queue.counting import first
from support.queue.moments import Moment
from support.queue.prepared import Part, ask

STEADY = 60  # seconds for which time alone moves nothing


@dataclass(frozen=True)
class Pulse:
    """`beat` changes whenever a list might; `people` are the others who are at a ticket now."""

    beat: str
    people: list[Person]
    undo: int | None
    """The key of the last change of many tickets that this person may still take back."""


def pulse(at: Moment) -> Pulse:
    """What moved last: tickets, their history and letters, what this person read and wrote, kept views, people; and each minute."""
    *moved, undo, text = ask("pulse", at, _parts)
    people = presence.told(text)
    return Pulse(beat=repr((moved, undo, people, int(at.now.timestamp()) // STEADY)), people=people, undo=undo)


def _parts(at: Moment) -> list[Part]:
    mine = {"user": at.actor.user}
    return [
        first(Ticket.objects.order_by("-updated_at", "-pk").values("updated_at")),
        first(TicketEvent.objects.order_by("-pk").values("pk")),
        first(Message.objects.order_by("-pk").values("pk")),
        first(Seen.objects.filter(**mine).order_by("-at").values("at")),
        first(Draft.objects.filter(**mine).order_by("-updated_at").values("updated_at")),
        first(SavedView.objects.order_by("-updated_at").values("updated_at")),
        first(BulkChange.objects.undoable(at.actor, at.now).values("pk")),
        first(presence.everybody_else(at.now, by=at.actor)),
    ]
