"""When phases were ready, how long they waited for whom, and what the calendar finds without anybody looking."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from communities.roles import Role
from onboarding import asking, daily, plan_page, plans, renewing
from onboarding.models import Decision, OnboardingPlan
from onboarding.readiness import Standing
from onboarding.states import Outcome, Supplier
from tests.factories import CommunityFactory, acting, member
from tests.onboarding.ready import agreed, confirmed, drafted, guide, hub_made, item, on_the_way, settle_phase, standing
from tests.onboarding.review_factories import proposed

pytestmark = pytest.mark.django_db


def waited(plan, now):
    return plan_page.days_waited(plan.phases.get(key="p0_agree"), now)


def test_days_for_the_community_and_days_for_us_are_counted_apart():
    start = timezone.now()
    with time_machine.travel(start, tick=False):
        plan = on_the_way()
    assert plan.phases.get(key="p0_agree").held_by == "partnerships"
    with time_machine.travel(start + timedelta(days=3), tick=False):
        plans.settle(item(plan, "contacts_in_freshdesk"), by=acting(guide()))
        renewing.record(plan.community, starts_on=timezone.localdate(), signed_note="Signed", by=acting(guide()))
    assert plan.phases.get(key="p0_agree").held_by == Supplier.COMMUNITY
    assert waited(plan, start + timedelta(days=8)) == {Supplier.COMMUNITY: 5, Supplier.PROVIDER: 3}


def test_recompute_keeps_the_first_time_and_when_it_is_due():
    start = timezone.now()
    with time_machine.travel(start, tick=False):
        plan = on_the_way()
    plans.recompute(plan, now=start + timedelta(days=4))
    phase = plan.phases.get(key="p0_agree")
    assert (phase.ready_at, phase.due_at) == (start, start + timedelta(days=14))
    assert plan_page.times(phase, start + timedelta(days=15)).is_overdue


def test_the_hourly_task_stamps_what_became_ready_though_nobody_looked():
    plan = agreed(on_the_way())
    hub_made(plan)
    assert plan.phases.get(key="p3_1_initial").ready_at is None
    daily.look_again()
    assert plan.phases.get(key="p3_1_initial").ready_at is not None


def test_what_changed_is_looked_at_within_a_minute_and_the_rest_left_alone():
    plan = agreed(on_the_way())
    on_the_way()
    assert daily.look_at_changes() == 0
    hub_made(plan)
    assert daily.look_at_changes() == 1
    assert plan.phases.get(key="p3_1_initial").ready_at is not None
    assert daily.look_at_changes() == 0


def test_a_second_hub_asked_for_later_opens_no_phase_again():
    plan = agreed(on_the_way())
    hub_made(plan)
    settle_phase(plan, "p0_needs")
    drafted(plan)
    assert standing(plan, "p0_needs").standing == Standing.DONE


def test_a_phase_that_is_not_done_any_more_has_no_day_of_being_done():
    plan = agreed(on_the_way())
    assert plan.phases.get(key="p0_agree").done_at is not None
    plans.unsettle(item(plan, "contacts_in_freshdesk"), by=acting(guide()))
    assert plan.phases.get(key="p0_agree").done_at is None


def test_needs_are_assessed_only_once_the_hub_request_lacks_nothing():
    plan = agreed(on_the_way())
    drafted(plan)
    settle_phase(plan, "p0_needs")
    found = standing(plan, "p0_needs")
    assert found.standing == Standing.READY
    assert {answer.supplier for answer in found.missing} >= {Supplier.COMMUNITY}
    plan.community.hub_requests.all().delete()
    hub_made(plan)
    assert standing(plan, "p0_needs").standing == Standing.DONE


def test_first_value_begins_with_the_launch_and_does_not_wait_for_its_end():
    plan = agreed(on_the_way())
    hub_made(plan)
    settle_phase(plan, "p0_needs", "p1_account", "p2_cluster", "p3_1_initial", "p3_2_storage", "p3_3_profiles", "p4_validate")
    assert standing(plan, "p5_launch").standing == Standing.READY
    assert standing(plan, "p6_value").standing == Standing.READY


def test_conditions_become_items_of_the_community_in_the_first_phase():
    decision = proposed(outcome=Outcome.ACCEPT_WITH_CONDITIONS, conditions="- Name a second contact\n\n• Show the ethics approval\n")
    plan = plans.open_plan(on_the_way_community(), decision.application, by=acting(guide()))
    rows = list(plan.phases.get(key="p0_agree").items.filter(key__startswith="condition-"))
    assert [(row.key, row.words, row.supplied_by) for row in rows] == [
        ("condition-1", "Name a second contact", Supplier.COMMUNITY),
        ("condition-2", "Show the ethics approval", Supplier.COMMUNITY),
    ]
    agreed(plan)
    plans.unsettle(item(plan, "condition-2"), by=acting(guide()))
    assert standing(plan, "p0_agree").standing == Standing.READY
    assert Decision.objects.count() == 1


def on_the_way_community():
    return CommunityFactory(website="https://a.example.org", country="PE", description="Glaciers")


@pytest.mark.parametrize("proof", ["signed in", "opened a link", "nothing"])
def test_a_contact_counts_once_the_address_is_known_to_be_theirs(proof):
    plan = on_the_way()
    person = confirmed(plan.community, Role.TECHNICAL_CONTACT) if proof == "signed in" else member(plan.community, Role.TECHNICAL_CONTACT)
    if proof == "opened a link":
        asked = asking.ask(plan, items=[item(plan, "environment_confirmed")], to=person, by=acting(guide()))
        asking.opened(asked)
    known = {each.key: each.settled for each in standing(plan, "p0_agree").phase.items}["technical_contact_known"]
    assert known == (proof != "nothing")


def test_the_plan_itself_is_held_by_us_while_any_open_phase_is():
    plan = agreed(on_the_way())
    plan.refresh_from_db()
    assert (plan.held_by, plan.held_since is not None) == ("product_services", True)
    for row in standing(plan, "p0_needs").open_items:
        if row.supplied_by == Supplier.PROVIDER:
            plans.settle(item(plan, row.key), by=acting(guide()))
    hub_made(plan)
    settle_phase(plan, "p3_1_initial", "p3_2_storage", "p3_3_profiles", "p3_4_auth", "p3_5_images")
    plan = OnboardingPlan.objects.get(pk=plan.pk)
    assert plan.held_by == Supplier.COMMUNITY
