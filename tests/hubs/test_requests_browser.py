"""Hub requests in a real browser: a champion on a phone without script, and what is said of an event while it is typed."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from communities.roles import Role, StaffGroup
from tests.browser import DESK, PHONE, barriers, opened, overflows, sign_in
from tests.factories import CommunityFactory, member, staff
from tests.hubs.documents import event, new_hub
from tests.hubs.factories import ClusterFactory, HubFactory, HubRequestFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def community():
    return CommunityFactory(slug="aurora", name="Aurora", agreed_people=50)


def test_a_phone_without_script_adds_a_hub_and_sends_both(chromium: Browser, live_server: LiveServer, community):
    request = HubRequestFactory(community=community, document=new_hub())
    with opened(chromium, size=PHONE, script=False) as page:
        sign_in(page, live_server.url, member(community, Role.REPRESENTATIVE))
        page.goto(live_server.url + request.get_absolute_url())
        page.get_by_role("button", name="Add another hub").click()
        expect(page.get_by_text("Another hub is added")).to_be_visible()
        assert not overflows(page)
        page.get_by_role("button", name="Send request").click()
        expect(page.get_by_text("Your request is sent.")).to_be_visible()
        assert not overflows(page)
    request.refresh_from_db()
    assert [spec["name"] for spec in request.document["hubs"]] == ["aurora", "aurora-staging"]


def test_what_there_is_to_say_of_an_event_follows_what_is_typed(chromium: Browser, live_server: LiveServer, community):
    hub = HubFactory(community=community, cluster=ClusterFactory(name="shared"), name="staging")
    start = (timezone.now() + timedelta(days=60)).replace(microsecond=0)
    times = {"starts_at": start.isoformat(), "ends_at": (start + timedelta(hours=2)).isoformat()}
    request = HubRequestFactory(community=community, kind="event", hub=hub, document=event(**times, attendees=20))
    with opened(chromium, size=DESK, theme="dark") as page:
        sign_in(page, live_server.url, member(community, Role.HUB_CHAMPION))
        page.goto(live_server.url + request.get_absolute_url())
        agreed = page.get_by_text("We agreed on up to 50 people")
        expect(agreed).to_have_count(0)
        page.get_by_label("People at the same time").fill("200")
        page.get_by_label("Name of the event").focus()
        expect(agreed).to_be_visible()
        expect(page.get_by_label("Name of the event")).to_be_focused()
        page.get_by_label("People at the same time").fill("30")
        page.get_by_label("Name of the event").focus()
        expect(agreed).to_have_count(0)
        assert (barriers(page), overflows(page)) == ([], False)


@pytest.mark.parametrize(("size", "theme"), [(PHONE, "dark"), (DESK, "light")])
def test_the_engineers_page_has_no_barrier(chromium: Browser, live_server: LiveServer, community, size: dict[str, int], theme: str):
    HubFactory(community=community)
    drift = [{"pointer": "/hubs/0/domain", "source": "record", "before": "a.example", "after": "b.example", "at": ""}]
    check = {"name": "Values", "status": "warn", "details": ["config/clusters/shared/aurora.values.yaml:3 look"]}
    request = HubRequestFactory(
        community=community, document=new_hub(), state="planned", plan={"checks": [check]}, plan_digest="sha256:1", drift=drift
    )
    with opened(chromium, size=size, theme=theme) as page:
        sign_in(page, live_server.url, staff(StaffGroup.ENGINEER))
        page.goto(live_server.url + reverse("hubs:review", args=[request.reference]))
        assert (barriers(page), overflows(page)) == ([], False)
