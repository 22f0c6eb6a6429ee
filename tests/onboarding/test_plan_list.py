"""The guides' list of communities on their way, and what a plan's page costs."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from communities.roles import Role, StaffGroup
from onboarding import asking, plan_list, plans
from onboarding.access import can_see_plan
from onboarding.models import OnboardingPlan
from onboarding.plan_page import OWNERS
from onboarding.states import Supplier
from tests.factories import CommunityFactory, acting, member, staff
from tests.onboarding.ready import agreed, drafted, guide, hub_made, item, on_the_way, settle_phase

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(client):
    def sign_in(user):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


def waiting_for_the_community():
    plan = agreed(on_the_way())
    hub_made(plan)
    settle_phase(plan, "p3_1_initial", "p3_2_storage", "p3_3_profiles", "p3_4_auth", "p3_5_images")
    for row in plan.phases.get(key="p0_needs").items.filter(supplied_by=Supplier.PROVIDER):
        plans.settle(row, by=acting(guide()))
    return plan


def rows(**options):
    return plan_list.page(acting(guide()), **options).rows


def test_rows_say_phase_holder_and_days_the_longest_wait_first():
    start = timezone.now()
    with time_machine.travel(start - timedelta(days=20), tick=False):
        old = on_the_way(name="Old")
    with time_machine.travel(start - timedelta(days=3), tick=False):
        on_the_way(name="New")
    found = rows()
    assert [(row.name, row.next_step, row.days_us, row.days_community, row.is_overdue) for row in found] == [
        ("Old", "Agree", 20, 0, True),
        ("New", "Agree", 3, 0, False),
    ]
    assert (found[0].holder, found[0].slug) == (OWNERS["partnerships"], old.community.slug)


def test_list_is_narrowed_by_who_holds_it():
    theirs, ours = waiting_for_the_community(), on_the_way()
    assert [row.slug for row in rows(holder="community")] == [theirs.community.slug]
    assert [row.slug for row in rows(holder="provider")] == [ours.community.slug]
    assert len(rows()) == len(rows(holder="nobody we know")) == 2


def test_ended_communities_are_not_on_the_way():
    plan = on_the_way()
    type(plan.community).objects.filter(pk=plan.community.pk).update(state="ended")
    assert rows() == []


def test_list_goes_on_where_a_page_ends():
    plans_made = [on_the_way() for _ in range(3)]
    first = plan_list.page(acting(guide()), size=2)
    second = plan_list.page(acting(guide()), cursor=first.next, size=2)
    assert {row.slug for row in [*first.rows, *second.rows]} == {plan.community.slug for plan in plans_made}
    assert (len(first.rows), len(second.rows), second.next) == (2, 1, "")


def queries(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_list_costs_the_same_with_one_three_and_fifty_rows(browser):
    client, address = browser(guide()), reverse("onboarding:plans")
    made, counts = 0, []
    for wanted in (1, 3, 50):
        while made < wanted:
            on_the_way()
            made += 1
        counts.append(queries(client, address))
    assert (len(rows()), counts) == (50, [counts[0]] * 3)
    assert counts[0] <= 12, counts


def test_plan_page_costs_the_same_with_few_and_many_items(browser):
    plan = agreed(on_the_way())
    drafted(plan)
    person = member(plan.community, Role.HUB_CHAMPION)
    client, address = browser(guide()), reverse("onboarding:plan", args=[plan.community.slug])
    asking.ask(plan, items=[item(plan, "environment_confirmed")], to=person, by=acting(guide()))
    few = queries(client, address)
    plans.add_items(
        plan.phases.get(key="p0_needs"), [{"und": f"Thing {number}"} for number in range(30)], supplied_by="community", prefix="more"
    )
    for _time in range(5):
        asking.ask(plan, items=asking.items_owed(plan), to=person, by=acting(guide()))
    assert queries(client, address) == few
    assert few <= 35


def test_recompute_of_a_plan_where_nothing_changed_writes_no_phase():
    plan = agreed(on_the_way())
    with CaptureQueriesContext(connection) as captured:
        plans.recompute(OnboardingPlan.objects.get(pk=plan.pk))
    assert not [query for query in captured if query["sql"].startswith('UPDATE "onboarding_phase"')]


@pytest.mark.parametrize("who", [*Role, *StaffGroup, "outsider"])
def test_plan_is_seen_by_whom_the_predicate_names(who):
    plan = on_the_way()
    user = (
        staff(who)
        if who in StaffGroup
        else member(CommunityFactory() if who == "outsider" else plan.community, Role.MEMBER if who == "outsider" else who)
    )
    actor = acting(user)
    assert (plan in OnboardingPlan.objects.visible_to(actor)) == can_see_plan(actor, plan) == (who != "outsider")


def test_page_of_plans_is_empty_with_words(browser):
    assert b"Nobody is on the way" in browser(guide()).get(reverse("onboarding:plans")).content
