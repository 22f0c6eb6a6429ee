"""Communities and the companies they are in Freshdesk."""

from django.utils import timezone

from communities.models import Community
from communities.roles import EVERY_ROLE, Role
from ground.errors import Rejected, Unavailable
from ground.outbox import claim
from support import contacts
from support.freshdesk import Freshdesk
from support.freshdesk.drafts import CompanyFacts
from support.models import CompanyLink
from support.sync.outcomes import Outcome
from support.sync.people import ensure_contact


def ensure_company(freshdesk: Freshdesk, community: Community) -> CompanyLink:
    """The community's company: the one we know, one of the same name, or a new one."""
    link = link_of(community)
    if link.freshdesk_company_id is None:
        remote = freshdesk.find_company(community.name) or freshdesk.create_company(CompanyFacts(name=community.name))
        link = _attach(link, remote.id or 0)
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
        link.attempts = min(link.attempts, 7)
        link.retry_later(error)
        return Outcome.WAITING
    except Rejected as error:
        link.give_up(error)
        return Outcome.DEAD
    company.settled()
    return Outcome.PUSHED


def community_of(company_id: int | None) -> Community | None:
    """Whose tickets a company's are; an unknown company's belong to nobody, and only staff see them."""
    link = CompanyLink.objects.select_related("community").filter(freshdesk_company_id=company_id).first() if company_id else None
    return link.community if link else None


def _attach(link: CompanyLink, company_id: int) -> CompanyLink:
    """Take over a company that was met before without a community."""
    CompanyLink.objects.filter(freshdesk_company_id=company_id, community=None).exclude(pk=link.pk).delete()
    link.freshdesk_company_id = company_id
    link.save(update_fields=["freshdesk_company_id"])
    return link
