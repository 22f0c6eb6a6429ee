"""What came with a mail, kept with its words like an upload; what is not taken is named in the ticket's history."""

from collections.abc import Iterator, Sequence

from django.core.files.uploadedfile import SimpleUploadedFile

from ground.actors import Actor
from support import files as keeping
from support import recording
from support.files.contents import Refused
from support.mailing.shapes import File
from support.models import Message, Ticket


def keep_files(ticket: Ticket, message: Message | None, files: Sequence[File]) -> None:
    """Each on its own: one that is not taken costs the others nothing."""
    held = recording.locked(ticket.pk) if files else ticket
    for upload in _uploads(files):
        try:
            keeping.keep(held, message, [upload])
        except Refused as refusal:
            recording.happened(held, "file_refused", after=upload.name or "", note=str(refusal), by=Actor.system())


def _uploads(files: Sequence[File]) -> Iterator[SimpleUploadedFile]:
    return (SimpleUploadedFile(file.name or "file", file.content, file.content_type) for file in files)
