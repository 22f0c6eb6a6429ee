"""A ticket's conversation as Freshdesk tells it, brought onto our rows in memory: what is new comes in, what was edited or
removed shows it, what is ours is recognised."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone

from ground import sanitising
from support import recording
from support.freshdesk.shapes import Conversation
from support.models import Attachment, Message, Ticket
from support.recording import Letter
from support.recording.external_keys import content_hash
from support.states import MessageKind, SyncState
from support.sync import carrying, looking
from support.sync.applying import NOT_KEPT
from support.sync.directory import Directory

WORDS = frozenset({"body", "body_text", "structured_body"})
MERGED_INTO = re.compile(r"merged into (?:the )?ticket\s*(?:with id\s*)?[#\[(]*(\d{1,18})", re.IGNORECASE)


@dataclass
class Known:
    """Our messages that a batch may be about: by Freshdesk's number, and by ticket."""

    by_number: Mapping[int, Message]
    of_ticket: Mapping[int, Sequence[Message]]
    files: Mapping[int, Sequence[Attachment]]

    def files_of(self, message: Message | None) -> Sequence[Attachment]:
        return self.files.get(message.pk, ()) if message and message.pk else ()


@dataclass
class Conversed:
    """What to write down of one ticket's conversation."""

    new: list[Message] = field(default_factory=list)
    changed: list[Message] = field(default_factory=list)
    moved: list[Message] = field(default_factory=list)
    left: list[int] = field(default_factory=list)
    """Keys of the tickets from which messages were moved here."""
    new_files: list[Attachment] = field(default_factory=list)
    changed_files: list[Attachment] = field(default_factory=list)
    is_news: bool = False
    merged_into: int | None = None


def take_in(ticket: Ticket, rows: Collection[Conversation], known: Known, directory: Directory, *, asked_at: datetime) -> Conversed:
    """Bring the messages of a locked ticket up to date with the whole conversation."""
    conversed = Conversed()
    for row in sorted(rows, key=lambda each: (each.created_at or asked_at, each.id or 0)):
        message = known.by_number.get(row.id or 0) or _sent_by_us(ticket, row, known, conversed, directory)
        if message is None:
            message = _add(ticket, row, conversed, directory)
        elif message.ticket_id != ticket.pk:
            _move(message, ticket, known, conversed)
        else:
            _edit(message, row, conversed, asked_at=asked_at)
        _take_files(ticket, message, row, known, conversed)
        conversed.merged_into = conversed.merged_into or _merged_into(row)
    _remove(ticket, rows, known, conversed, asked_at=asked_at)
    return conversed


REMEMBERED = ("freshdesk_id", "sync_state", "remote_raw", "remote_hash", "synced_at", "attempted_at", "next_attempt_at", "last_error")


def remember(message: Message, row: Conversation, *, seen: str = "") -> None:
    """The row as Freshdesk shows it is what we know of it; its words are our body, its files our rows. `seen`: its fingerprint, if known."""
    message.freshdesk_id = row.id
    message.sync_state = SyncState.SYNCED
    message.remote_raw = {key: value for key, value in row.raw.items() if key not in NOT_KEPT | WORDS}
    message.remote_hash = seen or looking.fingerprint(row)
    message.synced_at = timezone.now()
    message.attempted_at = message.next_attempt_at = None
    message.last_error = ""


def _sent_by_us(ticket: Ticket, row: Conversation, known: Known, conversed: Conversed, directory: Directory) -> Message | None:
    """A message of ours whose arrival nobody told us."""
    for pending in known.of_ticket.get(ticket.pk, ()):
        is_free = pending.freshdesk_id is None and pending.attempted_at is not None
        author_ids = {row.user_id} if _may_be(pending, row, directory) else set()
        if is_free and looking.message_among([row], pending, author_ids=author_ids, taken=()):
            remember(pending, row)
            conversed.changed.append(pending)
            return pending
    return None


def _add(ticket: Ticket, row: Conversation, conversed: Conversed, directory: Directory) -> Message:
    author, contact = directory.author(row.user_id)
    body = sanitising.letter_html(row.body)
    letter = Letter(
        kind=_kind(row),
        body_html=body,
        body_text=sanitising.plain_text(body) or row.body_text,
        at=row.created_at,
        author_contact=contact,
        freshdesk_id=row.id,
        is_automatic=row.source == looking.SURVEY,  # what somebody said of a solved ticket asks for no answer
    )
    message = recording.compose(ticket, letter, by=author)
    remember(message, row, seen=message.content_hash)
    conversed.new.append(message)
    conversed.is_news = True
    return message


def _edit(message: Message, row: Conversation, conversed: Conversed, *, asked_at: datetime) -> None:
    """Words that changed in Freshdesk since we last saw them there; a message that was away and is back. A slower, older answer says nothing."""
    seen = looking.fingerprint(row)
    is_back = message.removed_at is not None
    is_older = message.synced_at is not None and message.synced_at > asked_at
    if is_older or (message.remote_hash == seen and not is_back):
        return
    if message.remote_hash not in {"", seen} and not _is_first_look(message, row):
        message.body_html = sanitising.letter_html(row.body)
        message.body_text = sanitising.plain_text(message.body_html)
        message.content_hash = content_hash(message.body_text)
        message.edited_at = row.changed_at or timezone.now()
        conversed.is_news = True
    message.removed_at = None
    conversed.is_news |= is_back
    remember(message, row)
    conversed.changed.append(message)


def _is_first_look(message: Message, row: Conversation) -> bool:
    """Our own words may come back otherwise than the answer to our call had them; that alone is no edit."""
    return "source" not in message.remote_raw and row.last_edited_at is None and row.updated_at == row.created_at


def _move(message: Message, ticket: Ticket, known: Known, conversed: Conversed) -> None:
    """A merge there brings conversations along, numbers, files and all."""
    for file in known.files_of(message):
        file.ticket = ticket
        ticket.file_count += 1
        conversed.changed_files.append(file)
    conversed.left.append(message.ticket_id)
    message.ticket = ticket
    message.removed_at = None
    ticket.version += 1
    message.ticket_version = ticket.version
    recording.show_last(ticket, message)
    conversed.changed.append(message)
    conversed.moved.append(message)
    conversed.is_news = True


def _remove(ticket: Ticket, rows: Collection[Conversation], known: Known, conversed: Conversed, *, asked_at: datetime) -> None:
    """What we saw there before we asked and is not in the answer was deleted."""
    there = {row.id for row in rows}
    for message in known.of_ticket.get(ticket.pk, ()):
        was_there = message.freshdesk_id is not None and message.synced_at is not None and message.synced_at < asked_at
        if was_there and message.removed_at is None and message.freshdesk_id not in there and message.ticket_id == ticket.pk:
            message.removed_at = timezone.now()
            conversed.changed.append(message)
            conversed.is_news = True


def _take_files(ticket: Ticket, message: Message, row: Conversation, known: Known, conversed: Conversed) -> None:
    held = known.files_of(message)
    if not row.attachments and not held:
        return
    adopted = carrying.adopt(held, row.attachments, ticket=ticket, message=message, at=row.created_at or timezone.now())
    conversed.new_files.extend(adopted.new)
    conversed.changed_files.extend([*adopted.changed, *adopted.removed])
    ticket.file_count += len(adopted.new)


def _merged_into(row: Conversation) -> int | None:
    """Freshdesk leaves no other trace of a merge than a note on the closed ticket (fact sheet §9.6). A private entry is a note, source or not."""
    is_note = not row.incoming and (row.source == looking.NOTE or (row.source is None and row.private))
    found = MERGED_INTO.search(row.body_text or row.body) if is_note else None
    return int(found[1]) if found else None


def _may_be(pending: Message, row: Conversation, directory: Directory) -> bool:
    """Whether the entry has the author and the kind that the pending message would have."""
    if pending.kind == MessageKind.INCOMING:
        return row.incoming
    agent = directory.agents.get(row.user_id or 0)
    return not row.incoming and agent is not None and agent.is_ours


def _kind(row: Conversation) -> MessageKind:
    if row.private:
        return MessageKind.NOTE
    return MessageKind.INCOMING if row.incoming else MessageKind.REPLY
