"""Letters about something else become a ticket of their own; the originals stay where they are."""

from collections.abc import Sequence

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _

from ground.actors import Actor
from ground.sanitising import plain_text
from support import recording, replies, tickets
from support.models import Attachment, Contact, Message, Ticket, TicketEvent, TicketLink
from support.recording import Letter
from support.relations.relating import NotPossible, written_by
from support.states import LinkKind, MessageKind


@transaction.atomic
def split(ticket: Ticket, *, letters: Sequence[Message], subject: str, by: Actor) -> Ticket:
    """Open a ticket with the words of these letters, for whoever wrote the first of them. Notes go along as notes, files as copies.

    A letter is split off once. Raises `NotPossible`.
    """
    chosen = sorted(letters, key=lambda letter: (letter.created_at, letter.pk))
    public = [letter for letter in chosen if letter.kind != MessageKind.NOTE]
    if not public:
        raise NotPossible(_("Choose at least one letter that the requester may read: the new ticket begins with it."))
    if any(letter.ticket_id != ticket.pk for letter in chosen):
        raise NotPossible(_("These letters belong to another ticket. Split them off there."))
    held = recording.locked(ticket.pk)
    if taken := _taken(held, chosen):
        raise NotPossible(_("One of these letters is in %(reference)s already, which was split off before.") % {"reference": taken})
    opened = _open(held, public, subject=subject, by=by)
    for note in (letter for letter in chosen if letter.kind == MessageKind.NOTE):
        _copy_files(opened, replies.keep_note(opened, _signed([note]), by=by), [note])
    TicketLink.objects.create(kind=LinkKind.SPLIT, ticket=opened, other=ticket, **written_by(by))
    recording.happened(held, "split_off", after=opened.reference, note=str(len(chosen)), by=by)
    opened = recording.locked(opened.pk)
    recording.happened(opened, "split_from", after=ticket.reference, note=" ".join(str(letter.pk) for letter in chosen), by=by)
    return opened


def _open(ticket: Ticket, public: Sequence[Message], *, subject: str, by: Actor) -> Ticket:
    """With the same community and hub, and no wider read than the ticket it comes from."""
    asked = _asker(public) if not ticket.confidential else None
    opening = tickets.Opening(
        hub=ticket.hub, priority=ticket.priority, requester=asked or ticket.requester, confidential=ticket.confidential
    )
    opened = tickets.open_mailed(ticket.community, subject=subject, body_html=_signed(public).body_html, by=by, opening=opening)
    _copy_files(opened, None, public)
    return opened


def _taken(ticket: Ticket, letters: Sequence[Message]) -> str:
    """The reference of a ticket that was split off with one of these letters; empty when there is none."""
    wanted = {str(letter.pk) for letter in letters}
    split_off = TicketLink.objects.standing().filter(kind=LinkKind.SPLIT, other=ticket).values("ticket")
    events = TicketEvent.objects.filter(ticket__in=split_off, field="split_from").select_related("ticket")
    return next((event.ticket.reference for event in events if wanted & set(event.note.split())), "")


def _copy_files(opened: Ticket, message: Message | None, letters: Sequence[Message]) -> None:
    """What the letters carried and is here goes along."""
    found = Attachment.objects.standing().filter(message__in=letters).exclude(file="")
    if copies := Attachment.objects.bulk_create(_copy(row, opened, message) for row in found):
        Ticket.objects.filter(pk=opened.pk).update(file_count=F("file_count") + len(copies))


def _copy(row: Attachment, opened: Ticket, message: Message | None) -> Attachment:
    with row.file.open() as file:
        content = ContentFile(file.read(), name=row.name)
    return Attachment(
        ticket=opened,
        message=message,
        name=row.name,
        content_type=row.content_type,
        size=row.size,
        file=content,
        created_at=row.created_at,
    )


def _asker(public: Sequence[Message]) -> Contact | None:
    """Who wrote the first of them from the requester's side."""
    return next((letter.author_contact for letter in public if letter.kind == MessageKind.INCOMING and letter.author_contact), None)


def _signed(letters: Sequence[Message]) -> Letter:
    """The letters in their order, each under who wrote it and when."""
    html = "<hr>".join(
        format_html("<p><strong>{}</strong>, {}</p>", letter.author, date_format(letter.created_at, "DATETIME_FORMAT")) + letter.body_html
        for letter in letters
    )
    return Letter(kind=MessageKind.NOTE, body_html=html, body_text=plain_text(html))
