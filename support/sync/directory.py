"""Everybody and every word that a batch of tickets speaks of, read once, so that writing them down asks nothing more."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from communities.models import User
from ground.actors import Actor
from support import vocabulary
from support.freshdesk.shapes import Conversation
from support.freshdesk.shapes import Ticket as RemoteTicket
from support.models import CompanyLink, Contact, FreshdeskAgent, FreshdeskGroup, TicketStatus

ROLE = "freshdesk"
FRESHDESK = Actor.freshdesk("Freshdesk")


@dataclass(frozen=True)
class Spoken:
    """The numbers that a batch mentions."""

    people: frozenset[int]
    companies: frozenset[int]
    groups: frozenset[int]
    statuses: frozenset[int]
    types: frozenset[str]

    @classmethod
    def of(cls, tickets: Collection[RemoteTicket], conversations: Iterable[Conversation] = ()) -> Self:
        people = {person for ticket in tickets for person in (ticket.requester_id, ticket.responder_id)}
        people |= {row.user_id for row in conversations}
        return cls(
            people=frozenset(filter(None, people)),
            companies=frozenset(filter(None, (ticket.company_id for ticket in tickets))),
            groups=frozenset(filter(None, (ticket.group_id for ticket in tickets))),
            statuses=frozenset(filter(None, (ticket.status for ticket in tickets))),
            types=frozenset(filter(None, (ticket.type for ticket in tickets))),
        )


@dataclass(frozen=True)
class Directory:
    """By Freshdesk's numbers; kinds by type in lower case, types by kind."""

    contacts: Mapping[int, Contact]
    agents: Mapping[int, FreshdeskAgent]
    companies: Mapping[int, CompanyLink]
    groups: Mapping[int, FreshdeskGroup]
    statuses: Mapping[int, TicketStatus]
    kinds: Mapping[str, str]
    types: Mapping[str, str]

    @classmethod
    def read(cls, spoken: Spoken) -> Self:
        """Eight queries, however many tickets."""
        agents = FreshdeskAgent.objects.select_related("user").defer("remote_raw")
        groups = FreshdeskGroup.objects.filter(freshdesk_id__in=spoken.groups) if spoken.groups else ()
        companies = CompanyLink.objects.filter(freshdesk_company_id__in=spoken.companies).select_related("community").defer("remote_raw")
        return cls(
            contacts=_contacts(spoken.people),
            agents={agent.freshdesk_id: agent for agent in agents},
            companies={link.freshdesk_company_id or 0: link for link in companies} if spoken.companies else {},
            groups={group.freshdesk_id: group for group in groups},
            statuses={status.code: status for status in TicketStatus.objects.all()},
            kinds=vocabulary.kinds_of_types(),
            types=vocabulary.types_of_kinds(),
        )

    @property
    def ours(self) -> FreshdeskAgent | None:
        """The agent whose key we write with."""
        return next((agent for agent in self.agents.values() if agent.is_ours), None)

    def agent_of(self, user: User | None) -> FreshdeskAgent | None:
        """The agent a person of ours is in Freshdesk."""
        return next((agent for agent in self.agents.values() if user and agent.user_id == user.pk and not agent.is_ours), None)

    def author(self, user_id: int | None) -> tuple[Actor, Contact | None]:
        """Who wrote something there, as who acts here."""
        contact, agent = self.contacts.get(user_id or 0), self.agents.get(user_id or 0)
        if contact:
            return Actor(user=contact.user, role=ROLE, label=str(contact)[:200]), contact
        if agent:
            return Actor(user=agent.user, role=ROLE, label=str(agent)[:200]), None
        return FRESHDESK, None


def _contacts(numbers: Collection[int]) -> dict[int, Contact]:
    """By number; whoever was merged away there keeps theirs here."""
    return {each.freshdesk_id or 0: each for each in Contact.objects.filter(freshdesk_id__in=numbers).select_related("user")}
