"""The calls the desk makes. Each raises Unavailable (later) or Rejected (never) and nothing else."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, Self, TypeVar

import httpx

from ground.errors import Rejected
from support.freshdesk.answers import Answer
from support.freshdesk.budget import Budget, Cost, Lane, SubLimit
from support.freshdesk.clock import Clock
from support.freshdesk.downloads import LARGEST, Downloads
from support.freshdesk.drafts import CompanyFacts, ContactFacts, MergeNote, NewNote, NewTicket, TicketChanges
from support.freshdesk.multipart import Files
from support.freshdesk.shapes import (
    Agent,
    CannedFolder,
    CannedResponse,
    Company,
    Contact,
    Conversation,
    Group,
    SatisfactionRating,
    Shape,
    Ticket,
    TicketField,
    TimeEntry,
)
from support.freshdesk.wire import ONE, PATIENCE, Wire

PAGE_SIZE = 100
INCLUDED_CONVERSATIONS = 10  # where a ticket's included conversations are cut, without a word
ALREADY = frozenset({404, 405})  # what a deletion says of what is deleted
SINCE = ("updated_since", "_updated_since")  # the contacts' filter, by the age of the account
LISTED_TICKETS = Cost(1, SubLimit.TICKETS_LIST)
LISTED_CONTACTS = Cost(1, SubLimit.CONTACTS_LIST)
CREATED_TICKET = Cost(1, SubLimit.TICKET_CREATE)
UPDATED_TICKET = Cost(1, SubLimit.TICKET_UPDATE)
ShapeT = TypeVar("ShapeT", bound=Shape)


@dataclass(frozen=True)
class Page(Generic[ShapeT]):
    """One page of a list, with the server's clock. `total` is what a search found on all pages together."""

    items: tuple[ShapeT, ...]
    at: datetime | None
    has_next: bool
    total: int | None = None


@dataclass(frozen=True)
class WholeTicket:
    """A ticket with its whole conversation, oldest first, and the server's clock before anything was read."""

    ticket: Ticket
    conversations: tuple[Conversation, ...]
    at: datetime | None


class Freshdesk:
    """One Freshdesk account, seen by the agent whose key we hold."""

    def __init__(
        self,
        base_url: str,
        api_key: str,
        transport: httpx.BaseTransport | None = None,
        *,
        lane: Lane = Lane.PERSON,
        patience: float = PATIENCE,
        budget: Budget | None = None,
        clock: Clock | None = None,
    ) -> None:
        """`lane`: who waits for the calls. `patience`: how many seconds a call waits in place, for the budget or as Freshdesk asks.

        Without a budget the client keeps one for itself alone.
        """
        self._wire = Wire(base_url, api_key, transport=transport, lane=lane, patience=patience, budget=budget, clock=clock)
        self._downloads = Downloads(base_url, transport=transport, clock=clock)
        self._since = SINCE[0]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._wire.close()
        self._downloads.close()

    @property
    def credits_used(self) -> float:
        """What our calls have cost so far."""
        return self._wire.credits_used

    # People who answer, and how the account is set up

    def me(self) -> Agent:
        """The agent whose key we hold: proves the key, and tells our own echoes."""
        return _one(Agent, self._wire.get("agents/me"))

    def agents(self) -> list[Agent]:
        return list(self._every(Agent, "agents"))

    def groups(self) -> list[Group]:
        """Without their agents; `group` tells those."""
        return list(self._every(Group, "groups"))

    def group(self, group_id: int) -> Group:
        return _one(Group, self._wire.get(f"groups/{group_id}"))

    def ticket_fields(self) -> list[TicketField]:
        return list(_rows(TicketField, self._wire.get("ticket_fields", expect=list)))

    def canned_response_folders(self) -> list[CannedFolder]:
        return list(self._every(CannedFolder, "canned_response_folders"))

    def canned_responses(self, folder_id: int) -> list[CannedResponse]:
        """A folder's responses with their words."""
        return list(self._every(CannedResponse, f"canned_response_folders/{folder_id}/responses"))

    # Tickets

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
            cost=_with_includes(LISTED_TICKETS, include, each=2),
            updated_since=_stamp(updated_since),
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
        return Page(items, answer.at, has_next=page < 10 and found > page * 30, total=found)

    def ticket(self, ticket_id: int, *, include: Collection[str] = ()) -> Ticket:
        """One ticket, with its description. Each include costs a credit; included conversations stop at ten."""
        return _one(
            Ticket,
            self._wire.get(f"tickets/{ticket_id}", _said(include=",".join(include) or None), cost=_with_includes(ONE, include, each=1)),
        )

    def ticket_with_conversations(self, ticket_id: int) -> WholeTicket:
        """Two credits; one more for every hundred conversations where there are ten or more."""
        ticket = self.ticket(ticket_id, include=("conversations",))
        few = ticket.has("conversations") and len(ticket.conversations) < INCLUDED_CONVERSATIONS
        conversations = ticket.conversations if few else tuple(self.conversations(ticket_id))
        return WholeTicket(ticket, conversations, ticket.seen_at)

    def archived_ticket(self, ticket_id: int) -> Ticket:
        """A ticket that was closed for so long that the plain address answers 404."""
        return _one(Ticket, self._wire.get(f"tickets/archived/{ticket_id}"))

    def create_ticket(self, draft: NewTicket, *, files: Files = ()) -> Ticket:
        """Not idempotent: when the outcome is unknown look for the ticket before asking again."""
        return _one(Ticket, self._wire.post("tickets", draft.payload(), files=files, cost=CREATED_TICKET))

    def update_ticket(self, ticket_id: int, changes: TicketChanges, *, files: Files = ()) -> Ticket:
        """What was written may come back different: read the answer. Files are added each time, so with them it is asked once."""
        path, payload = f"tickets/{ticket_id}", changes.payload()
        if files:
            return _one(Ticket, self._wire.put_once(path, payload, files=files, cost=UPDATED_TICKET))
        return _one(Ticket, self._wire.put(path, payload, cost=UPDATED_TICKET))

    def delete_ticket(self, ticket_id: int) -> bool:
        """Into the trash; False when it was there, or is nowhere, already."""
        return _unless_already(lambda: self._wire.delete(f"tickets/{ticket_id}"))

    def restore_ticket(self, ticket_id: int) -> bool:
        """Out of the trash or the spam; False when there was nothing to restore."""
        return _unless_already(lambda: self._wire.put(f"tickets/{ticket_id}/restore", expect=None))

    def merge_tickets(
        self, primary_id: int, ticket_ids: Collection[int], *, here: MergeNote | None = None, there: MergeNote | None = None
    ) -> None:
        """Close tickets in favour of another; `here` is written on that one, `there` on the closed. Not idempotent: each time writes its notes."""
        notes = _said(note_in_primary=here and here.payload(), note_in_secondary=there and there.payload())
        self._wire.put_once("tickets/merge", {"primary_id": primary_id, "ticket_ids": list(ticket_ids), **notes}, expect=None)

    # Conversations

    def conversations(self, ticket_id: int) -> list[Conversation]:
        """All of them, oldest first, to the last page."""
        return list(self._every(Conversation, f"tickets/{ticket_id}/conversations"))

    def conversations_page(self, ticket_id: int, *, page: int = 1) -> Page[Conversation]:
        return self._page(Conversation, f"tickets/{ticket_id}/conversations", page=page)

    def archived_conversations(self, ticket_id: int) -> list[Conversation]:
        return list(self._every(Conversation, f"tickets/archived/{ticket_id}/conversations"))

    def reply(self, ticket_id: int, *, body: str, files: Files = ()) -> Conversation:
        """Answer the requester, by mail, as the key's agent. Not idempotent, and a second one is a second mail."""
        return _one(Conversation, self._wire.post(f"tickets/{ticket_id}/reply", {"body": body}, files=files))

    def note(self, ticket_id: int, draft: NewNote, *, files: Files = ()) -> Conversation:
        """Add a note, mailed to nobody. Not idempotent."""
        return _one(Conversation, self._wire.post(f"tickets/{ticket_id}/notes", draft.payload(), files=files))

    def update_note(self, conversation_id: int, *, body: str) -> Conversation:
        """Only notes can be changed."""
        return _one(Conversation, self._wire.put(f"conversations/{conversation_id}", {"body": body}))

    def delete_conversation(self, conversation_id: int) -> bool:
        """Without a trace; False when it was gone already."""
        return _unless_already(lambda: self._wire.delete(f"conversations/{conversation_id}"))

    def delete_attachment(self, attachment_id: int) -> bool:
        return _unless_already(lambda: self._wire.delete(f"attachments/{attachment_id}"))

    def download(self, url: str, *, largest: int = LARGEST) -> AbstractContextManager[Iterator[bytes]]:
        """The octets behind an `attachment_url`, in a `with`. The address expires (Rejected, 403): ask for the ticket again. Costs no credit."""
        return self._downloads.open(url, largest=largest)

    # People who ask

    def contact(self, contact_id: int) -> Contact:
        return _one(Contact, self._wire.get(f"contacts/{contact_id}"))

    def contacts(self, *, updated_since: datetime | None = None, page: int = 1, state: str | None = None) -> Page[Contact]:
        """One page, by name. `state` is "deleted" or "blocked", whom the plain list leaves out, "verified" or "unverified"."""
        if updated_since is None:
            return self._contacts(page=page, state=state)
        try:
            return self._contacts(page=page, state=state, **{self._since: _stamp(updated_since)})
        except Rejected as refusal:
            if not _is_unknown_field(refusal, self._since):
                raise
        self._since = next(name for name in SINCE if name != self._since)
        return self._contacts(page=page, state=state, **{self._since: _stamp(updated_since)})

    def find_contact(self, email: str) -> Contact | None:
        """The contact of an address, in whatever case it was typed; not the blocked or deleted ones."""
        found = self._contacts(email=email.lower()).items
        return next((contact for contact in found if contact.email.lower() == email.lower()), None)

    def create_contact(self, facts: ContactFacts, *, files: Files = ()) -> Contact:
        """A new contact, or the one that already holds the address. A file's part is `avatar`."""
        try:
            return _one(Contact, self._wire.post("contacts", facts.payload(), files=files))
        except Rejected as refusal:
            known = holder_of_duplicate(refusal)
            if known is None:
                raise
            return self._holder(known, facts)

    def update_contact(self, contact_id: int, facts: ContactFacts, *, files: Files = ()) -> Contact:
        """405: deleted or blocked; 404: an agent, or nobody."""
        path, payload = f"contacts/{contact_id}", facts.payload()
        if files:
            return _one(Contact, self._wire.put_once(path, payload, files=files))
        return _one(Contact, self._wire.put(path, payload))

    def restore_contact(self, contact_id: int) -> bool:
        """False when there was nothing to restore."""
        return _unless_already(lambda: self._wire.put(f"contacts/{contact_id}/restore", expect=None))

    # Organisations

    def companies(self, *, updated_since: datetime | None = None, page: int = 1) -> Page[Company]:
        return self._page(Company, "companies", page=page, updated_since=updated_since and _stamp(updated_since))

    def company(self, company_id: int) -> Company:
        return _one(Company, self._wire.get(f"companies/{company_id}"))

    def find_company(self, name: str) -> Company | None:
        """The company of exactly this name. Freshdesk's autocomplete matches the start of words."""
        answer = self._wire.get("companies/autocomplete", {"name": name}, expect=object)
        rows = answer.payload.get("companies") if isinstance(answer.payload, dict) else answer.payload
        found = [Company.read(row) for row in rows] if isinstance(rows, list) else []
        named = next((each for each in found if each.id and each.name.casefold() == name.casefold()), None)
        return self.company(named.id or 0) if named else None

    def create_company(self, facts: CompanyFacts) -> Company:
        """A new company, or the one that already has the name."""
        try:
            return _one(Company, self._wire.post("companies", facts.payload()))
        except Rejected as refusal:
            known = self._company_in_the_way(refusal, facts)
            if known is None:
                raise
            return known

    def update_company(self, company_id: int, facts: CompanyFacts) -> Company:
        return _one(Company, self._wire.put(f"companies/{company_id}", facts.payload()))

    # What is measured beside tickets

    def satisfaction_ratings(self, *, created_since: datetime, page: int = 1) -> Page[SatisfactionRating]:
        """403 with `require_feature` where the plan has no surveys."""
        return self._page(SatisfactionRating, "surveys/satisfaction_ratings", page=page, created_since=_stamp(created_since))

    def time_entries(self, *, executed_after: datetime, page: int = 1) -> Page[TimeEntry]:
        return self._page(TimeEntry, "time_entries", page=page, executed_after=_stamp(executed_after))

    def _holder(self, contact_id: int, facts: ContactFacts) -> Contact:
        """Whoever holds the address already; an agent answers 404 here and may ask all the same."""
        try:
            return self.contact(contact_id)
        except Rejected as refusal:
            if refusal.status != 404:
                raise
            return Contact(id=contact_id, name=facts.name or "", email=facts.email or "")

    def _company_in_the_way(self, refusal: Rejected, facts: CompanyFacts) -> Company | None:
        if not facts.name or not is_duplicate(refusal):
            return None
        known, name = self.find_company(facts.name), facts.name.casefold()
        return known or next((company for company in self._every(Company, "companies") if company.name.casefold() == name), None)

    # Lists

    def _contacts(self, *, page: int = 1, **params: Any) -> Page[Contact]:
        return self._page(Contact, "contacts", page=page, cost=LISTED_CONTACTS, **params)

    def _page(self, shape: type[ShapeT], path: str, *, page: int = 1, cost: Cost = ONE, **params: Any) -> Page[ShapeT]:
        answer = self._wire.get(path, _said(page=page, per_page=PAGE_SIZE, **params), cost=cost, expect=list)
        return Page(_rows(shape, answer), answer.at, answer.has_next_page)

    def _every(self, shape: type[ShapeT], path: str) -> Iterator[ShapeT]:
        number, more = 1, True
        while more:
            page = self._page(shape, path, page=number)
            yield from page.items
            number, more = number + 1, page.has_next


def is_duplicate(refusal: Rejected) -> bool:
    return refusal.status in {400, 409} and any(error.get("code") == "duplicate_value" for error in refusal.errors)


def holder_of_duplicate(refusal: Rejected) -> int | None:
    """Who already has what we wanted to give: Freshdesk names the contact in the refusal."""
    for error in refusal.errors:
        match error:
            case {"additional_info": {"user_id": int(holder)}}:
                return holder
    return None


def _one(shape: type[ShapeT], answer: Answer) -> ShapeT:
    return shape.read(answer.payload, seen_at=answer.at)


def _rows(shape: type[ShapeT], answer: Answer) -> tuple[ShapeT, ...]:
    return tuple(shape.read(row, seen_at=answer.at) for row in answer.payload)


def _unless_already(ask: Callable[[], Answer]) -> bool:
    try:
        ask()
    except Rejected as refusal:
        if refusal.status not in ALREADY:
            raise
        return False
    return True


def _is_unknown_field(refusal: Rejected, name: str) -> bool:
    return refusal.status == 400 and any(error.get("field") == name for error in refusal.errors)


def _with_includes(cost: Cost, include: Collection[str], *, each: int) -> Cost:
    return Cost(cost.credits + each * len(include), cost.sublimit)


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _said(**params: Any) -> Mapping[str, Any]:
    return {name: value for name, value in params.items() if value is not None}
