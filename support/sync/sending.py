"""A message on its way to Freshdesk: in order within its ticket, and never twice."""

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from ground.outbox import claim
from support import recording
from support.freshdesk import Freshdesk
from support.freshdesk.drafts import NewNote
from support.freshdesk.shapes import Conversation
from support.models import Message, Ticket
from support.people import contacts
from support.states import MessageKind, SyncState
from support.sync import carrying, companies, conversing, looking, outcomes, people
from support.sync.outcomes import Outcome

ON_ITS_WAY = (SyncState.QUEUED, SyncState.UNKNOWN)


def push_waiting(freshdesk: Freshdesk, ticket_pk: int) -> None:
    """The ticket's next messages, in order, until one has to wait."""
    for pk in list(_waiting(ticket_pk).values_list("pk", flat=True)):
        _waiting(ticket_pk).filter(pk=pk, attempted_at=None).update(next_attempt_at=timezone.now())
        if push(freshdesk, pk) != Outcome.PUSHED:
            return


def push(freshdesk: Freshdesk, pk: int) -> Outcome:
    """One message. Whoever calls has the ticket's turn."""
    message = claim(Message, pk)
    if message is None:
        return Outcome.NOTHING
    if message.freshdesk_id:
        return _arrived_already(message)
    hindrance = _hindrance(message)
    if hindrance:
        return outcomes.wait_for_turn(message, hindrance)
    return outcomes.attempt(message, lambda: _send(freshdesk, message, message.ticket))


def _hindrance(message: Message) -> str:
    """What has to go before this message."""
    if message.ticket.freshdesk_id is None:
        return "its ticket is not in Freshdesk yet"
    return "an earlier message has not gone yet" if _waiting(message.ticket_id).filter(pk__lt=message.pk).exists() else ""


def _send(freshdesk: Freshdesk, message: Message, ticket: Ticket) -> Outcome:
    author_id = _spoken_for(freshdesk, message, ticket)
    if outcomes.may_have_arrived(message):
        found = _look(freshdesk, message, ticket, author_id or people.ours(freshdesk).freshdesk_id)
        if found:
            return _arrived(message, found)
        if not outcomes.was_the_last_look(message):
            return outcomes.look_again(message, "Freshdesk has not shown this message yet")
    return _arrived(message, outcomes.send(message, lambda: _say(freshdesk, message, ticket, author_id)))


def _look(freshdesk: Freshdesk, message: Message, ticket: Ticket, author_id: int) -> Conversation | None:
    rows = freshdesk.conversations(ticket.freshdesk_id or 0)
    taken = set(Message.objects.filter(ticket=ticket, freshdesk_id__isnull=False).values_list("freshdesk_id", flat=True))
    return looking.message_among(rows, message, author_ids={author_id}, taken=taken)


def _say(freshdesk: Freshdesk, message: Message, ticket: Ticket, author_id: int | None) -> Conversation:
    """A reply mails the requester; a note stays inside; a member's post is a public incoming note of that contact."""
    number, body = ticket.freshdesk_id or 0, message.body_html
    if message.kind == MessageKind.REPLY:
        return carrying.send(message, lambda files: freshdesk.reply(number, body=body, cc=message.cc, files=files))
    is_note = message.kind == MessageKind.NOTE
    draft = NewNote(body=body) if is_note else NewNote(body=body, private=False, incoming=True, user_id=author_id)
    return carrying.send(message, lambda files: freshdesk.note(number, draft, files=files))


def _spoken_for(freshdesk: Freshdesk, message: Message, ticket: Ticket) -> int | None:
    """The contact whose words these are. Nobody may speak for another agent: such words go out as our own."""
    if message.kind != MessageKind.INCOMING:
        return None
    contact = message.author_contact or (contacts.of(message.author_user) if message.author_user else ticket.requester)
    if contact is None:
        return None
    company = companies.link_of(ticket.community) if ticket.community else None
    freshdesk_id = people.ensure_contact(freshdesk, contact, company=company).freshdesk_id
    return None if people.known_agent(freshdesk_id) else freshdesk_id


@transaction.atomic
def _arrived(message: Message, row: Conversation) -> Outcome:
    """It is there, under this id. A pull may have said so first, or have taken it for somebody else's."""
    recording.locked(message.ticket_id)
    _take_place(message, row)
    conversing.remember(message, row)
    message.save(update_fields=[*conversing.REMEMBERED])
    carrying.recognise(message, row.attachments)
    outcomes.sent(message)
    return Outcome.PUSHED


def _take_place(message: Message, row: Conversation) -> None:
    """A pull that was quicker than the answer, and did not know our words as Freshdesk changed them, wrote them down as new ones."""
    for taken in Message.objects.filter(ticket=message.ticket_id, freshdesk_id=row.id).exclude(pk=message.pk):
        Ticket.objects.filter(pk=message.ticket_id).update(file_count=F("file_count") - taken.files.count())
        taken.delete()


def _arrived_already(message: Message) -> Outcome:
    """A pull recognised it while it was thought to be on its way."""
    Message.objects.filter(pk=message.pk).update(sync_state=SyncState.SYNCED, attempted_at=None)
    message.settled()
    return Outcome.PUSHED


def _waiting(ticket_pk: int) -> QuerySet[Message]:
    return Message.objects.filter(ticket_id=ticket_pk, sync_state__in=ON_ITS_WAY, freshdesk_id=None).order_by("pk")
