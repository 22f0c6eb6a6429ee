"""Nobody writes over what they have not seen: a change names the version it was decided on."""

from dataclasses import dataclass

from support import recording
from support.models import Message, Ticket, TicketEvent
from support.models.conversation import MessageQuerySet
from support.states import MessageKind


@dataclass
class Stale(Exception):
    """The ticket has changed since that version. `messages` and `events` are what came, oldest first."""

    ticket: Ticket
    messages: list[Message]
    events: list[TicketEvent]


def hold(ticket: Ticket, *, version: int | None) -> Ticket:
    """The ticket's row, locked, if it is still at that version (None: whichever). Raises `Stale`."""
    held = recording.locked(ticket.pk)
    if version is not None and version != held.version:
        raise _stale(held, version, Message.objects.all())
    return held


def hold_conversation(ticket: Ticket, *, version: int | None) -> Ticket:
    """The ticket's row, locked, if nobody has written to the requester or been written to since. Raises `Stale`."""
    held = recording.locked(ticket.pk)
    spoken = Message.objects.exclude(kind=MessageKind.NOTE)
    if version is not None and spoken.filter(ticket=held, ticket_version__gt=version).exists():
        raise _stale(held, version, spoken)
    return held


def _stale(ticket: Ticket, version: int, messages: MessageQuerySet) -> Stale:
    newer = messages.filter(ticket=ticket, ticket_version__gt=version)
    return Stale(ticket=ticket, messages=list(newer.in_order()), events=list(ticket.events.filter(ticket_version__gt=version)))
