"""Looking for what may have arrived: a ticket by the key in its tag, a message by who wrote which words when."""

from datetime import timedelta

from ground import sanitising
from support.external_keys import content_hash, tag_of
from support.freshdesk import Freshdesk
from support.freshdesk.shapes import Conversation
from support.freshdesk.shapes import Ticket as RemoteTicket
from support.models import Message, Ticket
from support.sync.outcomes import was_the_last_look

BEFORE_TICKET = timedelta(minutes=5)
BEFORE_MESSAGE = timedelta(minutes=1)


def ticket_by_key(freshdesk: Freshdesk, ticket: Ticket) -> RemoteTicket | None:
    """The ticket that carries our key; on the last look also among the spam and the deleted."""
    tag = tag_of(ticket.external_key)
    places = (None, "deleted", "spam") if was_the_last_look(ticket) else (None,)
    for place in places:
        found = next((row for row in _changed_since(freshdesk, ticket, place) if tag in row.tags), None)
        if found:
            return found
    return None


def fingerprint(row: Conversation) -> str:
    """The words of what Freshdesk shows, however it wraps them."""
    return content_hash(sanitising.plain_text(row.body) if row.body else row.body_text)


def message_among(rows: list[Conversation], message: Message, *, author_ids: set[int | None]) -> Conversation | None:
    """The conversation entry that is this message: ours by author, words and time, and nobody else's yet."""
    if message.attempted_at is None:
        return None
    earliest = message.attempted_at - BEFORE_MESSAGE
    taken = set(Message.objects.filter(ticket_id=message.ticket_id).exclude(freshdesk_id=None).values_list("freshdesk_id", flat=True))
    return next(
        (
            row
            for row in rows
            if row.id not in taken
            and row.user_id in author_ids
            and fingerprint(row) == message.content_hash
            and row.created_at is not None
            and row.created_at >= earliest
        ),
        None,
    )


def _changed_since(freshdesk: Freshdesk, ticket: Ticket, place: str | None) -> list[RemoteTicket]:
    if ticket.attempted_at is None:
        return []
    rows: list[RemoteTicket] = []
    page, more = 1, True
    while more:
        found = freshdesk.tickets(
            updated_since=ticket.attempted_at - BEFORE_TICKET, page=page, order_by="created_at", order_type="desc", filter_name=place
        )
        rows.extend(found.items)
        page, more = page + 1, found.has_next
    return rows
