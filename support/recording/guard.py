"""Nobody writes over what they have not seen: a change names the version it was decided on."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Q

from support import recording, timing
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
        events = _happened(held, version)
        newer = Message.objects.filter(Q(ticket=held, ticket_version__gt=version) | Q(pk__in=_elsewhere(events)))
        raise Stale(held, list(newer.in_order()), events)
    return held


def hold_conversation(ticket: Ticket, *, version: int | None, letter: int | None = None, fields: Collection[str] = ()) -> Ticket:
    """The ticket's row, locked, if nobody has written to the requester, been written to, or set one of these fields since. Raises `Stale`.

    What was written in a ticket that was merged into it counts too.
    `letter`: the newest message that was seen; with it a reply that is about to leave counts as written.
    """
    held = recording.locked(ticket.pk)
    if version is None:
        return held
    events = _happened(held, version) if held.version > version else []
    spoken = _spoken(held, version, letter, _elsewhere(events))
    if any(event.field in fields for event in events) or spoken.exists():
        raise Stale(held, list(spoken.in_order()), events)
    return held


def hold_fields(ticket: Ticket, *, version: int | None, fields: Collection[str]) -> Ticket:
    """The ticket's row, locked, if nobody has set one of these fields since, or written where any is to change. Raises `Stale`."""
    if not fields:
        return recording.locked(ticket.pk)
    return hold_conversation(ticket, version=version, fields=fields)


def _spoken(ticket: Ticket, version: int, letter: int | None, elsewhere: Collection[int]) -> MessageQuerySet:
    newer = Q(ticket=ticket, ticket_version__gt=version)
    if letter is not None:
        newer |= Q(ticket=ticket, held__isnull=False, pk__gt=letter)
    if elsewhere:
        newer |= Q(pk__in=elsewhere)
    return Message.objects.exclude(kind=MessageKind.NOTE).filter(newer)


def _elsewhere(events: Iterable[TicketEvent]) -> list[int]:
    """Keys of the letters in tickets that were merged into this one."""
    return [int(event.note) for event in events if event.field == timing.ECHOED]


def _happened(ticket: Ticket, version: int) -> list[TicketEvent]:
    return list(ticket.events.filter(ticket_version__gt=version))
