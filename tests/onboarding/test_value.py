"""First value: counted by a hub, or stated by a person."""

import logging
from datetime import timedelta

import httpx
import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from communities.models import ServicePolicy
from communities.roles import Role, StaffGroup
from onboarding import daily, value
from onboarding.models import ValueWatch
from onboarding.readiness import Standing
from tests.factories import CommunityFactory, acting, member, staff
from tests.hubs.factories import HubFactory, HubRequestFactory
from tests.hubs.small_hub import SmallHub, person
from tests.onboarding.ready import confirmed, guide, in_validation, settle_phase, standing

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def hub(settings):
    """A hub of a community whose API is a small one, and its token known."""
    row = HubFactory(community=CommunityFactory(), domain="glaciers.hubs.example")
    row.small = SmallHub()
    settings.HUB_TOKENS = {"https://glaciers.hubs.example": "for-tests"}
    settings.HUB_API_TRANSPORT = httpx.WSGITransport(app=row.small)
    return row


def seen(days_ago=1):
    return (timezone.now() - timedelta(days=days_ago)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def test_a_hub_is_counted_without_us_its_admins_and_its_representatives(hub):
    member(hub.community, Role.REPRESENTATIVE, email="rep@example.org")
    staff(StaffGroup.ENGINEER, email="engineer@example.org")
    names = ["one", "two", "three", "four", "five"]
    hub.small.users = [person(name, seen()) for name in [*names, "Rep@example.org", "engineer@example.org"]]
    hub.small.users += [person("boss", seen(), admin=True), person("idle", seen(20)), person("never")]
    assert daily.count_value() == 1
    watch = ValueWatch.objects.get()
    assert (watch.hub, watch.community, watch.separate_users, watch.is_value, watch.source) == (hub, hub.community, 5, True, "hub")


def test_the_policy_says_how_many_and_whether_representatives_count(hub):
    member(hub.community, Role.REPRESENTATIVE, email="rep@example.org")
    ServicePolicy.objects.create(programme=hub.community.programme, value_people=2, value_counts_representatives=True, value_days=3)
    hub.small.users = [person("one", seen()), person("rep@example.org", seen()), person("late", seen(5))]
    daily.count_value()
    assert list(ValueWatch.objects.values_list("separate_users", "is_value")) == [(2, True)]


def test_a_second_count_of_the_day_keeps_the_larger_number(hub):
    for number in (3, 5, 4):
        hub.small.users = [person(f"p{each}", seen()) for each in range(number)]
        daily.count_value()
    assert list(ValueWatch.objects.values_list("separate_users", "is_value")) == [(5, True)]


def test_a_hub_that_does_not_answer_is_asked_again_another_day_and_its_token_stays_out_of_the_log(hub, caplog):
    hub.small.broken = 503
    with caplog.at_level(logging.WARNING):
        assert daily.count_value() == 0
    assert ("503" in caplog.text, "for-tests" in caplog.text, ValueWatch.objects.count()) == (True, False, 0)


def test_a_hub_without_a_token_is_not_asked(hub, settings):
    settings.HUB_TOKENS = {"https://other.hubs.example": "for-tests"}
    assert daily.count_value() == 0
    assert hub.small.asked == []


def test_a_statement_counts_as_the_policy_says(today):
    community = CommunityFactory()
    by = acting(guide())
    few = value.state(community, on=today, people=4, note="I asked them", by=by)
    enough = value.state(community, on=today, people=5, by=by)
    assert (few.is_value, enough.is_value, few.stated_by, few.source) == (False, True, by.user, "statement")


@pytest.mark.parametrize("days", [1, -1000])
def test_a_statement_about_a_day_that_was_not_is_refused(today, days):
    with pytest.raises(value.NotADay):
        value.state(CommunityFactory(), on=today + timedelta(days=days), people=5, by=acting(guide()))


def test_a_count_without_a_witness_is_refused_by_the_database(today):
    with pytest.raises(IntegrityError), transaction.atomic():
        ValueWatch.objects.create(community=CommunityFactory(), on=today, separate_users=9, source="statement")


def test_time_to_first_value_runs_from_the_request_to_the_first_day_of_enough(today):
    start = timezone.now() - timedelta(days=40)
    with time_machine.travel(start, tick=False):
        community = CommunityFactory()
        HubRequestFactory(community=community)
    assert value.days_to_first_value(community) is None
    for days, people in [(10, 2), (25, 6), (30, 9)]:
        value.state(community, on=timezone.localdate(start) + timedelta(days=days), people=people, by=acting(guide()))
    assert value.first_value_on(community) == timezone.localdate(start) + timedelta(days=25)
    assert value.days_to_first_value(community) == 25


def test_time_to_first_value_of_many_costs_two_queries(today):
    communities = [CommunityFactory() for _ in range(3)]
    for community in communities:
        HubRequestFactory(community=community)
        value.state(community, on=today, people=5, by=acting(guide()))
    with CaptureQueriesContext(connection) as queries:
        assert value.days_by_community([community.pk for community in communities]) == {community.pk: 0 for community in communities}
    assert len(queries) == 2


def test_value_reached_finishes_its_phase(today):
    plan = in_validation()
    settle_phase(plan, "p4_validate")
    assert standing(plan, "p6_value").standing == Standing.READY
    value.state(plan.community, on=today, people=6, by=acting(guide()))
    assert standing(plan, "p6_value").standing == Standing.DONE
    assert plan.phases.get(key="p6_value").done_at is not None


def test_a_representative_states_it_on_the_page(client, today):
    plan = in_validation()
    client.force_login(confirmed(plan.community), backend="django.contrib.auth.backends.ModelBackend")
    address = reverse("onboarding:state_value", args=[plan.community.slug])
    late = client.post(address, {"on": today + timedelta(days=2), "people": 6, "note": ""})
    assert (late.status_code, b"Choose a day between" in late.content) == (422, True)
    assert client.post(address, {"on": today, "people": 6, "note": ""}).status_code == 302
    assert b"after the request for the hub" in client.get(reverse("onboarding:plan", args=[plan.community.slug])).content
