"""People on both sides: contacts by address, agents by id."""

from datetime import timedelta

from django.utils import timezone

from communities.models import User
from ground.errors import Rejected
from support import contacts
from support.freshdesk import Freshdesk
from support.freshdesk.drafts import ContactFacts
from support.freshdesk.shapes import Agent
from support.freshdesk.shapes import Contact as RemoteContact
from support.models import CompanyLink, Contact, FreshdeskAgent, SyncCursor

Person = Contact | FreshdeskAgent


def ensure_contact(freshdesk: Freshdesk, contact: Contact, *, company: CompanyLink | None = None) -> Contact:
    """The contact as Freshdesk knows it: found by address, made when there is none, and in its company."""
    if contact.freshdesk_id is None:
        remote = freshdesk.find_contact(contact.email) or freshdesk.create_contact(_facts(contact, company))
        _remember(contact, remote)
        if not remote.raw:  # held by an agent, of whom the contacts tell nothing
            refresh_agents(freshdesk)
    if company and company.freshdesk_company_id and contact.company_id is None:
        _join(freshdesk, contact, company)
    return contact


def person_of(freshdesk: Freshdesk, user_id: int | None) -> Person | None:
    """Whoever carries this id in Freshdesk: one we know, else one we ask for. None for the system and the deleted."""
    if user_id is None:
        return None
    return Contact.objects.filter(freshdesk_id=user_id).first() or known_agent(user_id) or _met(freshdesk, user_id)


def ours(freshdesk: Freshdesk) -> FreshdeskAgent:
    """The agent whose key we write with."""
    known = FreshdeskAgent.objects.filter(is_ours=True).first()
    return known or _remember_agent(freshdesk.me(), is_ours=True)


def refresh_agents(freshdesk: Freshdesk) -> None:
    """Read who answers in Freshdesk, and link those who work here under the same address."""
    own = freshdesk.me()
    FreshdeskAgent.objects.filter(is_ours=True).exclude(freshdesk_id=own.id or 0).update(is_ours=False)
    for agent in freshdesk.agents():
        _remember_agent(agent, is_ours=agent.id == own.id)


def refresh_agents_daily(freshdesk: Freshdesk) -> None:
    """Agents come and go rarely; one look a day is enough."""
    looked, is_first = SyncCursor.objects.get_or_create(name="agents")
    if is_first or timezone.now() - looked.updated_at > timedelta(days=1):
        refresh_agents(freshdesk)
        looked.save(update_fields=["updated_at"])


def agent_of(user: User | None) -> FreshdeskAgent | None:
    """The agent a person of ours is in Freshdesk."""
    return FreshdeskAgent.objects.filter(user=user, is_ours=False).first() if user else None


def known_agent(user_id: int | None) -> FreshdeskAgent | None:
    """The agent of that id, if we have met."""
    return FreshdeskAgent.objects.select_related("user").filter(freshdesk_id=user_id).first() if user_id else None


def _met(freshdesk: Freshdesk, user_id: int) -> Person | None:
    """Somebody new: a contact, or an agent, whom the contacts' address answers with 404."""
    try:
        remote = freshdesk.contact(user_id)
    except Rejected as refusal:
        if refusal.status != 404:
            raise
        refresh_agents(freshdesk)
        return known_agent(user_id)
    contact = contacts.of_address(remote.email, name=remote.name) if remote.email else Contact(name=remote.name)
    return _remember(contact, remote)


def _facts(contact: Contact, company: CompanyLink | None) -> ContactFacts:
    return ContactFacts(
        name=contact.name or contact.email.partition("@")[0],
        email=contact.email,
        company_id=company.freshdesk_company_id if company else None,
    )


def _remember(contact: Contact, remote: RemoteContact) -> Contact:
    Contact.objects.filter(freshdesk_id=remote.id or 0).exclude(pk=contact.pk).update(
        freshdesk_id=None
    )  # the address moved to somebody else
    contact.freshdesk_id = remote.id
    contact.name = contact.name or remote.name
    contact.remote_updated_at = remote.updated_at
    contact.company = CompanyLink.objects.filter(freshdesk_company_id=remote.company_id).first() if remote.company_id else None
    if contact.user_id is None and contact.email:
        contact.user = User.objects.filter(email__iexact=contact.email, contact=None).first()
    contact.save()
    return contact


def _join(freshdesk: Freshdesk, contact: Contact, company: CompanyLink) -> None:
    """Into its company, unless it is an agent, whom contacts do not know."""
    try:
        remote = freshdesk.update_contact(contact.freshdesk_id or 0, ContactFacts(company_id=company.freshdesk_company_id))
    except Rejected as refusal:
        if refusal.status not in {404, 405}:
            raise
        return
    contact.company = company
    contact.remote_updated_at = remote.updated_at
    contact.save(update_fields=["company", "remote_updated_at"])


def _remember_agent(agent: Agent, *, is_ours: bool) -> FreshdeskAgent:
    row, _is_new = FreshdeskAgent.objects.update_or_create(
        freshdesk_id=agent.id or 0,
        defaults={
            "name": agent.name,
            "email": agent.email,
            "is_ours": is_ours,
            "user": User.objects.filter(email__iexact=agent.email).first() if agent.email else None,
        },
    )
    return row
