"""Two tickets that ask the same become one at the desk: a link, never a copy, so that it can be taken back.

Letters, requesters and files stay with their own tickets; the desk reads both in the one they were merged into.
"""

from celery import shared_task
from django.db import transaction
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext as _

from ground.actors import Actor
from support import recording, replies, sync
from support.mirror import mirroring
from support.models import Contact, Message, Ticket, TicketLink, TicketStatus
from support.people import contacts
from support.recording import Letter
from support.relations.relating import NotPossible, written_by
from support.states import LinkKind, MessageKind, Status, StatusGroup, SyncState

BATCH = 200


@transaction.atomic
def merge(ticket: Ticket, *, into: Ticket, by: Actor) -> TicketLink:
    """Read and answer this ticket in another from now on. It is closed; nobody is mailed. Raises `NotPossible`."""
    merged, primary = recording.locked_together(ticket.pk, into.pk)
    if sentence := why_not(merged, primary):
        raise NotPossible(sentence)
    link = TicketLink.objects.create(kind=LinkKind.MERGED, ticket=merged, other=primary, status_before=merged.status_id, **written_by(by))
    is_waiting = merged.status.group == StatusGroup.OPEN
    recording.change(merged, by=by, merged_into=primary, status=TicketStatus.objects.get(code=Status.CLOSED), snoozed_until=None)
    recording.happened(primary, "merged_here", after=merged.reference, note=merged.subject, by=by)
    if is_waiting and primary.status.group != StatusGroup.OPEN:
        _open(primary, by=by)
    mirroring.send_ticket(merged)
    _tell_freshdesk(merged, primary, by=by)
    return link


@transaction.atomic
def part(ticket: Ticket, *, by: Actor) -> Ticket:
    """Take a merge back: the ticket stands as it did before, or open where its requester wrote since. Raises `NotPossible`."""
    link = TicketLink.objects.standing().filter(kind=LinkKind.MERGED, ticket=ticket).first()
    if link is None:
        raise NotPossible(_cannot_part(recording.locked(ticket.pk)))
    merged, primary = recording.locked_together(ticket.pk, link.other_id)
    if not TicketLink.objects.standing().filter(pk=link.pk).exists():
        raise NotPossible(_cannot_part(merged))
    link.undone_at = timezone.now()
    link.save(update_fields=["undone_at"])
    recording.change(merged, by=by, merged_into=None, status=_status_again(merged, link))
    recording.part(primary, merged, by=by)
    mirroring.send_ticket(merged)
    _say(merged, _("In Hubdesk this is no longer answered in %(other)s; it stands alone again.") % {"other": _named(primary)}, by=by)
    _say(primary, _("In Hubdesk %(other)s is answered for itself again.") % {"other": _named(merged)}, by=by)
    return merged


def why_not(ticket: Ticket, into: Ticket) -> str:
    """Why these two cannot be merged, in a sentence; empty when they can."""
    for is_so, sentence in (
        (ticket.pk == into.pk, _("A ticket cannot be merged into itself. Choose another one.")),
        (bool(ticket.merged_into_id), _("This ticket is merged already. Take that back first.")),
        (bool(into.merged_into_id), _("The other ticket was itself merged. Choose the one it was merged into.")),
        (
            Ticket.objects.filter(merged_into=ticket).exists(),
            _("Other tickets were merged into this one. Merge the other way round, or take those back first."),
        ),
        (
            _is_elsewhere(ticket) or _is_elsewhere(into),
            _("One of the two is gone from Freshdesk or waits for approval. It stays as it is."),
        ),
        (
            ticket.community_id != into.community_id,
            _("These tickets belong to different communities, which must not read each other's. Relate them instead."),
        ),
        (
            (ticket.community_id is None or ticket.confidential or into.confidential) and not _are_of_one_person(ticket, into),
            _("One of the two is confidential or of no community, and another person asked. Others could read what is not for them."),
        ),
    ):
        if is_so:
            return sentence
    return ""


def merged_into(ticket: Ticket) -> list[Ticket]:
    """The tickets that are read in this one, oldest first; also those that Freshdesk merged."""
    return list(Ticket.objects.filter(merged_into=ticket).select_related("status", "requester", "opened_by").order_by("created_at", "pk"))


def requesters_of(ticket: Ticket) -> list[Contact]:
    """Whom an answer goes to: the ticket's own requester first, then those of the tickets merged into it here."""
    return contacts.requesters_of(ticket)


@shared_task
def pass_on() -> int:
    """A merged ticket that Freshdesk opened again, because somebody answered there: it rests, and the one it is read in is open."""
    woken = Ticket.objects.filter(merged_into__isnull=False, waiting_since__isnull=False, gone_reason="").order_by("pk")
    found = list(woken.values_list("pk", flat=True)[:BATCH])
    for pk in found:
        _pass_on(pk)
    return len(found)


@transaction.atomic
def _pass_on(pk: int) -> None:
    into, by = Ticket.objects.values_list("merged_into_id", flat=True).get(pk=pk), Actor.system()
    if into is None:
        return
    merged, primary = recording.locked_together(pk, into)
    if merged.merged_into_id != primary.pk:
        return
    letter = (
        Message.objects.select_related("ticket").filter(ticket=merged, kind=MessageKind.INCOMING).order_by("-created_at", "-pk").first()
    )
    if letter is not None and merged.waiting_since is not None and letter.created_at >= merged.waiting_since:
        recording.echo(primary, letter, by=by)
    if primary.status.group != StatusGroup.OPEN:
        _open(primary, by=by)
    recording.change(merged, by=by, status=TicketStatus.objects.get(code=Status.CLOSED))
    recording.rest(merged)
    mirroring.send_ticket(merged)


def _open(ticket: Ticket, *, by: Actor) -> None:
    if recording.change(ticket, by=by, status=TicketStatus.objects.get(code=Status.OPEN)):
        mirroring.send_ticket(ticket)


def _is_elsewhere(ticket: Ticket) -> bool:
    return ticket.sync_state in {SyncState.GONE, SyncState.AWAITING_APPROVAL}


def _are_of_one_person(ticket: Ticket, other: Ticket) -> bool:
    """Both confidential or neither, and asked by the same person: nobody reads more than before."""
    if ticket.confidential != other.confidential:
        return False
    return ticket.requester_id is not None and ticket.requester_id == other.requester_id and ticket.opened_by_id == other.opened_by_id


def _status_again(merged: Ticket, link: TicketLink) -> TicketStatus:
    """Open where the requester spoke last, since the merge; else what it was, unless somebody changed it meanwhile."""
    last = Message.objects.public().filter(ticket=merged, removed_at=None).order_by("-created_at", "-pk").first()
    if last is not None and last.kind == MessageKind.INCOMING and last.created_at > link.created_at:
        return TicketStatus.objects.get(code=Status.OPEN)
    was = TicketStatus.objects.filter(code=link.status_before or 0).first()
    return was if was is not None and merged.status_id == Status.CLOSED else merged.status


def _cannot_part(ticket: Ticket) -> str:
    if ticket.merged_into_id:
        return _("It was merged in Freshdesk, which cannot take a merge back.")
    return _("It is not merged any more. Somebody took that back already.")


def _tell_freshdesk(merged: Ticket, primary: Ticket, *, by: Actor) -> None:
    """A note on both, for whoever works there; Freshdesk's own merge is never used, since it cannot be taken back."""
    _say(merged, _("In Hubdesk this is answered in %(other)s.") % {"other": _named(primary)}, by=by)
    _say(primary, _("In Hubdesk %(other)s is answered here too.") % {"other": _named(merged)}, by=by)


def _say(ticket: Ticket, words: str, *, by: Actor) -> None:
    if sync.is_connected() and ticket.freshdesk_id is not None:
        replies.keep_note(ticket, Letter(kind=MessageKind.NOTE, body_html=f"<p>{escape(words)}</p>", body_text=words), by=by)


def _named(ticket: Ticket) -> str:
    return f"{ticket.reference} (#{ticket.freshdesk_id})" if ticket.freshdesk_id else ticket.reference
