"""Which company of Freshdesk's is which community, said by a person; and what that opens to whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from communities.models import Community, User
from ground.actors import Actor
from support import sync, tasks, wholesale
from support.mirror.likeness import Candidate, Directory
from support.models import CompanyLink, Contact, Ticket
from support.models.tickets import TicketQuerySet
from support.policy import TEAM_ROLES
from support.timing.tasks import recompute

PAGE = 50


@dataclass
class NotPossible(Exception):
    """The company or the community stands no longer as the person saw it; `reason` is for them."""

    reason: str


@dataclass(frozen=True)
class Company:
    """A company without a community, as the page shows it."""

    link: CompanyLink
    tickets: int
    suggested: Community | None
    """The community that it looks like."""


@dataclass(frozen=True)
class Companies:
    """What the page of companies shows: the first of them, how many more there are, and the communities that are none yet."""

    shown: Sequence[Company]
    more: int
    communities: Sequence[Community]


@dataclass(frozen=True)
class Opened:
    """What a match would let be read, and by whom."""

    tickets: int
    confidential: int
    team: Sequence[User]
    """Who would read every ticket that is not confidential; members beside them read their own."""


@transaction.atomic
def match(link: CompanyLink, community: Community, *, by: Actor) -> int:
    """This company is that community: its row takes over from the community's own, and its tickets get the community.

    The number of tickets. Raises `NotPossible`.
    """
    held = _locked(link)
    if held.community_id is not None:
        raise NotPossible(_("%(company)s is matched already.") % {"company": held.name})
    _take_over(held, community)
    number = wholesale.change(waiting_tickets(held), field="community", before="", after=community, by=by)
    recompute.delay_on_commit()  # type: ignore[attr-defined]  # ground.outbox.Task has it
    _log("support.match_company", held, community, tickets=number, by=by)
    return number


@transaction.atomic
def unmatch(link: CompanyLink, *, by: Actor) -> int:
    """Take a match back, with the community of every ticket that came only through the company. Raises `NotPossible`."""
    held = _locked(link)
    community = held.community
    if community is None or held.freshdesk_company_id is None:
        raise NotPossible(_("%(company)s is not matched with a community.") % {"company": held.name})
    held.community, held.next_attempt_at = None, None
    held.save(update_fields=["community", "next_attempt_at"])
    number = wholesale.change(_of_company(held).filter(community=community), field="community", before=community, after=None, by=by)
    recompute.delay_on_commit()  # type: ignore[attr-defined]  # ground.outbox.Task has it
    _log("support.unmatch_company", held, community, tickets=number, by=by)
    return number


@transaction.atomic
def ignore(link: CompanyLink, *, by: Actor) -> None:
    """This company is no community of ours. Raises `NotPossible`."""
    _set_ignored(link, True, by=by)


@transaction.atomic
def consider(link: CompanyLink, *, by: Actor) -> None:
    """Take back that it is none of ours. Raises `NotPossible`."""
    _set_ignored(link, False, by=by)


def what_opens(link: CompanyLink, community: Community) -> Opened:
    """What `match` would do, for the person who is about to decide it."""
    counted = dict(waiting_tickets(link).values_list("confidential").annotate(number=Count("pk")).order_by())
    return Opened(tickets=sum(counted.values()), confidential=counted.get(True, 0), team=list(community.people(*sorted(TEAM_ROLES))))


def companies(*, name: str = "") -> Companies:
    """Companies without a community, those with most tickets first, each with the community it looks like."""
    links = list(unmatched().filter(name__icontains=name).defer("remote_raw").order_by("name", "pk"))
    counted = _tickets_by_company()
    links.sort(key=lambda link: -counted.get(link.freshdesk_company_id or 0, 0))
    communities = list(without_company())
    directory = Directory(Candidate(each.pk, each.name, each.slug, each.website) for each in communities)
    by_key = {each.pk: each for each in communities}
    shown = [_company(link, counted, directory, by_key) for link in links[:PAGE]]
    return Companies(shown=shown, more=max(len(links) - PAGE, 0), communities=communities)


def unmatched() -> "QuerySet[CompanyLink]":
    """Companies that wait for somebody to say which community they are."""
    return CompanyLink.objects.filter(community=None, ignored=False)


def ignored() -> "QuerySet[CompanyLink]":
    """Companies that are no community of ours."""
    return CompanyLink.objects.filter(community=None, ignored=True)


def matched() -> "QuerySet[CompanyLink]":
    """Companies that are a community."""
    return CompanyLink.objects.filter(community__isnull=False, freshdesk_company_id__isnull=False).select_related("community")


def without_company() -> "QuerySet[Community]":
    """Communities that are no company in Freshdesk yet, by name."""
    return Community.objects.exclude(company_link__freshdesk_company_id__isnull=False).order_by("name", "pk")


def waiting_tickets(link: CompanyLink) -> TicketQuerySet:
    """The company's tickets that no community sees."""
    return _of_company(link).filter(community=None)


def _of_company(link: CompanyLink) -> TicketQuerySet:
    """Tickets that came from Freshdesk and stand there under this company; what was opened here keeps the community it was opened for."""
    return Ticket.objects.filter(opened_by=None, remote_raw__company_id=link.freshdesk_company_id)


def _tickets_by_company() -> dict[int, int]:
    rows = Ticket.objects.filter(community=None, opened_by=None, remote_raw__has_key="company_id").order_by()
    return dict(rows.values_list("remote_raw__company_id").annotate(number=Count("pk")))


def _company(link: CompanyLink, counted: dict[int, int], directory: Directory, communities: Mapping[int, Community]) -> Company:
    found = directory.likeliest(link.name, [str(domain) for domain in link.domains])
    suggested = communities[found.key] if found else None
    return Company(link=link, tickets=counted.get(link.freshdesk_company_id or 0, 0), suggested=suggested)


def _take_over(link: CompanyLink, community: Community) -> None:
    """The community's own row, made before it had a company, gives way with its people. Raises `NotPossible`."""
    own = CompanyLink.objects.select_for_update(of=("self",)).filter(community=community).first()
    if own is not None and own.freshdesk_company_id is not None:
        raise NotPossible(_("%(community)s is matched with %(company)s already.") % {"community": community, "company": own.name})
    if own is not None:
        Contact.objects.filter(company=own).update(company=link)
        own.delete()
    link.community, link.ignored, link.given_up_at = community, False, None
    link.save(update_fields=["community", "ignored", "given_up_at"])
    if sync.is_connected():
        link.wait_for_outside(tasks.push_company)


def _set_ignored(link: CompanyLink, ignored: bool, *, by: Actor) -> None:
    held = _locked(link)
    if held.community_id is not None or held.ignored == ignored:
        raise NotPossible(_("Somebody was faster: %(company)s has changed already.") % {"company": held.name})
    held.ignored = ignored
    held.save(update_fields=["ignored"])
    log(held, "support.ignore_company" if ignored else "support.consider_company", user=by.user, data={"by": by.label})


def _log(action: str, link: CompanyLink, community: Community, *, tickets: int, by: Actor) -> None:
    data = {"company": link.name, "number": link.freshdesk_company_id, "tickets": tickets, "by": by.label}
    log(community, action, user=by.user, data=data)


def _locked(link: CompanyLink) -> CompanyLink:
    return CompanyLink.objects.select_for_update(of=("self",)).select_related("community").get(pk=link.pk)
