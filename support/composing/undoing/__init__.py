"""A reply waits a moment before it leaves, and until then it can be taken back (docs/adr/0033).

The ticket knows nothing of it meanwhile: not its version, not its clocks, not its community. What it changes, it changes as it leaves.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from ground.actors import Actor
from ground.outbox import claim
from support import recording, replies
from support.composing import drafts
from support.composing.undoing import tasks
from support.files import Uploads, keep
from support.models import Attachment, HeldReply, Macro, Message, Ticket
from support.recording import guard
from support.recording.external_keys import new_external_key
from support.replies import recipients
from support.replies.changes import NOTHING, Changes
from support.states import DraftKind, MessageKind

logger = logging.getLogger(__name__)
UNDOABLE = Q(attempts=0) | ~Q(last_error="")
"""No worker has had it, or the last one that had it failed. See `HeldReply.can_be_undone`."""


class Left(Exception):
    """It has left already, or is leaving."""


def window() -> timedelta:
    """How long a reply can be taken back."""
    return timedelta(seconds=settings.DESK_UNDO_SECONDS)


def send(ticket: Ticket, *, cc: Sequence[str] | None, letter: int | None = None, **chosen: Any) -> Message:
    """Write a reply: it leaves in a moment, or at once where the site gives no moment. See `hold` and `replies.reply`."""
    if not settings.DESK_UNDO_SECONDS:
        return replies.reply(ticket, cc=cc, **chosen)
    return hold(ticket, cc=recipients.in_thread(ticket) if cc is None else cc, letter=letter, **chosen)


@transaction.atomic
def hold(
    ticket: Ticket,
    *,
    body: str,
    by: Actor,
    version: int | None = None,
    letter: int | None = None,
    files: Uploads = (),
    cc: Sequence[str] = (),
    changes: Changes = NOTHING,
    macro: Macro | None = None,
) -> Message:
    """Write a reply that leaves in a moment, with what it changes. Raises `guard.Stale` and `Refused`; then nothing was written."""
    held = guard.hold_conversation(ticket, version=version, letter=letter, fields=changes.fields)
    message = recording.draft(held, replies.letter_of(MessageKind.REPLY, body), by=by)
    message.external_key, message.cc = new_external_key(), recipients.copied(held, cc) or []
    message.save()
    keep(held, message, files)
    leaves_at = timezone.now() + window()
    row = HeldReply.objects.create(
        message=message,
        by_id=_writer(by),
        source=body,
        changes=changes.as_json(),
        macro=macro,
        leaves_at=leaves_at,
        next_attempt_at=leaves_at,
    )
    tasks.leave_soon(row.pk)
    return message


def _writer(by: Actor) -> int:
    """Who writes a reply that can be taken back is a person."""
    if by.user is None:
        raise ValueError("nobody is here to take it back")
    return by.user.pk


def let_go(pk: int) -> bool:
    """The moment is over: the reply leaves, once. False when it was taken back, another worker has it, or it could not leave."""
    row = claim(HeldReply, pk)
    return row is not None and _try_to_leave(row)


def _try_to_leave(row: HeldReply) -> bool:
    """What fails, whatever it is, stands in the ticket and is tried again, in the end no more; meanwhile it can be taken back."""
    try:
        return _leave(row.pk)
    except Exception as error:
        logger.exception("the held reply %s could not leave", row.pk)
        row.retry_later(f"{type(error).__name__}: {error}")
        return False


@transaction.atomic
def _leave(pk: int) -> bool:
    row = HeldReply.objects.select_related("message", "by", "macro").filter(pk=pk).first()
    ticket = recording.locked(row.message.ticket_id) if row else None
    if row is None or ticket is None or not HeldReply.objects.filter(pk=pk).delete()[0]:
        return False
    message, by = row.message, Actor.person(row.by)
    message.ticket = ticket
    changes = Changes.of_json(row.changes)
    if _is_overtaken(ticket, message):
        changes = _without_the_last_word(ticket, changes, by=by)
    else:
        message.created_at = timezone.now()
    recording.join(ticket, message)
    replies.send(ticket, message, by=by, cc=message.cc, changes=changes, macro=row.macro)
    return True


def _without_the_last_word(ticket: Ticket, changes: Changes, *, by: Actor) -> Changes:
    """What was decided before the requester wrote closes nothing over their words, nor puts them off; the history says so."""
    kept = replace(changes, status=None, snooze_hours=None)
    if kept != changes:
        recording.happened(ticket, "overtaken", after=str(changes.status.pk) if changes.status else "", note="", by=by)
    return kept


@transaction.atomic
def undo(message: Message) -> None:
    """Take it back: its words are its writer's draft again. One statement decides between this and the worker. Raises `Left`."""
    ticket = recording.locked(message.ticket_id)
    if not HeldReply.objects.filter(UNDOABLE, message=message).update(next_attempt_at=None):
        raise Left
    row = HeldReply.objects.select_related("by").get(message=message)
    choices = {
        "cc": ", ".join(recipients.beside(recipients.askers(ticket), message.cc)),
        "status": str(row.changes.get("status", "")),
        "macro": f"m{row.macro_id}" if row.macro_id else "",
    }
    drafts.give_back(ticket, kind=DraftKind.REPLY, by=row.by, body=row.source, choices=choices)
    _take_files_back(ticket, message)
    message.delete()


def _is_overtaken(ticket: Ticket, message: Message) -> bool:
    """Whether the requester wrote while it waited: then it was written before that, and theirs is the last word."""
    came = ticket.messages.filter(kind=MessageKind.INCOMING, ticket_version__gt=message.ticket_version)
    return ticket.version > message.ticket_version and came.exists()


def _take_files_back(ticket: Ticket, message: Message) -> None:
    """Its files go with it; their content when that is certain."""
    files = list(Attachment.objects.filter(message=message))
    if files:
        ticket.file_count -= len(files)
        ticket.save(update_fields=["file_count"])
    for file in files:
        transaction.on_commit(lambda file=file: file.file.delete(save=False), robust=True)  # type: ignore[misc]
