"""Writing in a ticket: staff reply or note, a member posts."""

from collections.abc import Sequence
from dataclasses import replace

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from ground.actors import Actor
from ground.sanitising import from_markdown, plain_text
from support import emails, recording, sync, threads
from support.desk import seen
from support.files import Uploads, keep
from support.mirror import mirroring
from support.models import Contact, Macro, Message, Ticket, TicketStatus
from support.people import contacts
from support.recording import Letter, guard
from support.replies import citing, mentions, recipients
from support.replies.changes import NOTHING, Changes
from support.states import Delivery, MessageKind, Status, StatusGroup, SyncState

__all__ = ["Changes", "add_incoming", "answer_by_itself", "keep_note", "letter_of", "note", "reply", "send", "take"]


@transaction.atomic
def reply(
    ticket: Ticket,
    *,
    body: str,
    by: Actor,
    version: int | None = None,
    status: TicketStatus | None = None,
    files: Uploads = (),
    cc: Sequence[str] | None = None,
    changes: Changes = NOTHING,
    macro: Macro | None = None,
) -> Message:
    """Answer the requester, and change the ticket as named. Raises `guard.Stale` and `Refused`; then nothing was sent.

    `cc`: who gets a copy; None for whom the thread's last mail was addressed to.
    """
    changes = changes.with_status(status)
    held = guard.hold_conversation(ticket, version=version, fields=changes.fields)
    message = recording.add(held, letter_of(MessageKind.REPLY, body), by=by)
    keep(held, message, files)
    to = recipients.copied(held, cc)
    _address(message, to)
    send(held, message, by=by, cc=to, changes=changes, macro=macro)
    return message


@transaction.atomic
def send(
    ticket: Ticket,
    message: Message,
    *,
    by: Actor,
    cc: Sequence[str] | None = None,
    changes: Changes = NOTHING,
    macro: Macro | None = None,
) -> None:
    """A reply that was written down and addressed leaves: the ticket changes with it, and whoever it is for is told.

    `ticket` is a row from `locked`; `cc` as in `reply`.
    """
    change(ticket, by=by, changes=changes)
    count(macro)
    citing.record(message)
    mirroring.send_message(message)
    _tell(ticket, message, cc)
    seen.written(ticket, by=by)


@transaction.atomic
def change(ticket: Ticket, *, by: Actor, changes: Changes) -> None:
    """What a letter changes on its ticket; the mirror follows. `ticket` is a row from `locked`."""
    values = changes.values(ticket, user=by.user, now=timezone.now())
    if values and recording.change(ticket, by=by, **values):
        mirroring.send_ticket(ticket)


def count(macro: Macro | None) -> None:
    """A macro was used."""
    if macro is not None:
        Macro.objects.filter(pk=macro.pk).update(used=F("used") + 1, used_at=timezone.now())


@transaction.atomic
def note(
    ticket: Ticket,
    *,
    body: str,
    by: Actor,
    files: Uploads = (),
    version: int | None = None,
    changes: Changes = NOTHING,
    macro: Macro | None = None,
) -> Message:
    """Write a note among staff, and change the ticket as named. The requester never sees it. Raises `Refused`, and `guard.Stale` for changes."""
    held = guard.hold_fields(ticket, version=version, fields=changes.fields)
    message = keep_note(held, letter_of(MessageKind.NOTE, body), by=by, files=files)
    mentions.record(message, text=body)
    change(message.ticket, by=by, changes=changes)
    count(macro)
    return message


@transaction.atomic
def keep_note(ticket: Ticket, letter: Letter, *, by: Actor, files: Uploads = ()) -> Message:
    """Write down what only staff read. Raises `Refused`."""
    held = recording.locked(ticket.pk)
    message = recording.add(held, letter, by=by)
    keep(held, message, files)
    citing.record(message)
    mirroring.send_message(message)
    seen.written(held, by=by)
    return message


@transaction.atomic
def add_incoming(ticket: Ticket, *, body: str, by: Actor, files: Uploads = ()) -> Message:
    """A member writes. What was waiting or over is open again: somebody asks. Raises `Refused`."""
    author = contacts.of(by.user) if by.user else None
    return take(ticket, letter_of(MessageKind.INCOMING, body, author=author), by=by, files=files)


@transaction.atomic
def take(ticket: Ticket, letter: Letter, *, by: Actor, files: Uploads = ()) -> Message:
    """Write down what came from the requester's side. What was waiting or over is open again: somebody asks. Raises `Refused`.

    A merged ticket keeps its letters and stays closed: the one it was merged into is open again.
    """
    held = recording.locked_with_primary(ticket)
    message = recording.add(held, letter, by=by)
    keep(held, message, files)
    asked = _passed_on(held, message, by=by) if held.merged_into_id and not held.gone_reason else held
    is_let_through = asked.sync_state != SyncState.AWAITING_APPROVAL
    opens = is_let_through and asked.status.group != StatusGroup.OPEN
    if opens and recording.change(asked, by=by, status=TicketStatus.objects.get(code=Status.OPEN)):
        mirroring.send_ticket(asked)
    mirroring.send_message(message)
    return message


def _passed_on(merged: Ticket, message: Message, *, by: Actor) -> Ticket:
    """The ticket it was merged into, locked, whose turn this is now."""
    primary = recording.locked(merged.merged_into_id or 0)
    recording.echo(primary, message, by=by)
    recording.rest(merged)
    return primary


@transaction.atomic
def answer_by_itself(ticket: Ticket, *, body: str, by: Actor) -> Message:
    """An automatic message to the requester: it answers nothing, stops no clock, and says on its mail that nobody wrote it."""
    held = recording.locked(ticket.pk)
    message = recording.add(held, replace(letter_of(MessageKind.REPLY, body), is_automatic=True), by=by)
    mirroring.send_message(message)
    _tell(held, message, None)
    return message


def letter_of(kind: MessageKind, body: str, *, author: Contact | None = None) -> Letter:
    """What somebody typed, as Markdown, ready to be written down."""
    html = from_markdown(body)
    return Letter(kind=kind, body_html=html, body_text=plain_text(html), author_contact=author)


def _address(message: Message, cc: Sequence[str] | None) -> None:
    """Who gets it besides the requester stands on the letter, whoever mails it."""
    if cc is not None and list(cc) != message.cc:
        message.cc = list(cc)
        message.save(update_fields=["cc"])


def _tell(ticket: Ticket, message: Message, cc: Sequence[str] | None) -> None:
    """Mail who asked and who is copied, unless Freshdesk does: when connected, it alone mails. Of a ticket that waits for approval nobody is."""
    if ticket.sync_state == SyncState.AWAITING_APPROVAL:
        return
    asked = recipients.first_asker(ticket) if not sync.is_connected() else ""
    if not asked:
        return
    place = threads.next_place(ticket)
    message.message_id, message.in_reply_to = threads.id_of(message), place.in_reply_to
    message.references, message.delivery = place.references, Delivery.QUEUED
    message.cc = [each for each in (place.cc if cc is None else message.cc) if each != asked]
    message.save(update_fields=["message_id", "in_reply_to", "references", "cc", "delivery"])
    emails.answered.queue(to=asked, language=emails.language_of(ticket), message_id=message.pk)
