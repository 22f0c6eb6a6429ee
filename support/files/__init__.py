"""Files that somebody sends with a letter: which are taken, how many, how large, and keeping them."""

from collections.abc import Sequence

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Sum
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from support.files.contents import HEAD, Refused, clean_name, type_of
from support.models import Attachment, Message, Ticket

TOGETHER = 20 * 1024 * 1024  # octets of a ticket's files, all its letters together: Freshdesk takes no more
IN_A_LETTER = 10
Uploads = Sequence[UploadedFile]


def check(upload: UploadedFile) -> None:
    """Raises `Refused` for an empty file, one that is too large for any ticket, and a kind that is not taken."""
    name, size = clean_name(upload.name or ""), upload.size or 0
    if not size:
        raise Refused(_("“%(name)s” is empty. Look at the file, and choose it again.") % {"name": name})
    if size > TOGETHER:
        raise Refused(
            _("“%(name)s” is %(size)s; a ticket holds at most %(most)s. Make it smaller, or send a link to it.")
            % {"name": name, "size": filesizeformat(size), "most": filesizeformat(TOGETHER)}
        )
    _type_of(upload)


def check_number(uploads: Uploads) -> None:
    """Raises `Refused` when a letter carries too many."""
    if len(uploads) > IN_A_LETTER:
        words = ngettext(
            "You chose %(number)s file; one message carries at most %(most)s. Put them into one ZIP file, or send some in another message.",
            "You chose %(number)s files; one message carries at most %(most)s. Put them into one ZIP file, or send some in another message.",
            len(uploads),
        )
        raise Refused(words % {"number": len(uploads), "most": IN_A_LETTER})


def check_together(uploads: Uploads, *, held: int = 0) -> None:
    """Raises `Refused` when these and what the ticket holds already, in octets, are too much together."""
    more = sum(upload.size or 0 for upload in uploads)
    if held + more > TOGETHER:
        raise Refused(
            _(
                "These files are %(size)s together; this ticket still has room for %(left)s of %(most)s. Send fewer or smaller ones, or send links to them."
            )
            % {"size": filesizeformat(more), "left": filesizeformat(max(TOGETHER - held, 0)), "most": filesizeformat(TOGETHER)}
        )


def keep(ticket: Ticket, message: Message | None, uploads: Uploads) -> list[Attachment]:
    """Keep the files of a message, or of the ticket's own words; in the transaction of who writes. Raises `Refused`, then nothing is kept.

    `ticket` is a row from `recording.locked`, or a new one.
    """
    if not uploads:
        return []
    check_number(uploads)
    check_together(uploads, held=_held(ticket))
    for upload in uploads:
        check(upload)
    kept = Attachment.objects.bulk_create(_row(ticket, message, upload) for upload in uploads)
    ticket.file_count += len(kept)
    ticket.save(update_fields=["file_count"])
    return kept


def _row(ticket: Ticket, message: Message | None, upload: UploadedFile) -> Attachment:
    return Attachment(
        ticket=ticket,
        message=message,
        name=clean_name(upload.name or ""),
        content_type=_type_of(upload),
        size=upload.size,
        file=upload,
        created_at=message.created_at if message else ticket.created_at,
    )


def _held(ticket: Ticket) -> int:
    """The octets of the ticket's files, wherever they are."""
    if not ticket.file_count:
        return 0
    total: int | None = ticket.files.filter(removed_at=None).aggregate(total=Sum("size"))["total"]
    return total or 0


def _type_of(upload: UploadedFile) -> str:
    upload.seek(0)
    head = upload.read(HEAD)
    upload.seek(0)
    return type_of(clean_name(upload.name or ""), head)
