"""The facts that settle items without a person, and the events that start a phase: read from the community's rows."""

from collections.abc import Iterator
from datetime import date

from allauth.account.models import EmailAddress
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from communities.models import Community, Membership, ResponsibilityMatrix
from communities.roles import Role
from hubs.models import HubRequest
from hubs.states import Kind, RequestState
from onboarding.models import Agreement, Application, Asking, Ending, EndingLetter, OnboardingPlan, ValueWatch
from support.models import CompanyLink


def of(plan: OnboardingPlan) -> frozenset[str]:
    """The names of every fact that holds for this plan and its community."""
    found = (_record, _people, _papers, _rooms, _agreement, _ending)
    return frozenset(name for read in found for name, holds in read(plan) if holds)


def _record(plan: OnboardingPlan) -> Iterator[tuple[str, bool]]:
    community = plan.community
    yield "record_complete", all([community.name, community.website, community.country, community.description])
    yield "check_in_dated", plan.check_in_on is not None


def _people(plan: OnboardingPlan) -> Iterator[tuple[str, bool]]:
    """Roles held by somebody whose address is known to be theirs."""
    roles = set(confirmed_people(plan.community).values_list("role", flat=True))
    yield "has_representative", Role.REPRESENTATIVE in roles
    yield "has_technical_contact", Role.TECHNICAL_CONTACT in roles


def confirmed_people(community: Community) -> "QuerySet[Membership]":
    """Memberships of people who signed in, confirmed their address, applied from it or opened a link mailed to it."""
    user = {"user": OuterRef("user")}
    return community.memberships.filter(
        Q(user__last_login__isnull=False)
        | Exists(EmailAddress.objects.filter(verified=True, **user))
        | Exists(Asking.objects.filter(opened_at__isnull=False, to=OuterRef("user")))
        | Exists(Application.objects.filter(community=community, email_verified_at__isnull=False, email__iexact=OuterRef("user__email")))
    )


def _papers(plan: OnboardingPlan) -> Iterator[tuple[str, bool]]:
    yield "matrix_agreed", ResponsibilityMatrix.objects.agreed().filter(community=plan.community).exists()
    yield "support_company", CompanyLink.objects.filter(community=plan.community, freshdesk_company_id__isnull=False).exists()


def _rooms(plan: OnboardingPlan) -> Iterator[tuple[str, bool]]:
    made = HubRequest.objects.filter(community=plan.community, kind=Kind.NEW_HUB, state=RequestState.SUCCEEDED)
    yield "hub_recorded", made.exists()
    yield "value_reached", ValueWatch.objects.reached().filter(community=plan.community).exists()


def _agreement(plan: OnboardingPlan) -> Iterator[tuple[str, bool]]:
    """`renewal` starts its phase and stays, so that what was decided can be read."""
    agreements = list(Agreement.objects.filter(community=plan.community).order_by("number"))
    begun = [agreement for agreement in agreements if agreement.renewal_started_at]
    yield "agreement_recorded", bool(agreements)
    yield "renewal", bool(begun)
    if begun:
        yield "renewal_decided", bool(begun[-1].outcome)
        yield "matrix_renewed", _agreed_since(plan.community, begun[-1])


def _agreed_since(community: Community, agreement: Agreement) -> bool:
    return (
        ResponsibilityMatrix.objects.agreed()
        .filter(
            community=community, community_agreed_at__gte=agreement.renewal_started_at, provider_agreed_at__gte=agreement.renewal_started_at
        )
        .exists()
    )


def _ending(plan: OnboardingPlan) -> Iterator[tuple[str, bool]]:
    ending = Ending.objects.filter(community=plan.community, withdrawn_at=None).first()
    yield "decommission", ending is not None
    if ending is not None:
        yield "export_over", ending.export_until < today()
        yield "data_settled", ending.unused_at is not None and bool(ending.data)
        yield "data_deleted", ending.deleted_at is not None
        yield "metrics_kept", ending.metrics_until is not None
        ending.community = plan.community
        for kind in ending.letters_settled & set(EndingLetter.Kind.values):
            yield f"letter_{kind}_sent", True


def today() -> date:
    """The site's day."""
    return timezone.localdate()
