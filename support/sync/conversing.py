"""A ticket's conversation as Freshdesk tells it: what is new comes in, what was edited or removed shows it, what is ours is recognised."""

from datetime import datetime

from django.utils import timezone

from ground import sanitising
from ground.actors import Actor
from support import recording
from support.external_keys import content_hash
from support.freshdesk.shapes import Conversation
from support.models import Contact, Message, Ticket
from support.recording import Letter
from support.states import MessageKind, SyncState
from support.sync import looking, people, sending
from support.sync.applying import listed

ROLE = "freshdesk"


def take_in(ticket: Ticket, rows: list[Conversation], *, asked_at: datetime) -> bool:
    """Bring the messages of a locked ticket up to date with the whole conversation; whether anything was news."""
    known = {message.freshdesk_id: message for message in ticket.messages.exclude(freshdesk_id=None)}
    news = False
    for row in rows:
        message = known.get(row.id)
        if message is None:
            news |= _add(ticket, row)
        else:
            news |= _edit(message, row)
    return _remove(ticket, rows, asked_at=asked_at) or news


def _add(ticket: Ticket, row: Conversation) -> bool:
    for pending in ticket.messages.filter(freshdesk_id=None, attempted_at__isnull=False):
        if looking.message_among([row], pending, author_ids={row.user_id} if _may_be(pending, row) else set()):
            sending.arrived(pending, row)
            return False
    author, contact = _author(row.user_id)
    body = sanitising.letter_html(row.body)
    letter = Letter(
        kind=_kind(row),
        body_html=body,
        body_text=sanitising.plain_text(body) or row.body_text,
        at=row.created_at,
        author_contact=contact,
        freshdesk_id=row.id,
        attachments=tuple(listed(row.attachments)),
    )
    message = recording.add(ticket, letter, by=author)
    Message.objects.filter(pk=message.pk).update(external_key="")  # ours alone carry a key
    _mirrored(message, row)
    return True


def _edit(message: Message, row: Conversation) -> bool:
    """Words that changed in Freshdesk since we last saw them there."""
    before = Conversation.read(message.remote_raw)
    if looking.fingerprint(before) == looking.fingerprint(row):
        return False
    body = sanitising.letter_html(row.body)
    message.body_html, message.body_text = body, sanitising.plain_text(body)
    message.content_hash = content_hash(message.body_text)
    message.edited_at = row.changed_at or timezone.now()
    message.save(update_fields=["body_html", "body_text", "content_hash", "edited_at"])
    _mirrored(message, row)
    return True


def _remove(ticket: Ticket, rows: list[Conversation], *, asked_at: datetime) -> bool:
    """What we saw there before we asked and is not in the answer was deleted."""
    there = [row.id for row in rows]
    left = ticket.messages.filter(freshdesk_id__isnull=False, synced_at__lt=asked_at, removed_at=None).exclude(freshdesk_id__in=there)
    return left.update(removed_at=timezone.now()) > 0


def _may_be(pending: Message, row: Conversation) -> bool:
    """Whether the entry has the author and the kind that the pending message would have."""
    if pending.kind == MessageKind.INCOMING:
        return row.incoming
    agent = people.known_agent(row.user_id)
    return not row.incoming and agent is not None and agent.is_ours


def _kind(row: Conversation) -> MessageKind:
    if row.private:
        return MessageKind.NOTE
    return MessageKind.INCOMING if row.incoming else MessageKind.REPLY


def _author(user_id: int | None) -> tuple[Actor, Contact | None]:
    contact = Contact.objects.select_related("user").filter(freshdesk_id=user_id).first() if user_id else None
    agent = people.known_agent(user_id)
    if contact:
        return Actor(user=contact.user, role=ROLE, label=str(contact)[:200]), contact
    if agent:
        return Actor(user=agent.user, role=ROLE, label=str(agent)[:200]), None
    return Actor.freshdesk("Freshdesk"), None


def _mirrored(message: Message, row: Conversation) -> None:
    Message.objects.filter(pk=message.pk).update(sync_state=SyncState.SYNCED, remote_raw=dict(row.raw), synced_at=timezone.now())
