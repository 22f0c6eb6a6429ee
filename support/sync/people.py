"""People on both sides: contacts by address, agents by id."""

from collections.abc import Collection, Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from communities.models import User
from ground.errors import Rejected, Unavailable
from support.freshdesk import Freshdesk
from support.freshdesk.drafts import ContactFacts
from support.freshdesk.shapes import Agent
from support.freshdesk.shapes import Contact as RemoteContact
from support.models import CompanyLink, Contact, FreshdeskAgent, SyncCursor
from support.sync import account
from support.sync.racing import retried

AGENTS_LOOKED_AT = "agents"
LEAST_PAUSE = timedelta(minutes=10)  # between two looks at the list of agents for the sake of an unknown number
NO_SUCH_CONTACT, NOT_TO_BE_CHANGED = 404, 405
COLUMNS = ("email", "name", "phone", "user", "freshdesk_id", "company", "remote_updated_at", "remote_raw", "removed_at")


def ensure_contact(freshdesk: Freshdesk, contact: Contact, *, company: CompanyLink | None = None) -> Contact:
    """The contact as Freshdesk knows it: found by address, made when there is none, and in its company."""
    if contact.freshdesk_id is None:
        remote = freshdesk.find_contact(contact.email) or _create(freshdesk, contact, company)
        contact = _remember(contact, remote)
        if not remote.raw:  # held by an agent, of whom the contacts tell nothing
            refresh_agents(freshdesk)
    if company and company.freshdesk_company_id and contact.company_id is None:
        _join(freshdesk, contact, company)
    return contact


def ours(freshdesk: Freshdesk) -> FreshdeskAgent:
    """The agent whose key we write with."""
    known = FreshdeskAgent.objects.filter(is_ours=True).first()
    return known or _remember_agents([freshdesk.me()], own_id=None)[0]


def refresh_agents(freshdesk: Freshdesk) -> None:
    """Read who answers in Freshdesk, and link those who work here under the same address."""
    own = freshdesk.me()
    account.know_agent(own)
    agents = freshdesk.agents()
    _remember_agents(agents if any(agent.id == own.id for agent in agents) else [*agents, own], own_id=own.id)
    SyncCursor.objects.update_or_create(name=AGENTS_LOOKED_AT, defaults={"value": {}})


def agent_of(user: User | None) -> FreshdeskAgent | None:
    """The agent a person of ours is in Freshdesk."""
    return FreshdeskAgent.objects.filter(user=user, is_ours=False).first() if user else None


def known_agent(user_id: int | None) -> FreshdeskAgent | None:
    """The agent of that id, if we have met."""
    return FreshdeskAgent.objects.select_related("user").filter(freshdesk_id=user_id).first() if user_id else None


def meet(freshdesk: Freshdesk, numbers: Collection[int]) -> None:
    """Know everybody who carries one of these numbers; a credit each for whom we do not, and never twice."""
    known = {
        *Contact.objects.filter(freshdesk_id__in=numbers).values_list("freshdesk_id", flat=True),
        *FreshdeskAgent.objects.filter(freshdesk_id__in=numbers).values_list("freshdesk_id", flat=True),
    }
    for number in sorted(set(numbers) - known):
        _meet(freshdesk, number)


@retried
@transaction.atomic
def take_in(remotes: Sequence[RemoteContact]) -> None:
    """A page of contacts, written down with six queries, unless an address has moved from one to another."""
    found = [remote for remote in remotes if remote.id]
    rows = _rows_of(found)
    companies = {link.freshdesk_company_id: link for link in CompanyLink.objects.filter(freshdesk_company_id__in=_companies(found))}
    people = {user.email.lower(): user for user in User.objects.filter(email__in=[_address(each) for each in found], contact=None)}
    changed: dict[int, Contact] = {}
    for remote in found:
        contact = rows.by_number.get(remote.id or 0) or rows.by_address.get(_address(remote)) or Contact()
        if _says_nothing_new(contact, remote):
            continue
        if _address_is_taken(contact, remote, rows.by_address):
            _remember(contact, remote)
            continue
        _bring_up_to_date(contact, remote, companies.get(remote.company_id))
        if contact.user_id is None:
            contact.user = people.pop(contact.email, None)
        changed[remote.id or 0] = contact
        rows.by_address.setdefault(contact.email, contact)
    Contact.objects.bulk_create([contact for contact in changed.values() if not contact.pk])
    Contact.objects.bulk_update([contact for contact in changed.values() if contact.pk], COLUMNS)


class _Rows:
    """Contacts of ours that a page is about."""

    def __init__(self, contacts_: Collection[Contact]) -> None:
        self.by_number = {each.freshdesk_id: each for each in contacts_ if each.freshdesk_id}
        self.by_address = {each.email: each for each in contacts_ if each.email}


def _rows_of(remotes: Sequence[RemoteContact]) -> _Rows:
    addresses = [_address(each) for each in remotes if each.email]
    wanted = Q(freshdesk_id__in=[each.id for each in remotes]) | Q(email__in=addresses)
    return _Rows(list(Contact.objects.filter(wanted)))


def _companies(remotes: Sequence[RemoteContact]) -> set[int]:
    return {each.company_id for each in remotes if each.company_id}


def _address(remote: RemoteContact) -> str:
    return remote.email.strip().lower()


def _says_nothing_new(contact: Contact, remote: RemoteContact) -> bool:
    return contact.freshdesk_id == remote.id and contact.remote_updated_at == remote.updated_at and contact.removed_at is None


def _address_is_taken(contact: Contact, remote: RemoteContact, by_address: dict[str, Contact]) -> bool:
    """Somebody else of ours has the address, or the row of this address has another number."""
    holder = by_address.get(_address(remote)) if remote.email else None
    return (holder is not None and holder is not contact) or (contact.freshdesk_id not in {None, remote.id})


def _bring_up_to_date(contact: Contact, remote: RemoteContact, company: CompanyLink | None) -> None:
    """A member's own name is ours to say; a stranger's is Freshdesk's."""
    contact.freshdesk_id = remote.id
    contact.email = contact.email or _address(remote) if contact.user_id else _address(remote)
    contact.name = (contact.name if contact.user_id and contact.name else remote.name or contact.name)[:200]
    contact.phone = (remote.phone or remote.mobile)[:60]
    contact.company = company
    contact.remote_updated_at = remote.updated_at
    contact.remote_raw = dict(remote.raw)
    contact.removed_at = timezone.now() if remote.deleted else None


def _meet(freshdesk: Freshdesk, number: int) -> None:
    """Somebody new: a contact, or an agent, whom the contacts' address answers with 404. Who is neither is remembered as nobody."""
    try:
        take_in([freshdesk.contact(number)])
    except Rejected as refusal:
        if refusal.status != NO_SUCH_CONTACT:
            raise
        if _agents_are_due():
            refresh_agents(freshdesk)
        if known_agent(number) is None:
            Contact.objects.get_or_create(freshdesk_id=number, defaults={"removed_at": timezone.now()})


def _agents_are_due() -> bool:
    looked = SyncCursor.objects.filter(name=AGENTS_LOOKED_AT).first()
    return looked is None or timezone.now() - looked.updated_at > LEAST_PAUSE


def _create(freshdesk: Freshdesk, contact: Contact, company: CompanyLink | None) -> RemoteContact:
    facts = ContactFacts(
        name=contact.name or contact.email.partition("@")[0],
        email=contact.email,
        company_id=company.freshdesk_company_id if company else None,
    )
    try:
        return freshdesk.create_contact(facts)
    except Rejected as refusal:
        _forget_lost_company(refusal, company)
        raise


def _remember(contact: Contact, remote: RemoteContact) -> Contact:
    """One contact alone. An address that moved to somebody else takes its number along."""
    address = _address(remote)
    others = Contact.objects.exclude(pk=contact.pk)
    others.filter(freshdesk_id=remote.id or 0).update(freshdesk_id=None)
    holder = others.filter(email=address).first() if address and address != contact.email else None
    contact = holder or contact
    company = CompanyLink.objects.filter(freshdesk_company_id=remote.company_id).first() if remote.company_id else None
    _bring_up_to_date(contact, remote, company)
    if contact.user_id is None and contact.email:
        contact.user = User.objects.filter(email__iexact=contact.email, contact=None).first()
    contact.save()
    return contact


def _join(freshdesk: Freshdesk, contact: Contact, company: CompanyLink) -> None:
    """Into its company, unless it is an agent, whom contacts do not know. Who was deleted there is restored: they are a member here."""
    facts = ContactFacts(company_id=company.freshdesk_company_id)
    try:
        remote = _update(freshdesk, contact.freshdesk_id or 0, facts)
    except Rejected as refusal:
        _forget_lost_company(refusal, company)
        if refusal.status not in {NO_SUCH_CONTACT, NOT_TO_BE_CHANGED}:
            raise
        return
    contact.company = company
    contact.remote_updated_at = remote.updated_at
    contact.save(update_fields=["company", "remote_updated_at"])


def _update(freshdesk: Freshdesk, number: int, facts: ContactFacts) -> RemoteContact:
    try:
        return freshdesk.update_contact(number, facts)
    except Rejected as refusal:
        if refusal.status != NOT_TO_BE_CHANGED or not freshdesk.restore_contact(number):
            raise
    return freshdesk.update_contact(number, facts)


def _forget_lost_company(refusal: Rejected, company: CompanyLink | None) -> None:
    """A company that was deleted there is made again. Raises Unavailable: what needs it comes back when it is there."""
    if company is None or all(error.get("field") != "company_id" for error in refusal.errors):
        return
    CompanyLink.objects.filter(pk=company.pk).update(freshdesk_company_id=None, next_attempt_at=timezone.now())
    raise Unavailable("The company is no longer in Freshdesk; it is made again first") from refusal


def _remember_agents(agents: Sequence[Agent], *, own_id: int | None) -> list[FreshdeskAgent]:
    """One `ours` at most; where the list is one agent alone and no id is said, that one is."""
    people = {user.email.lower(): user for user in User.objects.filter(email__in=[agent.email.lower() for agent in agents])}
    own_id = own_id or agents[0].id
    FreshdeskAgent.objects.filter(is_ours=True).exclude(freshdesk_id=own_id or 0).update(is_ours=False)
    rows = [
        FreshdeskAgent(
            freshdesk_id=agent.id or 0,
            name=agent.name[:200],
            email=agent.email,
            is_ours=agent.id == own_id,
            user=people.get(agent.email.lower()),
            remote_raw=dict(agent.raw),
        )
        for agent in agents
        if agent.id
    ]
    return FreshdeskAgent.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["freshdesk_id"],
        update_fields=["name", "email", "is_ours", "user", "remote_raw"],
    )
