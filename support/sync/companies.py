"""Communities and the companies they are in Freshdesk."""

from collections.abc import Collection, Sequence

from django.db import transaction
from django.utils import timezone

from communities.models import Community
from communities.roles import EVERY_ROLE, Role
from ground.errors import Rejected, Unavailable
from ground.outbox import claim
from support.freshdesk import Freshdesk
from support.freshdesk.drafts import CompanyFacts
from support.freshdesk.shapes import Company
from support.models import CompanyLink, Contact
from support.people import contacts
from support.sync import ledger
from support.sync.outcomes import PATIENT_ATTEMPTS, Outcome
from support.sync.people import ensure_contact
from support.sync.racing import retried

NAME_TAKEN = 409
COLUMNS = ("name", "domains", "remote_updated_at", "remote_raw")


def ensure_company(freshdesk: Freshdesk, community: Community) -> CompanyLink:
    """The community's company: the one we know, one of the same name, or a new one. Raises Rejected when that one is another community's."""
    link = link_of(community)
    if link.freshdesk_company_id is None:
        remote = freshdesk.find_company(community.name) or freshdesk.create_company(CompanyFacts(name=community.name))
        link = _attach(link, remote)
    return link


def link_of(community: Community) -> CompanyLink:
    """The row that stands between a community and its company, due at once when it is new."""
    link, _is_new = CompanyLink.objects.get_or_create(
        community=community, defaults={"name": community.name, "next_attempt_at": timezone.now()}
    )
    return link


def link_missing_communities() -> int:
    """A row for every community that has none, whatever was lost on the way."""
    made = [link_of(community) for community in Community.objects.filter(company_link=None)]
    never_tried = CompanyLink.objects.filter(freshdesk_company_id=None, next_attempt_at=None, last_error="")
    return len(made) + never_tried.update(next_attempt_at=timezone.now())


def push_company(freshdesk: Freshdesk, pk: int) -> Outcome:
    """Make sure of one community's company, and of the contacts of those who speak for it."""
    link = claim(CompanyLink, pk)
    if link is None or link.community is None:
        return Outcome.NOTHING
    try:
        company = ensure_company(freshdesk, link.community)
        for user in link.community.people(*sorted(EVERY_ROLE - {Role.MEMBER})):
            ensure_contact(freshdesk, contacts.of(user), company=company)
    except Unavailable as error:
        link.attempts = min(link.attempts, PATIENT_ATTEMPTS)
        link.retry_later(error)
        return Outcome.WAITING
    except Rejected as error:
        link.give_up(error)
        ledger.went(ledger.What.COMPANY, ledger.Outcome.DEAD, number=link.freshdesk_company_id, note=f"{link}: {error}")
        return Outcome.DEAD
    company.settled()
    ledger.went(ledger.What.COMPANY, ledger.Outcome.SENT, number=company.freshdesk_company_id, note=link)
    return Outcome.PUSHED


@retried
@transaction.atomic
def take_in(remotes: Sequence[Company]) -> None:
    """A page of companies; those of no community wait to be matched by hand."""
    found = {remote.id: remote for remote in remotes if remote.id}
    rows = {link.freshdesk_company_id: link for link in CompanyLink.objects.filter(freshdesk_company_id__in=found)}
    for number, remote in found.items():
        link = rows.setdefault(number, CompanyLink(freshdesk_company_id=number))
        _bring_up_to_date(link, remote)
    CompanyLink.objects.bulk_create([link for link in rows.values() if not link.pk])
    CompanyLink.objects.bulk_update([link for link in rows.values() if link.pk], COLUMNS)


def meet(freshdesk: Freshdesk, numbers: Collection[int]) -> None:
    """Know every company of these numbers."""
    known = CompanyLink.objects.filter(freshdesk_company_id__in=numbers).values_list("freshdesk_company_id", flat=True)
    for number in sorted(set(numbers) - set(known)):
        try:
            take_in([freshdesk.company(number)])
        except Rejected as refusal:
            if refusal.status not in {403, 404}:
                raise


def _bring_up_to_date(link: CompanyLink, remote: Company) -> None:
    link.name = (remote.name or link.name)[:255]
    link.domains = list(remote.domains)
    link.remote_updated_at = remote.updated_at
    link.remote_raw = dict(remote.raw)


def _attach(link: CompanyLink, remote: Company) -> CompanyLink:
    """Take over a company that was met before without a community, its contacts with it. A person's match with another community stands."""
    met = CompanyLink.objects.filter(freshdesk_company_id=remote.id).exclude(pk=link.pk).select_related("community").first()
    if met and met.community:
        raise Rejected(f"The company “{remote.name}” is matched with {met.community} already", status=NAME_TAKEN)
    with transaction.atomic():
        if met:
            Contact.objects.filter(company=met).update(company=link)
            met.delete()
        link.freshdesk_company_id = remote.id
        _bring_up_to_date(link, remote)
        link.save(update_fields=["freshdesk_company_id", *COLUMNS])
    return link
