"""The one way a ticket changes: fields with their history, messages with what the list shows of them, and the version.

Deciders call it for people, the mirror for Freshdesk. Both hold the ticket's row (`locked`) while they do.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, Model, OuterRef
from django.utils import timezone

from ground.actors import Actor
from ground.quoting import FOLD
from ground.sanitising import without_quotes
from support import search, timing
from support.models import Approval, Contact, Message, Ticket, TicketEvent
from support.recording.external_keys import content_hash, new_external_key
from support.recording.ringing import ring
from support.states import ApprovalOutcome, MessageKind, StatusGroup, SyncState

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
    is_automatic: bool = False


def locked(ticket_pk: int) -> Ticket:
    """The ticket as it is now, held until the transaction ends, and whether others were merged into it."""
    has_merged = Exists(Ticket.objects.filter(merged_into=OuterRef("pk")))
    rows = Ticket.objects.select_for_update(of=("self",)).annotate(has_merged=has_merged)
    return rows.select_related("status", "community", "requester", "assignee").get(pk=ticket_pk)


def locked_together(*keys: int) -> list[Ticket]:
    """These rows, locked in the order of their keys, so that two who take the same rows the other way round never wait for each other."""
    held = {pk: locked(pk) for pk in sorted(set(keys))}
    return [held[pk] for pk in keys]


def locked_with_primary(ticket: Ticket) -> Ticket:
    """The ticket's row, locked together with that of the ticket it is merged into."""
    return locked_together(ticket.pk, ticket.merged_into_id or ticket.pk)[0]


@transaction.atomic(savepoint=False)
def change(ticket: Ticket, *, by: Actor, at: datetime | None = None, **values: Any) -> list[TicketEvent]:
    """Set the fields that differ, with one event each and one step of the version. Nothing differs: nothing happens.

    `ticket` is a row from `locked`; values are model values (`status=<TicketStatus>`, `assignee=<User or None>`).
    """
    events = alter(ticket, by=by, at=at, **values)
    if not events:
        return []
    turned = timing.turn(ticket, events=events, now=timezone.now())
    ticket.save()
    timing.keep(turned)
    if any(event.field in search.OWN for event in events):
        search.index_many([ticket])
    if "status" in values and _is_held_back(ticket):
        _keep_what_it_waits_for(ticket, by=by)
    ring(ticket.pk)
    return TicketEvent.objects.bulk_create(events)


def alter(ticket: Ticket, *, by: Actor, at: datetime | None = None, **values: Any) -> list[TicketEvent]:
    """`change` in memory alone: whoever brings in many tickets saves them and their events together, and has `timing` turn their clocks."""
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


@transaction.atomic(savepoint=False)
def add(ticket: Ticket, letter: Letter, *, by: Actor) -> Message:
    """Write a message down and let the ticket show it; the requester's wakes a snoozed one. `ticket` is a row from `locked`."""
    if letter.kind == MessageKind.INCOMING:
        change(ticket, by=by, snoozed_until=None)
    message = compose(ticket, letter, by=by)
    turned = timing.turn(ticket, messages=[message], now=timezone.now())
    ticket.save()
    timing.keep(turned)
    message.external_key = new_external_key()
    message.save()
    search.add(message)
    ring(ticket.pk)
    return message


def compose(ticket: Ticket, letter: Letter, *, by: Actor) -> Message:
    """`add` in memory alone, without a key to find it by."""
    message = draft(ticket, letter, by=by)
    _join(ticket, message)
    return message


def draft(ticket: Ticket, letter: Letter, *, by: Actor) -> Message:
    """A message in memory, of which its ticket knows nothing yet."""
    return Message(
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
        is_automatic=letter.is_automatic,
        created_at=letter.at or timezone.now(),
        ticket_version=ticket.version,
        freshdesk_id=letter.freshdesk_id,
        content_hash=content_hash(letter.body_text),
    )


@transaction.atomic
def join(ticket: Ticket, message: Message) -> None:
    """A message that was kept apart becomes part of the conversation. `ticket` is a row from `locked`."""
    _join(ticket, message)
    message.save(update_fields=["created_at", "ticket_version"])
    turned = timing.turn_many([ticket], now=timezone.now())
    ticket.save()
    timing.keep(turned)
    search.add(message)
    ring(ticket.pk)


def _join(ticket: Ticket, message: Message) -> None:
    ticket.version += 1
    message.ticket_version = ticket.version
    show_last(ticket, message)
    ticket.updated_at = max(message.created_at, ticket.updated_at)


@transaction.atomic
def echo(primary: Ticket, message: Message, *, by: Actor) -> None:
    """Let the ticket that another was merged into show what was written in that one, to the desk alone, and take its turn.

    `primary` is a row from `locked`. What members are shown of it stays: they may not see the merged one. Its history names the letter,
    which clocks, watchers and `guard` go by.
    """
    if message.is_automatic:
        return
    public = primary.last_public_kind, primary.last_public_excerpt
    primary.version += 1
    show_last(primary, message)
    primary.last_public_kind, primary.last_public_excerpt = public
    primary.updated_at = max(message.created_at, primary.updated_at)
    told = _event(primary, timing.ECHOED, None, message.ticket.reference, by=by, at=message.created_at)
    told.note = str(message.pk)
    turned = timing.turn(primary, events=[told], now=timezone.now())
    primary.save()
    timing.keep(turned)
    told.save()
    ring(primary.pk)


def rest(merged: Ticket) -> None:
    """A merged ticket waits for nobody, and no clock of it runs: the one it was merged into does."""
    merged.waiting_since = None
    turned = timing.turn_many([merged], now=timezone.now())
    merged.save()
    timing.keep(turned)


@transaction.atomic
def part(primary: Ticket, merged: Ticket, *, by: Actor) -> None:
    """A merge was taken back: what the merged one's requester still waits for is no longer answered here. `primary` is a row from `locked`."""
    happened(primary, timing.PARTED, after=merged.reference, note="", by=by)
    if primary.last_public_kind == MessageKind.REPLY and primary.waiting_since is not None:
        echoed = primary.events.filter(field=timing.ECHOED, after=merged.reference, at=primary.waiting_since)
        primary.waiting_since = None if echoed.exists() else primary.waiting_since
    turned = timing.turn_many([primary], now=timezone.now())
    primary.save()
    timing.keep(turned)


@transaction.atomic
def happened(ticket: Ticket, field: str, *, after: str, note: str, by: Actor) -> TicketEvent:
    """Write down what happened to the ticket without changing it: a mail that did not arrive. Its version is due to be followed again."""
    ticket.followed_version = min(ticket.followed_version, ticket.version - 1)
    Ticket.objects.filter(pk=ticket.pk, followed_version__gte=F("version")).update(followed_version=F("version") - 1)
    ring(ticket.pk)
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


@transaction.atomic
def let_through(ticket: Ticket, *, by: Actor) -> None:
    """A ticket that waited for approval is with the desk from now on; its clocks start. `ticket` is a row from `locked`."""
    now = timezone.now()
    ticket.version += 1
    ticket.sync_state, ticket.updated_at = SyncState.LOCAL, max(now, ticket.updated_at)
    ticket.waiting_since = now if ticket.status.group == StatusGroup.OPEN else None
    turned = timing.turn(ticket, events=[happened(ticket, "approved", after="", note="", by=by)], now=now)
    ticket.save()
    timing.keep(turned)


def excerpt_of(letter: Message | Ticket) -> str:
    """The first of its new words, for lists."""
    words = without_quotes(letter.body_html) if FOLD in letter.body_html else letter.body_text
    return " ".join(words[: 4 * EXCERPT].split())[:EXCERPT]


def show_last(ticket: Ticket, message: Message) -> None:
    """Copy onto the ticket what lists show of its newest message, and whose turn it makes. An older or automatic one changes nothing."""
    if message.is_automatic:
        return
    if ticket.last_message_at is not None and message.created_at < ticket.last_message_at:
        return
    excerpt = excerpt_of(message)
    ticket.last_message_at = message.created_at
    ticket.last_message_kind = message.kind
    ticket.last_message_label = message.author[:200]
    ticket.last_message_excerpt = excerpt
    if message.kind == MessageKind.NOTE:
        return
    if message.kind == MessageKind.INCOMING:
        ticket.snoozed_until = None
    ticket.last_public_kind, ticket.last_public_excerpt = message.kind, excerpt
    if message.kind == MessageKind.REPLY and ticket.first_replied_at is None:
        ticket.first_replied_at = message.created_at
    is_answered = message.kind == MessageKind.REPLY or _is_held_back(ticket)
    ticket.waiting_since = None if is_answered else ticket.waiting_since or message.created_at


def _keep_whose_turn(ticket: Ticket, differing: Mapping[str, Any], *, at: datetime) -> None:
    """Nobody waits for us in a status that waits or is over; in one that opens again somebody does."""
    if "status" in differing:
        ticket.solved_at = (ticket.solved_at or at) if ticket.status.is_over else None
        ticket.waiting_since = (
            (ticket.waiting_since or at) if ticket.status.group == StatusGroup.OPEN and not _is_held_back(ticket) else None
        )


def _is_held_back(ticket: Ticket) -> bool:
    """Whether the desk does not have it yet: nobody waits for us."""
    return ticket.sync_state == SyncState.AWAITING_APPROVAL


def _keep_what_it_waits_for(ticket: Ticket, *, by: Actor) -> None:
    """Nobody is asked to approve what is over; what is opened again waits again."""
    before, after = ("", ApprovalOutcome.WITHDRAWN) if ticket.status.is_over else (ApprovalOutcome.WITHDRAWN, "")
    decided = {"decided_at": timezone.now(), "decided_by": by.user} if after else {"decided_at": None, "decided_by": None}
    Approval.objects.filter(ticket=ticket, outcome=before).update(outcome=after, **decided)


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
