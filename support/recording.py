"""The one way a ticket changes: fields with their history, messages with what the list shows of them, and the version.

Deciders call it for people, the mirror for Freshdesk. Both hold the ticket's row (`locked`) while they do.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from ground.actors import Actor
from ground.quoting import FOLD
from ground.sanitising import without_quotes
from support.clocks import next_due
from support.external_keys import content_hash, new_external_key
from support.models import Contact, Message, Ticket, TicketEvent
from support.states import MessageKind, StatusGroup

EXCERPT = 160


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A message about to be written down. Bodies are clean HTML and its plain text."""

    kind: MessageKind
    body_html: str
    body_text: str
    at: datetime | None = None
    author_contact: Contact | None = None
    freshdesk_id: int | None = None
    message_id: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()


def locked(ticket_pk: int) -> Ticket:
    """The ticket as it is now, held until the transaction ends."""
    return Ticket.objects.select_for_update(of=("self",)).select_related("status", "community", "requester", "assignee").get(pk=ticket_pk)


@transaction.atomic
def change(ticket: Ticket, *, by: Actor, at: datetime | None = None, **values: Any) -> list[TicketEvent]:
    """Set the fields that differ, with one event each and one step of the version. Nothing differs: nothing happens.

    `ticket` is a row from `locked`; values are model values (`status=<TicketStatus>`, `assignee=<User or None>`).
    """
    events = alter(ticket, by=by, at=at, **values)
    if events:
        ticket.save()
    return TicketEvent.objects.bulk_create(events)


def alter(ticket: Ticket, *, by: Actor, at: datetime | None = None, **values: Any) -> list[TicketEvent]:
    """`change` in memory alone: whoever brings in many tickets saves them and their events together."""
    differing = {name: value for name, value in values.items() if getattr(ticket, name) != value}
    if not differing:
        return []
    moment = at or timezone.now()
    ticket.version += 1
    told = {name: value for name, value in differing.items() if name != "assignee_label" or "assignee" not in differing}
    events = [_event(ticket, name, getattr(ticket, name), value, by=by, at=moment) for name, value in told.items()]
    for name, value in differing.items():
        setattr(ticket, name, value)
    if "assignee" in differing and "assignee_label" not in values:
        ticket.assignee_label = str(ticket.assignee or "")
    _keep_whose_turn(ticket, differing, at=moment)
    ticket.updated_at = max(moment, ticket.updated_at)
    return events


@transaction.atomic
def add(ticket: Ticket, letter: Letter, *, by: Actor) -> Message:
    """Write a message down and let the ticket show it. `ticket` is a row from `locked`."""
    message = compose(ticket, letter, by=by)
    ticket.save()
    message.external_key = new_external_key()
    message.save()
    return message


def compose(ticket: Ticket, letter: Letter, *, by: Actor) -> Message:
    """`add` in memory alone, without a key to find it by."""
    at = letter.at or timezone.now()
    ticket.version += 1
    message = Message(
        ticket=ticket,
        kind=letter.kind,
        author_user=by.user,
        author_contact=letter.author_contact,
        author_label=by.label,
        body_html=letter.body_html,
        body_text=letter.body_text,
        message_id=letter.message_id,
        in_reply_to=letter.in_reply_to,
        references=list(letter.references),
        cc=list(letter.cc),
        created_at=at,
        ticket_version=ticket.version,
        freshdesk_id=letter.freshdesk_id,
        content_hash=content_hash(letter.body_text),
    )
    show_last(ticket, message)
    ticket.updated_at = max(at, ticket.updated_at)
    return message


@transaction.atomic
def happened(ticket: Ticket, field: str, *, after: str, note: str, by: Actor) -> TicketEvent:
    """Write down what happened to the ticket without changing it: a mail that did not arrive."""
    return TicketEvent.objects.create(
        ticket=ticket,
        field=field,
        after=after[:255],
        note=note,
        actor=by.user,
        actor_role=by.role,
        actor_label=by.label,
        ticket_version=ticket.version,
        at=timezone.now(),
    )


def excerpt_of(letter: Message | Ticket) -> str:
    """The first of its new words, for lists."""
    words = without_quotes(letter.body_html) if FOLD in letter.body_html else letter.body_text
    return " ".join(words[: 4 * EXCERPT].split())[:EXCERPT]


def show_last(ticket: Ticket, message: Message) -> None:
    """Copy onto the ticket what lists show of its newest message, and whose turn it makes. An older message changes nothing."""
    if ticket.last_message_at is not None and message.created_at < ticket.last_message_at:
        return
    excerpt = excerpt_of(message)
    ticket.last_message_at = message.created_at
    ticket.last_message_kind = message.kind
    ticket.last_message_label = message.author[:200]
    ticket.last_message_excerpt = excerpt
    if message.kind == MessageKind.NOTE:
        return
    ticket.last_public_kind, ticket.last_public_excerpt = message.kind, excerpt
    _take_turns(ticket, since=None if message.kind == MessageKind.REPLY else ticket.waiting_since or message.created_at)


def _keep_whose_turn(ticket: Ticket, differing: Mapping[str, Any], *, at: datetime) -> None:
    """A status that waits or is over stops the clock; one that opens again starts it."""
    if "status" in differing:
        since = (ticket.waiting_since or at) if ticket.status.group == StatusGroup.OPEN else None
        _take_turns(ticket, since=since)
    elif "priority" in differing:
        _take_turns(ticket, since=ticket.waiting_since)


def _take_turns(ticket: Ticket, *, since: datetime | None) -> None:
    ticket.waiting_since = since
    ticket.next_due_at = next_due(since, ticket.priority)


def _event(ticket: Ticket, field: str, before: object, after: object, *, by: Actor, at: datetime) -> TicketEvent:
    return TicketEvent(
        ticket=ticket,
        field=field,
        before=_written(before),
        after=_written(after),
        actor=by.user,
        actor_role=by.role,
        actor_label=by.label,
        ticket_version=ticket.version,
        at=at,
    )


def _written(value: object) -> str:
    """How a value stands in the history: a key for what has words by language, a name for a row."""
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(map(str, value))[:255]
    if isinstance(value, Model) and isinstance(value.pk, int) and value._meta.model_name == "ticketstatus":
        return str(value.pk)
    return str(value)[:255]
