"""One ticket of Freshdesk's, fetched whole and written down here: a webhook, a walk or a person asked for it."""

from datetime import datetime
from enum import StrEnum

from django.db import IntegrityError, transaction
from django.utils import timezone

from ground import sanitising
from ground.errors import Rejected
from ground.references import new_reference
from support import recording, search, vocabulary
from support.clocks import next_due
from support.external_keys import PREFIX
from support.freshdesk import Freshdesk
from support.freshdesk.shapes import Conversation
from support.freshdesk.shapes import Ticket as RemoteTicket
from support.models import Contact, Ticket, TicketEvent, TicketStatus
from support.recording import EXCERPT
from support.states import GoneReason, Kind, MessageKind, Status, StatusGroup, SyncState
from support.sync import applying, people
from support.sync.companies import community_of
from support.sync.conversing import take_in

KIND_OF_TYPE = {"incident": Kind.INCIDENT, "problem": Kind.INCIDENT, "question": Kind.GUIDANCE, "feature request": Kind.CHANGE}


class Pulled(StrEnum):
    """What a pull came to."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    GONE = "gone"


def pull_ticket(freshdesk: Freshdesk, freshdesk_id: int) -> Pulled:
    """Fetch, then lock, then apply what is newer. Raises Unavailable."""
    asked_at = timezone.now()
    try:
        remote = freshdesk.ticket(freshdesk_id)
        conversation = freshdesk.conversations(freshdesk_id)
    except Rejected as refusal:
        if refusal.status not in {404, 405}:
            raise
        return _missing(freshdesk_id)
    _meet(freshdesk, remote, conversation)
    ticket, is_new = _row_for(remote)
    changed = _apply(ticket.pk, remote, conversation, asked_at=asked_at)
    if is_new:
        return Pulled.CREATED
    return changed


@transaction.atomic
def _apply(pk: int, remote: RemoteTicket, conversation: list[Conversation], *, asked_at: datetime) -> Pulled:
    ticket = recording.locked(pk)
    version = ticket.version
    reason = applying.reason_gone(remote)
    if reason:
        take_in(ticket, conversation, asked_at=asked_at)
        return Pulled.GONE if applying.gone(ticket, reason) else Pulled.UNCHANGED
    left = applying.apply(ticket, remote).there
    news = take_in(ticket, conversation, asked_at=asked_at)
    if not left and ticket.sync_state in {SyncState.LOCAL, SyncState.QUEUED, SyncState.UNKNOWN, SyncState.DEAD}:
        ticket.settled()
        Ticket.objects.filter(pk=pk).update(sync_state=SyncState.SYNCED)
    return Pulled.UPDATED if news or ticket.version != version else Pulled.UNCHANGED


@transaction.atomic
def _missing(freshdesk_id: int) -> Pulled:
    """404 is a deleted, archived or withheld ticket: ours stays, marked."""
    known = Ticket.objects.filter(freshdesk_id=freshdesk_id).first()
    if known is None:
        return Pulled.UNCHANGED
    return Pulled.GONE if applying.gone(recording.locked(known.pk), GoneReason.MISSING) else Pulled.UNCHANGED


def _row_for(remote: RemoteTicket) -> tuple[Ticket, bool]:
    """Our row of a ticket: by its id, by our key in its tags, else a new one."""
    known = Ticket.objects.filter(freshdesk_id=remote.id).first() or _sent_by_us(remote)
    if known:
        return known, False
    try:
        with transaction.atomic():
            return _new(remote), True
    except IntegrityError:  # another worker met it first
        return Ticket.objects.get(freshdesk_id=remote.id), False


def _sent_by_us(remote: RemoteTicket) -> Ticket | None:
    """A ticket of ours whose arrival nobody told us."""
    keys = [tag.removeprefix(PREFIX) for tag in remote.tags if tag.startswith(PREFIX)]
    return Ticket.objects.filter(external_key__in=keys, freshdesk_id=None).first()


def _new(remote: RemoteTicket) -> Ticket:
    now = timezone.now()
    opened = remote.created_at or now
    status = vocabulary.learn(remote.status or Status.OPEN)
    since = opened if status.group == StatusGroup.OPEN else None
    body = sanitising.letter_html(remote.description)
    text = sanitising.plain_text(body)
    requester = Contact.objects.filter(freshdesk_id=remote.requester_id).first()
    excerpt = " ".join(text.split())[:EXCERPT]
    ticket = Ticket.objects.create(
        reference=new_reference("T"),
        freshdesk_id=remote.id,
        community=community_of(remote.company_id),
        requester=requester,
        subject=remote.subject[:255],
        body_html=body,
        body_text=text,
        status=status,
        priority=remote.priority or 1,
        kind=KIND_OF_TYPE.get(remote.type.casefold(), ""),
        sync_state=SyncState.SYNCED,
        remote_raw={name: remote.raw.get(name) for name in ("status", "priority", "subject")},
        created_at=opened,
        updated_at=remote.updated_at or opened,
        waiting_since=since,
        next_due_at=next_due(since, remote.priority or 1),
        last_message_at=opened,
        last_message_kind=MessageKind.INCOMING,
        last_message_label=str(requester or "")[:200],
        last_message_excerpt=excerpt,
        last_public_kind=MessageKind.INCOMING,
        last_public_excerpt=excerpt,
    )
    search.index(ticket)
    TicketEvent.objects.create(
        ticket=ticket, field="opened", actor_role="freshdesk", actor_label=ticket.requester_label, ticket_version=ticket.version, at=opened
    )
    return ticket


def _meet(freshdesk: Freshdesk, remote: RemoteTicket, conversation: list[Conversation]) -> None:
    """Know everybody and every status the ticket speaks of, before any row is locked."""
    for user_id in {remote.requester_id, remote.responder_id, *(row.user_id for row in conversation)}:
        people.person_of(freshdesk, user_id)
    people.ours(freshdesk)
    code = remote.status or Status.OPEN
    if not TicketStatus.objects.filter(code=code).exists():
        words = next((field.options() for field in freshdesk.ticket_fields() if field.name == "status"), {})
        vocabulary.learn(code, word=words.get(str(code), ""))
