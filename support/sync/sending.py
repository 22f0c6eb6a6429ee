"""A message on its way to Freshdesk: in order within its ticket, and never twice."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from ground.errors import Rejected, Unavailable
from ground.outbox import claim
from support import contacts
from support.freshdesk import Freshdesk
from support.freshdesk.drafts import NewNote
from support.freshdesk.shapes import Conversation
from support.models import Message, Ticket
from support.states import MessageKind, SyncState
from support.sync import companies, looking, outcomes, people
from support.sync.outcomes import Outcome

ON_ITS_WAY = (SyncState.QUEUED, SyncState.UNKNOWN)


def push_message(freshdesk: Freshdesk, pk: int) -> Outcome:
    """Send one message, once its ticket is there and everything before it has gone; then what waited for it."""
    outcome = _push(freshdesk, pk)
    if outcome == Outcome.PUSHED:
        push_waiting_messages(freshdesk, Message.objects.values_list("ticket_id", flat=True).get(pk=pk))
    return outcome


def push_waiting_messages(freshdesk: Freshdesk, ticket_pk: int) -> None:
    """The ticket's next messages, in order, until one has to wait."""
    for pk in list(_waiting(ticket_pk).values_list("pk", flat=True)):
        _waiting(ticket_pk).filter(pk=pk, attempted_at=None).update(next_attempt_at=timezone.now())
        if _push(freshdesk, pk) != Outcome.PUSHED:
            return


def _push(freshdesk: Freshdesk, pk: int) -> Outcome:
    message = claim(Message, pk)
    if message is None:
        return Outcome.NOTHING
    if message.freshdesk_id:
        return arrived_already(message)
    hindrance = _hindrance(message)
    return outcomes.wait_for_turn(message, hindrance) if hindrance else _attempt(freshdesk, message)


def _hindrance(message: Message) -> str:
    """What has to go before this message."""
    if message.ticket.freshdesk_id is None:
        return "its ticket is not in Freshdesk yet"
    return "an earlier message has not gone yet" if _waiting(message.ticket_id).filter(pk__lt=message.pk).exists() else ""


def _attempt(freshdesk: Freshdesk, message: Message) -> Outcome:
    try:
        return _send(freshdesk, message, message.ticket)
    except outcomes.Taken:
        return Outcome.WAITING
    except Unavailable as error:
        return outcomes.unavailable(message, error)
    except Rejected as error:
        return outcomes.rejected(message, error)


def _send(freshdesk: Freshdesk, message: Message, ticket: Ticket) -> Outcome:
    author_id = _spoken_for(freshdesk, message, ticket)
    if outcomes.may_have_arrived(message):
        rows = freshdesk.conversations(ticket.freshdesk_id or 0)
        found = looking.message_among(rows, message, author_ids={author_id or people.ours(freshdesk).freshdesk_id})
        if found:
            return arrived(message, found)
        if not outcomes.was_the_last_look(message):
            return outcomes.look_again(message, "Freshdesk has not shown this message yet")
    return arrived(message, outcomes.send(message, lambda: _say(freshdesk, message, ticket, author_id)))


def _say(freshdesk: Freshdesk, message: Message, ticket: Ticket, author_id: int | None) -> Conversation:
    """A reply mails the requester; a note stays inside; a member's post is a public incoming note of that contact."""
    ticket_id = ticket.freshdesk_id or 0
    match message.kind:
        case MessageKind.REPLY:
            return freshdesk.reply(ticket_id, body=message.body_html)
        case MessageKind.NOTE:
            return freshdesk.note(ticket_id, NewNote(body=message.body_html))
    return freshdesk.note(ticket_id, NewNote(body=message.body_html, private=False, incoming=True, user_id=author_id))


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
def arrived(message: Message, row: Conversation) -> Outcome:
    """It is there, under this id. A pull may have said so first."""
    Message.objects.filter(pk=message.pk).update(
        freshdesk_id=row.id, sync_state=SyncState.SYNCED, remote_raw=dict(row.raw), synced_at=timezone.now(), attempted_at=None
    )
    message.settled()
    return Outcome.PUSHED


def arrived_already(message: Message) -> Outcome:
    """A pull recognised it while it was thought to be on its way."""
    Message.objects.filter(pk=message.pk).update(sync_state=SyncState.SYNCED, attempted_at=None)
    message.settled()
    return Outcome.PUSHED


def _waiting(ticket_pk: int) -> QuerySet[Message]:
    return Message.objects.filter(ticket_id=ticket_pk, sync_state__in=ON_ITS_WAY, freshdesk_id=None).order_by("pk")
