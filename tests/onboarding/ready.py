"""Plans on their way, for tests: opened as the product opens them, and moved on by its deciders."""

from typing import Any

from django.utils import timezone

from communities import matrix
from communities.models import Community, User
from communities.roles import Role, StaffGroup
from hubs import requests
from hubs.documents import HubFacts
from hubs.models import HubRequest
from onboarding import plans, progress, renewing
from onboarding.models import Item, OnboardingPlan
from onboarding.readiness import PhaseStanding
from onboarding.states import ItemState
from tests.factories import CommunityFactory, acting, member, staff
from tests.hubs.documents import new_hub
from tests.hubs.factories import HubRequestFactory
from tests.onboarding.review_factories import rubric


def guide(**fields: Any) -> User:
    return staff(StaffGroup.COMMUNITY_GUIDE, **fields)


def on_the_way(**fields: Any) -> OnboardingPlan:
    """A community that was just accepted; its record is complete."""
    rubric()
    community = CommunityFactory(**{"website": "https://a.example.org", "country": "PE", "description": "Glaciers"} | fields)
    return plans.open_plan(community, by=acting(guide()))


def confirmed(community: Community, role: Role = Role.REPRESENTATIVE, **fields: Any) -> User:
    """A person of the community who has signed in."""
    return member(community, role, last_login=timezone.now(), **fields)


def drafted(plan: OnboardingPlan, **values: Any) -> HubRequest:
    """The draft of the hub's request, with some answers."""
    return requests.draft(plan.community, facts=HubFacts(values=values), by=acting(guide()))


def standing(plan: OnboardingPlan, key: str) -> PhaseStanding:
    return next(found for found in progress.standings_of(plan) if found.phase.key == key)


def item(plan: OnboardingPlan, key: str) -> Item:
    return Item.objects.select_related("phase__plan").get(phase__plan=plan, key=key)


def settle_phase(plan: OnboardingPlan, *keys: str) -> None:
    """Everything a person says in these phases is done, one phase after the other; a phase that is not needed is left as it is."""
    for key in keys:
        rows = Item.objects.filter(phase__plan=plan, phase__key=key, check_name="", state=ItemState.TODO)
        for row in rows.select_related("phase__plan") if standing(plan, key).has_begun else ():
            (plans.confirm if row.is_confirmation else plans.settle)(row, by=acting(guide()))


def agreed(plan: OnboardingPlan) -> OnboardingPlan:
    """The first phase is done: papers, people, matrix."""
    from communities import defaults  # the template of the matrix

    defaults.ensure()
    community = plan.community
    representative = confirmed(community)
    confirmed(community, Role.TECHNICAL_CONTACT)
    by = acting(guide())
    proposed = matrix.propose(matrix.draft(community, by=by), by=by)
    proposed.rows.filter(party="unset").update(party="shared")
    matrix.agree(proposed, by=by)
    matrix.agree(proposed, by=acting(representative))
    renewing.record(community, starts_on=timezone.localdate(), signed_note="Signed by both", by=by)
    settle_phase(plan, "p0_agree")
    return plan


def hub_made(plan: OnboardingPlan) -> HubRequest:
    """The hub is there, and its request says everything."""
    engineer = staff(StaffGroup.ENGINEER)
    now = timezone.now()
    return HubRequestFactory(
        community=plan.community,
        document=new_hub(),
        state="succeeded",
        plan={"checks": []},
        plan_digest="sha256:" + "1" * 64,
        revision=1,
        approved_by=engineer,
        approved_at=now,
    )


def in_validation() -> OnboardingPlan:
    """Everything before validation is done."""
    plan = agreed(on_the_way())
    hub_made(plan)
    settle_phase(plan, "p0_needs", "p1_account", "p2_cluster", "p3_1_initial", "p3_2_storage", "p3_3_profiles", "p3_4_auth", "p3_5_images")
    plans.recompute(plan)
    return plan
