"""What came with a mail, kept beside its words."""

from collections.abc import Sequence
from typing import Any

from support.mailing.shapes import File
from support.models import Message, Ticket


def keep_files(ticket: Ticket, message: Message | None, files: Sequence[File]) -> None:
    """Name the files on the message, or on the ticket that the mail opened. Their content is not kept here."""
    if not files:
        return
    row: Ticket | Message = message or ticket
    row.attachments = [*row.attachments, *(_line(file) for file in files)]
    row.save(update_fields=["attachments"])


def _line(file: File) -> dict[str, Any]:
    return {"name": file.name, "content_type": file.content_type, "size": len(file.content)}
