"""The calls the desk makes. Each raises Unavailable (later) or Rejected (never) and nothing else."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, Self, TypeVar

import httpx

from ground.errors import Rejected
from support.freshdesk.drafts import CompanyFacts, ContactFacts, NewNote, NewTicket, TicketChanges
from support.freshdesk.headers import Credits
from support.freshdesk.shapes import Agent, Company, Contact, Conversation, Group, Shape, Ticket, TicketField
from support.freshdesk.wire import PATIENCE, Answer, Wire

PAGE_SIZE = 100
ShapeT = TypeVar("ShapeT", bound=Shape)


@dataclass(frozen=True)
class Page(Generic[ShapeT]):
    """One page of a list, with the server's clock."""

    items: tuple[ShapeT, ...]
    at: datetime | None
    has_next: bool


class Freshdesk:
    """One Freshdesk account, seen by the agent whose key we hold."""

    def __init__(self, base_url: str, api_key: str, transport: httpx.BaseTransport | None = None, *, patience: float = PATIENCE) -> None:
        """`patience`: how many seconds of Retry-After a reading call waits out in place."""
        self._wire = Wire(base_url, api_key, transport=transport, patience=patience)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._wire.close()

    @property
    def credits_used(self) -> float:
        """What our calls have cost so far."""
        return self._wire.credits_used

    @property
    def budget(self) -> Credits:
        """The account's budget as the last answer showed it."""
        return self._wire.budget

    # People who answer, and how the account is set up

    def me(self) -> Agent:
        """The agent whose key we hold: proves the key, and tells our own echoes."""
        return Agent.read(self._wire.get("agents/me").payload)

    def agents(self) -> list[Agent]:
        return list(self._every(Agent, "agents"))

    def groups(self) -> list[Group]:
        return list(self._every(Group, "groups"))

    def ticket_fields(self) -> list[TicketField]:
        return [TicketField.read(row) for row in self._wire.get("ticket_fields").payload or ()]

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
        include: Iterable[str] = (),
    ) -> Page[Ticket]:
        """One page, oldest change first. `updated_since` is inclusive, and without it Freshdesk forgets what is older than 30 days.

        `filter_name` is "spam" or "deleted", which the plain list leaves out.
        """
        return self._page(
            Ticket,
            "tickets",
            page=page,
            updated_since=_stamp(updated_since),
            order_by=order_by,
            order_type=order_type,
            filter=filter_name,
            requester_id=requester_id,
            include=",".join(include) or None,
        )

    def ticket(self, ticket_id: int, *, include: Iterable[str] = ()) -> Ticket:
        """One ticket, with its description. Each include costs a credit; included conversations stop at ten."""
        return Ticket.read(self._wire.get(f"tickets/{ticket_id}", _said(include=",".join(include) or None)).payload)

    def create_ticket(self, draft: NewTicket) -> Ticket:
        """Not idempotent: when the outcome is unknown look for the ticket before asking again."""
        return Ticket.read(self._wire.post("tickets", draft.payload()).payload)

    def update_ticket(self, ticket_id: int, changes: TicketChanges) -> Ticket:
        """What was written may come back different: read the answer."""
        return Ticket.read(self._wire.put(f"tickets/{ticket_id}", changes.payload()).payload)

    # Conversations

    def conversations(self, ticket_id: int) -> list[Conversation]:
        """All of them, oldest first, to the last page."""
        return list(self._every(Conversation, f"tickets/{ticket_id}/conversations"))

    def reply(self, ticket_id: int, *, body: str) -> Conversation:
        """Answer the requester, by mail, as the key's agent. Not idempotent, and a second one is a second mail."""
        return Conversation.read(self._wire.post(f"tickets/{ticket_id}/reply", {"body": body}).payload)

    def note(self, ticket_id: int, draft: NewNote) -> Conversation:
        """Add a note, mailed to nobody. Not idempotent."""
        return Conversation.read(self._wire.post(f"tickets/{ticket_id}/notes", draft.payload()).payload)

    # People who ask

    def contact(self, contact_id: int) -> Contact:
        return Contact.read(self._wire.get(f"contacts/{contact_id}").payload)

    def find_contact(self, email: str) -> Contact | None:
        """The contact of an address, in whatever case it was typed; not the blocked or deleted ones."""
        found = self._page(Contact, "contacts", email=email.lower()).items
        return next((contact for contact in found if contact.email.lower() == email.lower()), None)

    def create_contact(self, facts: ContactFacts) -> Contact:
        """A new contact, or the one that already holds the address."""
        try:
            return Contact.read(self._wire.post("contacts", facts.payload()).payload)
        except Rejected as refusal:
            known = holder_of_duplicate(refusal)
            if known is None:
                raise
            return self._holder(known, facts)

    def update_contact(self, contact_id: int, facts: ContactFacts) -> Contact:
        return Contact.read(self._wire.put(f"contacts/{contact_id}", facts.payload()).payload)

    # Organisations

    def companies(self) -> Iterator[Company]:
        return self._every(Company, "companies")

    def company(self, company_id: int) -> Company:
        return Company.read(self._wire.get(f"companies/{company_id}").payload)

    def find_company(self, name: str) -> Company | None:
        """The company of exactly this name. Freshdesk's autocomplete matches the start of words."""
        answer = self._wire.get("companies/autocomplete", {"name": name}).payload or {}
        rows = answer.get("companies", ()) if isinstance(answer, dict) else answer
        named = next((row for row in rows if str(row.get("name", "")).casefold() == name.casefold()), None)
        return self.company(named["id"]) if named else None

    def create_company(self, facts: CompanyFacts) -> Company:
        """A new company, or the one that already has the name."""
        try:
            return Company.read(self._wire.post("companies", facts.payload()).payload)
        except Rejected as refusal:
            known = self._company_in_the_way(refusal, facts)
            if known is None:
                raise
            return known

    def update_company(self, company_id: int, facts: CompanyFacts) -> Company:
        return Company.read(self._wire.put(f"companies/{company_id}", facts.payload()).payload)

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
        known = self.find_company(facts.name)
        return known or next((company for company in self.companies() if company.name.casefold() == facts.name.casefold()), None)

    # Lists

    def _page(self, shape: type[ShapeT], path: str, *, page: int = 1, **params: Any) -> Page[ShapeT]:
        answer: Answer = self._wire.get(path, _said(page=page, per_page=PAGE_SIZE, **params))
        return Page(tuple(shape.read(row) for row in answer.payload or ()), answer.at, answer.has_next_page)

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


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _said(**params: Any) -> Mapping[str, Any]:
    return {name: value for name, value in params.items() if value is not None}
