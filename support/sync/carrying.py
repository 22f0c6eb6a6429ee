"""Files between here and Freshdesk: recognised in its answers, fetched when somebody wants them, handed over with a letter."""

import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import IO, TypeVar

from django.core.files import File
from django.db import transaction
from django.db.models import F, QuerySet

from ground.errors import Rejected, Unavailable
from ground.outbox import backoff, claim
from support.files import TOGETHER
from support.files.contents import HEAD, Refused, clean_name, type_of
from support.freshdesk import Freshdesk
from support.freshdesk.multipart import File as FileToSend
from support.freshdesk.shapes import Attachment as RemoteFile
from support.models import Attachment, Message, Ticket
from support.sync.outcomes import PATIENT_ATTEMPTS, Outcome

LEASE = timedelta(minutes=5)  # a large file on a slow line
EXPIRED = 403
KEY_REFUSED = 401
IN_MEMORY = 1024 * 1024  # octets; what is larger is fetched into a temporary file
ADOPTED_FIELDS = ("freshdesk_id", "size", "removed_at")
"""What `adopt` may have changed on rows that were known."""
Sent = TypeVar("Sent")


@dataclass(frozen=True)
class Adopted:
    """What Freshdesk's files of a letter mean for our rows: unsaved new ones, and known ones changed in memory."""

    new: list[Attachment]
    changed: list[Attachment]
    removed: list[Attachment]

    @property
    def to_update(self) -> list[Attachment]:
        """The known rows to save, fields `ADOPTED_FIELDS`."""
        return [*self.changed, *self.removed]


class Lost(Exception):
    """Freshdesk has the file no more."""

    def __init__(self) -> None:
        super().__init__("Freshdesk has this file no more")


def adopt(known: Sequence[Attachment], remote: Sequence[RemoteFile], *, ticket: Ticket, message: Message | None, at: datetime) -> Adopted:
    """Match the whole list of a letter's files with our rows of that letter. Without a query, and nothing is saved.

    A row with that number is it; else one of ours that was sent with the letter and has no number yet: by its name, or, since
    Freshdesk may change names, by its size. What is left is new; what we knew there and is not listed was deleted there.
    """
    numbered = {row.freshdesk_id: row for row in known if row.freshdesk_id is not None}
    sent = [row for row in known if row.freshdesk_id is None]
    listed = [each for each in remote if each.id is not None]
    found: dict[int | None, Attachment] = {each.id: numbered[each.id] for each in listed if each.id in numbered}
    found |= _matched([each for each in listed if each.id not in found], sent)
    changed = [row for each in listed if (row := found.get(each.id)) and _bring_up_to_date(row, each)]
    new = [_row(each, ticket=ticket, message=message, at=at) for each in listed if each.id not in found]
    removed = [row for number, row in numbered.items() if number not in found and row.removed_at is None]
    for row in removed:
        row.removed_at = at
    return Adopted(new=new, changed=changed, removed=removed)


def for_sending(letter: Message | Ticket) -> list[FileToSend]:
    """The files of a message, or of a ticket's own words, that Freshdesk has not got. They are open: close each `content` when it was sent."""
    return [FileToSend(name=row.name, content=row.file.open("rb"), content_type=row.content_type) for row in _unsent(letter)]


def waits(letter: Message | Ticket) -> bool:
    """Whether a file of the letter has not gone yet."""
    return _unsent(letter).exists()


def send(letter: Message | Ticket, call: Callable[[list[FileToSend]], Sent]) -> Sent:
    """Make a call with the letter's files, open while it is made."""
    try:
        files = for_sending(letter)
    except FileNotFoundError as error:
        raise Rejected("A file of this letter is not in the store any more") from error
    try:
        return call(files)
    finally:
        for file in files:
            if not isinstance(file.content, bytes):
                file.content.close()


@transaction.atomic
def recognise(letter: Message | Ticket, remote: Sequence[RemoteFile]) -> None:
    """What an answer says of a letter's files, on our rows; files that were not ours are taken in too."""
    if not remote:
        return
    ticket, message = (letter, None) if isinstance(letter, Ticket) else (letter.ticket, letter)
    known = list(Attachment.objects.filter(ticket=ticket, message=message))
    adopted = adopt(known, remote, ticket=ticket, message=message, at=letter.created_at)
    Attachment.objects.bulk_create(adopted.new)
    Attachment.objects.bulk_update(adopted.changed, ADOPTED_FIELDS)
    Ticket.objects.filter(pk=ticket.pk).update(file_count=F("file_count") + len(adopted.new))


def _unsent(letter: Message | Ticket) -> QuerySet[Attachment]:
    rows = letter.files.filter(freshdesk_id=None, removed_at=None).exclude(file="")
    return rows.filter(message=None) if isinstance(letter, Ticket) else rows


def fetch_file(freshdesk: Freshdesk, pk: int) -> Outcome:
    """Fetch the content of one waiting file, looked at like an upload."""
    file = claim(Attachment, pk, lease=LEASE)
    if file is None:
        return Outcome.NOTHING
    try:
        if not file.is_here:
            _fetch(freshdesk, file)
    except Unavailable as error:
        return _later(file, error)
    except Rejected as error:
        return _later(file, Unavailable(str(error), retry_after=300)) if error.status == KEY_REFUSED else _dead(file, error)
    except (Lost, Refused) as reason:
        return _dead(file, reason)
    file.settled()
    return Outcome.PULLED


def _fetch(freshdesk: Freshdesk, file: Attachment) -> None:
    """An address is good for some minutes only: one that has expired on the way is asked for once more."""
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as content:
        try:
            _download(freshdesk, _address(freshdesk, file), content)
        except Rejected as error:
            if error.status != EXPIRED:
                raise
            _download(freshdesk, _address(freshdesk, file), content)
        _keep(file, content)


def _address(freshdesk: Freshdesk, file: Attachment) -> str:
    """Where the file is to be had now. Raises `Lost`."""
    try:
        listed = _listed(freshdesk, file)
    except Rejected as error:
        if error.status == 404:
            raise Lost from error
        raise
    there = next((each for each in listed if each.id == file.freshdesk_id), None)
    if there is None or not there.attachment_url:
        raise Lost
    return there.attachment_url


def _listed(freshdesk: Freshdesk, file: Attachment) -> Iterable[RemoteFile]:
    number = file.ticket.freshdesk_id or 0
    if file.message is None:
        return freshdesk.ticket(number).attachments
    wanted = file.message.freshdesk_id
    return (each for row in freshdesk.conversations(number) if row.id == wanted for each in row.attachments)


def _download(freshdesk: Freshdesk, address: str, content: IO[bytes]) -> None:
    content.seek(0)
    content.truncate()
    with freshdesk.download(address, largest=TOGETHER) as pieces:
        for piece in pieces:
            content.write(piece)


def _keep(file: Attachment, content: IO[bytes]) -> None:
    """Into the store under an opaque name, and onto the row: once, whoever else fetched it meanwhile. Raises `Refused`."""
    size = content.tell()
    content.seek(0)
    content_type = type_of(file.name, content.read(HEAD))
    content.seek(0)
    file.file.save(file.name, File(content, name=file.name), save=False)
    free = Attachment.objects.filter(pk=file.pk, file="")
    if not free.update(file=file.file.name, content_type=content_type, size=size):
        file.file.storage.delete(str(file.file.name))


def _later(file: Attachment, error: Unavailable) -> Outcome:
    """Freshdesk is away: somebody still wants the file."""
    file.attempts = min(file.attempts, PATIENT_ATTEMPTS)
    file.retry_later(error, pause=max(backoff(file.attempts), timedelta(seconds=error.retry_after or 0)))
    return Outcome.WAITING


def _dead(file: Attachment, reason: Rejected | Refused | Lost) -> Outcome:
    """It will not come, and its row says why. Whether a file that is not listed was deleted is the next pull's to see."""
    file.give_up(reason)
    return Outcome.DEAD


def _matched(listed: Sequence[RemoteFile], sent: Sequence[Attachment]) -> dict[int | None, Attachment]:
    """Which of what we sent is which of what is listed: first whatever has the same name, then the same size."""
    found: dict[int | None, Attachment] = {}
    for is_same in (_has_name, _has_size):
        for each in listed:
            free = (row for row in sent if row not in found.values())
            row = next(filter(partial(is_same, each), free), None) if each.id not in found else None
            if row is not None:
                found[each.id] = row
    return found


def _has_name(there: RemoteFile, row: Attachment) -> bool:
    return clean_name(there.name) == row.name


def _has_size(there: RemoteFile, row: Attachment) -> bool:
    return there.octets is not None and there.octets == row.size


def _bring_up_to_date(row: Attachment, there: RemoteFile) -> bool:
    """Set what the row did not know; whether that was anything."""
    before = [getattr(row, name) for name in ADOPTED_FIELDS]
    row.freshdesk_id, row.removed_at = there.id, None
    row.size = there.octets if row.size is None else row.size
    return before != [getattr(row, name) for name in ADOPTED_FIELDS]


def _row(there: RemoteFile, *, ticket: Ticket, message: Message | None, at: datetime) -> Attachment:
    return Attachment(
        ticket=ticket,
        message=message,
        freshdesk_id=there.id,
        name=clean_name(there.name),
        content_type=there.content_type[:150],
        size=there.octets,
        created_at=there.created_at or at,
    )
