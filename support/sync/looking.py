"""Looking for what may have arrived: a ticket by the key in its tag, a message by who wrote which words when."""

from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta

from ground import sanitising
from ground.errors import Rejected
from support.freshdesk import Freshdesk
from support.freshdesk.shapes import Conversation
from support.freshdesk.shapes import Ticket as RemoteTicket
from support.models import Message, Ticket
from support.recording.external_keys import content_hash, tag_of
from support.sync.outcomes import was_the_last_look

BEFORE = timedelta(minutes=30)  # their clock and ours may differ; keys, authors and words do the telling
NOTE = 2
SURVEY = 6


def tickets_by_key(freshdesk: Freshdesk, ticket: Ticket) -> list[RemoteTicket]:
    """The tickets that carry our key, the oldest first; on the last look also among the spam, the deleted, and in the index."""
    tag = tag_of(ticket.external_key)
    found = [row for row in _changed_since(freshdesk, ticket, None) if tag in row.tags]
    if not found and was_the_last_look(ticket):
        found = [row for row in _everywhere(freshdesk, ticket, tag) if tag in row.tags]
    return sorted(found, key=lambda row: row.id or 0)


def fingerprint(row: Conversation) -> str:
    """The words of what Freshdesk shows, however it wraps them."""
    return content_hash(sanitising.plain_text(row.body) if row.body else row.body_text)


def message_among(
    rows: Collection[Conversation], message: Message, *, author_ids: Collection[int | None], taken: Collection[int | None]
) -> Conversation | None:
    """The conversation entry that is this message: ours by author, words and time, and nobody else's yet."""
    if message.attempted_at is None:
        return None
    earliest = message.attempted_at - BEFORE
    return next(
        (
            row
            for row in rows
            if row.id not in taken
            and row.user_id in author_ids
            and _may_be_ours(row)
            and row.created_at is not None
            and row.created_at >= earliest
            and fingerprint(row) == message.content_hash
        ),
        None,
    )


def _may_be_ours(row: Conversation) -> bool:
    """What a requester says through us is a note; their mails are none."""
    return not row.incoming or row.source in {None, NOTE}


def _everywhere(freshdesk: Freshdesk, ticket: Ticket, tag: str) -> Iterator[RemoteTicket]:
    for place in ("deleted", "spam"):
        yield from _changed_since(freshdesk, ticket, place)
    yield from _indexed(freshdesk, tag)


def _indexed(freshdesk: Freshdesk, tag: str) -> Sequence[RemoteTicket]:
    """The index is minutes late and not every account may ask it: only a belt."""
    try:
        return freshdesk.search_tickets(f"tag:'{tag}'").items
    except Rejected:
        return ()


def _changed_since(freshdesk: Freshdesk, ticket: Ticket, place: str | None) -> Iterator[RemoteTicket]:
    if ticket.attempted_at is None:
        return
    page, more = 1, True
    while more:
        found = freshdesk.tickets(
            updated_since=ticket.attempted_at - BEFORE, page=page, order_by="created_at", order_type="desc", filter_name=place
        )
        yield from found.items
        page, more = page + 1, found.has_next
