"""Validation of a new hub: both sides say it is good, or it goes back to the needs assessment with more to do."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from communities.access import roles_in
from communities.roles import Role
from ground.actors import Actor
from ground.states import WrongState
from hubs import requests
from hubs.documents import HubFacts
from hubs.models import HubRequest
from hubs.prefill import hub_meant
from hubs.states import Kind
from onboarding import plans, progress
from onboarding.models import Item, OnboardingPlan, Phase
from onboarding.models.plans import OURS, THEIRS, VALIDATION
from onboarding.readiness import Standing
from onboarding.states import Supplier

NEEDS = "p0_needs"


class NothingToDo(Exception):
    """More work was asked for, but not which."""


@transaction.atomic
def needs_more(plan: OnboardingPlan, *, ours: Sequence[str] = (), theirs: Sequence[str] = (), change: bool = False, by: Actor) -> Phase:
    """Go back to the needs assessment with these new items; with `change`, the hub's facts may change too.

    Raises `NothingToDo` without items, `WrongState` when it is not being validated.
    """
    if not [*ours, *theirs]:
        raise NothingToDo
    plan = plans.locked(plan)
    _validation(plan)
    needs = plan.phases.get(key=NEEDS)
    plans.add_items(needs, [{plans.NO_LANGUAGE: text} for text in ours], supplied_by=Supplier.PROVIDER, prefix="more")
    plans.add_items(needs, [{plans.NO_LANGUAGE: text} for text in theirs], supplied_by=Supplier.COMMUNITY, prefix="more")
    _count_a_loop(needs)
    plans.restart(plan.phases.get(key=VALIDATION), by=by)
    if change:
        reopen_facts(plan, by=by)
    plans.recompute(plan)
    return needs


def reopen_facts(plan: OnboardingPlan, *, by: Actor) -> HubRequest | None:
    """A draft to change the hub that was made; None while there is no hub, for then the first request itself can still change."""
    facts = HubFacts(kind=Kind.CHANGE)
    if hub_meant(plan.community, facts) is None:
        return None
    return requests.draft(plan.community, facts=facts, by=by)


@transaction.atomic
def all_good(plan: OnboardingPlan, *, by: Actor) -> Item:
    """Say for one's own side that the hub is what was planned. Raises `WrongState` when it is not being validated, or said already."""
    plan = plans.locked(plan)
    phase = _validation(plan)
    is_theirs = Role.REPRESENTATIVE in roles_in(by, plan.community)
    return plans.confirm(phase.items.get(key=THEIRS if is_theirs else OURS), by=by)


def is_validated_now(plan: OnboardingPlan) -> bool:
    """Whether validation is what both sides are at."""
    return any(found.phase.key == VALIDATION and found.standing == Standing.READY for found in progress.standings_of(plan))


def _validation(plan: OnboardingPlan) -> Phase:
    if not is_validated_now(plan):
        raise WrongState(_("The hub is not being validated now."))
    return plan.phases.get(key=VALIDATION)


def _count_a_loop(needs: Phase) -> None:
    needs.loops, needs.done_at, needs.due_at = needs.loops + 1, None, None
    needs.save(update_fields=["loops", "done_at", "due_at"])
