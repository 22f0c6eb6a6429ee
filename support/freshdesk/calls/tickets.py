"""Tickets: listed, found, read whole, written."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from support.freshdesk.budget import Cost, SubLimit
from support.freshdesk.calls.base import Page, one, said, stamp, unless_already, with_includes
from support.freshdesk.calls.conversations import ConversationCalls
from support.freshdesk.drafts import MergeNote, NewRating, NewTicket, TicketChanges
from support.freshdesk.multipart import Files
from support.freshdesk.shapes import Conversation, SatisfactionRating, Ticket
from support.freshdesk.wire import ONE

INCLUDED_CONVERSATIONS = 10  # where a ticket's included conversations are cut, without a word
LISTED = Cost(1, SubLimit.TICKETS_LIST)
CREATED = Cost(1, SubLimit.TICKET_CREATE)
UPDATED = Cost(1, SubLimit.TICKET_UPDATE)
FOUND_ON_A_PAGE = 30
LAST_PAGE_OF_A_SEARCH = 10


@dataclass(frozen=True)
class WholeTicket:
    """A ticket with its whole conversation, oldest first, and the server's clock before anything was read."""

    ticket: Ticket
    conversations: tuple[Conversation, ...]
    at: datetime | None


class TicketCalls(ConversationCalls):
    """A ticket has as many shapes as calls that tell it; one type reads them all."""

    def tickets(
        self,
        *,
        updated_since: datetime,
        page: int = 1,
        order_by: str = "updated_at",
        order_type: str = "asc",
        filter_name: str | None = None,
        requester_id: int | None = None,
        company_id: int | None = None,
        include: Collection[str] = (),
    ) -> Page[Ticket]:
        """One page, oldest change first. `updated_since` is inclusive, and without it Freshdesk forgets what is older than 30 days.

        `filter_name` is "spam" or "deleted", which the plain list leaves out. Each include (description, requester, stats) costs two credits.
        """
        return self._page(
            Ticket,
            "tickets",
            page=page,
            cost=with_includes(LISTED, include, each=2),
            updated_since=stamp(updated_since),
            order_by=order_by,
            order_type=order_type,
            filter=filter_name,
            requester_id=requester_id,
            company_id=company_id,
            include=",".join(include) or None,
        )

    def search_tickets(self, query: str, *, page: int = 1) -> Page[Ticket]:
        """What the index knows, minutes late: thirty a page, ten pages. `query` in Freshdesk's grammar, without the quotes around it."""
        answer = self._wire.get("search/tickets", {"query": f'"{query}"', "page": page})
        rows, total = answer.payload.get("results"), answer.payload.get("total")
        items = tuple(Ticket.read(row, seen_at=answer.at) for row in rows) if isinstance(rows, list) else ()
        found = total if isinstance(total, int) else len(items)
        return Page(items, answer.at, has_next=page < LAST_PAGE_OF_A_SEARCH and found > page * FOUND_ON_A_PAGE, total=found)

    def ticket(self, ticket_id: int, *, include: Collection[str] = ()) -> Ticket:
        """One ticket, with its description. Each include costs a credit; included conversations stop at ten."""
        return one(
            Ticket,
            self._wire.get(f"tickets/{ticket_id}", said(include=",".join(include) or None), cost=with_includes(ONE, include, each=1)),
        )

    def ticket_with_conversations(self, ticket_id: int) -> WholeTicket:
        """Two credits; one more for every hundred conversations where there are ten or more."""
        ticket = self.ticket(ticket_id, include=("conversations",))
        few = isinstance(ticket.raw.get("conversations"), list) and len(ticket.conversations) < INCLUDED_CONVERSATIONS
        conversations = ticket.conversations if few else tuple(self.conversations(ticket_id))
        return WholeTicket(ticket, conversations, ticket.seen_at)

    def archived_ticket(self, ticket_id: int) -> Ticket:
        """A ticket that was closed for so long that the plain address answers 404."""
        return one(Ticket, self._wire.get(f"tickets/archived/{ticket_id}"))

    def create_ticket(self, draft: NewTicket, *, files: Files = ()) -> Ticket:
        """Not idempotent: when the outcome is unknown look for the ticket before asking again."""
        return one(Ticket, self._wire.post("tickets", draft.payload(), files=files, cost=CREATED))

    def update_ticket(self, ticket_id: int, changes: TicketChanges, *, files: Files = ()) -> Ticket:
        """What was written may come back different: read the answer. Files are added each time, so with them it is asked once."""
        path, payload = f"tickets/{ticket_id}", changes.payload()
        if files:
            return one(Ticket, self._wire.put_once(path, payload, files=files, cost=UPDATED))
        return one(Ticket, self._wire.put(path, payload, cost=UPDATED))

    def delete_ticket(self, ticket_id: int) -> bool:
        """Into the trash; False when it was there, or is nowhere, already."""
        return unless_already(lambda: self._wire.delete(f"tickets/{ticket_id}"))

    def restore_ticket(self, ticket_id: int) -> bool:
        """Out of the trash or the spam; False when there was nothing to restore."""
        return unless_already(lambda: self._wire.put(f"tickets/{ticket_id}/restore", expect=None))

    def merge_tickets(
        self, primary_id: int, ticket_ids: Collection[int], *, here: MergeNote | None = None, there: MergeNote | None = None
    ) -> None:
        """Close tickets in favour of another; `here` is written on that one, `there` on the closed. Not idempotent: each time writes its notes."""
        notes = said(note_in_primary=here and here.payload(), note_in_secondary=there and there.payload())
        self._wire.put_once("tickets/merge", {"primary_id": primary_id, "ticket_ids": list(ticket_ids), **notes}, expect=None)

    def ratings_of_ticket(self, ticket_id: int) -> list[SatisfactionRating]:
        """403 with `require_feature` where the plan has no surveys."""
        return list(self._every(SatisfactionRating, f"tickets/{ticket_id}/satisfaction_ratings"))

    def rate_ticket(self, ticket_id: int, draft: NewRating) -> SatisfactionRating:
        """Not idempotent, and never changed afterwards: when the outcome is unknown look for the rating before asking again."""
        return one(SatisfactionRating, self._wire.post(f"tickets/{ticket_id}/satisfaction_ratings", draft.payload()))
