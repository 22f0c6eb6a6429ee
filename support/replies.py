"""Writing in a ticket: staff reply or note, a member posts."""

from django.db import transaction

from ground.actors import Actor
from ground.sanitising import from_markdown, plain_text
from support import contacts, emails, guard, mirroring, recording, sync, threads
from support.files import Uploads, keep
from support.models import Contact, Message, Ticket, TicketStatus
from support.recording import Letter
from support.states import Delivery, MessageKind, Status, StatusGroup


@transaction.atomic
def reply(
    ticket: Ticket, *, body: str, by: Actor, version: int | None = None, status: TicketStatus | None = None, files: Uploads = ()
) -> Message:
    """Answer the requester, and move the ticket on if a status is named. Raises `guard.Stale` and `Refused`; then nothing was sent."""
    held = guard.hold_conversation(ticket, version=version)
    message = recording.add(held, _letter(MessageKind.REPLY, body), by=by)
    keep(held, message, files)
    if status is not None and recording.change(held, by=by, status=status):
        mirroring.send_ticket(held)
    mirroring.send_message(message)
    _tell(held, message)
    return message


@transaction.atomic
def note(ticket: Ticket, *, body: str, by: Actor, files: Uploads = ()) -> Message:
    """Write a note among staff. The requester never sees it, here or in Freshdesk. Raises `Refused`."""
    return keep_note(ticket, _letter(MessageKind.NOTE, body), by=by, files=files)


@transaction.atomic
def keep_note(ticket: Ticket, letter: Letter, *, by: Actor, files: Uploads = ()) -> Message:
    """Write down what only staff read. Raises `Refused`."""
    held = recording.locked(ticket.pk)
    message = recording.add(held, letter, by=by)
    keep(held, message, files)
    mirroring.send_message(message)
    return message


@transaction.atomic
def add_incoming(ticket: Ticket, *, body: str, by: Actor, files: Uploads = ()) -> Message:
    """A member writes. What was waiting or over is open again: somebody asks. Raises `Refused`."""
    return take(ticket, _letter(MessageKind.INCOMING, body, author=contacts.of(by.user) if by.user else None), by=by, files=files)


@transaction.atomic
def take(ticket: Ticket, letter: Letter, *, by: Actor, files: Uploads = ()) -> Message:
    """Write down what came from the requester's side. What was waiting or over is open again: somebody asks. Raises `Refused`."""
    held = recording.locked(ticket.pk)
    message = recording.add(held, letter, by=by)
    keep(held, message, files)
    if held.status.group != StatusGroup.OPEN and recording.change(held, by=by, status=TicketStatus.objects.get(code=Status.OPEN)):
        mirroring.send_ticket(held)
    mirroring.send_message(message)
    return message


def _letter(kind: MessageKind, body: str, *, author: Contact | None = None) -> Letter:
    html = from_markdown(body)
    return Letter(kind=kind, body_html=html, body_text=plain_text(html), author_contact=author)


def _tell(ticket: Ticket, message: Message) -> None:
    """Mail the requester and who is copied, unless Freshdesk does: when connected, it alone mails."""
    asked = ticket.requester.email if ticket.requester else ""
    if sync.is_connected() or not asked or threads.is_ours(asked):
        return
    place = threads.next_place(ticket)
    message.message_id, message.in_reply_to = threads.id_of(message), place.in_reply_to
    message.references, message.cc, message.delivery = place.references, place.cc, Delivery.QUEUED
    message.save(update_fields=["message_id", "in_reply_to", "references", "cc", "delivery"])
    emails.answered.queue(to=asked, language=emails.language_of(ticket), message_id=message.pk)
