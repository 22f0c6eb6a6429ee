"""A hub's page, its use and the status page in a real browser: on a phone in class, and in the dark."""

import os
from datetime import UTC, timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from communities.roles import Role, StaffGroup
from hubs import watching
from hubs.models import Hub, HubDay, HubUse, HubWatch
from hubs.states import HubState
from support.models import StatusComponent
from tests.browser import DESK, PHONE, barriers, opened, overflows, sign_in
from tests.factories import CommunityFactory, member, staff
from tests.hubs.factories import ClusterFactory, HubFactory, HubRequestFactory
from tests.hubs.small_hub import Network, SmallHub
from tests.support.incidents.factories import declared

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("SHOTS", "")
SPEC = {"images": ["quay.io/pangeo/pangeo-notebook:2026.11.01"], "memory_gb": [2, 8], "home_quota_gib": 10, "admins": ["ana-quispe"]}


@pytest.fixture
def reef(settings):
    settings.HUB_API_TRANSPORT = Network(reef=SmallHub())
    community = CommunityFactory(slug="reef-lab", name="Reef Lab")
    cluster = ClusterFactory(name="one", domain_suffix="hubs.example")
    facts = {"spec": SPEC, "authentication": "cilogon"}
    hub = HubFactory(name="reef", display_name="Reef hub", community=community, cluster=cluster, facts=facts, is_public_status=True)
    today = timezone.now().astimezone(UTC).date()
    for ago in range(80):
        down = {12: 5400, 40: 60_000}.get(ago, 0)
        HubDay.objects.create(hub=hub, day=today - timedelta(days=ago), checks=700, ok=690, watched_seconds=80_000, down_seconds=down)
    for ago in range(0, 120, 3):
        use = {"weekly": 30 - ago // 10, "monthly": 80 - ago // 3, "daily": 9, "running_peak": 12}
        HubUse.objects.create(hub=hub, day=today - timedelta(days=ago), source="metrics", read_at=timezone.now(), **use)
    HubRequestFactory(community=community, hub=hub, kind="event")
    StatusComponent.objects.create(name="Shared hubs", cluster=cluster)
    watching.watch_all()
    return hub


def look(page: Page, name: str) -> None:
    """No barrier and no sideways scrolling; a picture where `SHOTS` names a folder."""
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)
    assert (name, barriers(page), overflows(page)) == (name, [], False)


def fall_silent(hub: Hub) -> None:
    now = timezone.now()
    HubWatch.objects.update(
        seen="down", seen_since=now - timedelta(minutes=20), reason="refused", failures=9, failing_since=now, asked_at=None
    )
    Hub.objects.update(state=HubState.TROUBLED)


def test_is_it_down_on_a_phone(chromium: Browser, live_server: LiveServer, reef):
    champion = member(reef.community, Role.HUB_CHAMPION, name="Ana")
    with opened(chromium, size=PHONE) as page:
        sign_in(page, live_server.url, champion)
        page.goto(live_server.url + reef.get_absolute_url())
        expect(page.locator("#health [role=status]")).to_contain_text("It answers.")
        look(page, "hub-phone")
        page.get_by_role("button", name="Look again now").click()
        expect(page.locator("#health [role=status]")).to_contain_text("We are looking again now.")
        watching.watch_one(reef.pk)
        expect(page.locator("#health [role=status]")).to_contain_text("Last looked")
        fall_silent(reef)
        declared(by=staff(StaffGroup.ENGINEER), cluster=reef.cluster)
        page.reload()
        expect(page.locator("#health [role=status]")).to_contain_text("no connection can be made")
        expect(page.get_by_role("link", name="Servers start slowly")).to_be_visible()
        look(page, "hub-down-phone")


@pytest.mark.parametrize(("size", "theme"), [(PHONE, "dark"), (DESK, "light"), (DESK, "dark")])
def test_pages_of_health_and_use_look_well(chromium: Browser, live_server: LiveServer, reef, size, theme):
    community = reef.community
    pages = {
        "hub": reef.get_absolute_url(),
        "home": community.get_absolute_url(),
        "hubs": reverse("hubs:community", args=[community.slug]),
        "community-use": reverse("hubs:community_use", args=[community.slug]),
        "use": reverse("hubs:use"),
        "health": reverse("hubs:health"),
        "status": "/status/",
    }
    HubFactory(name="kelp", display_name="Kelp hub", community=community, cluster=reef.cluster, state=HubState.TROUBLED)
    with opened(chromium, size=size, theme=theme) as page:
        sign_in(page, live_server.url, staff(StaffGroup.ENGINEER, name="Eli"))
        for name, address in pages.items():
            page.goto(live_server.url + address)
            look(page, f"{name}-{size['width']}-{theme}")


def test_looking_again_without_script(chromium: Browser, live_server: LiveServer, reef):
    with opened(chromium, script=False) as page:
        sign_in(page, live_server.url, member(reef.community, Role.MEMBER))
        page.goto(live_server.url + reef.get_absolute_url())
        page.get_by_role("button", name="Look again now").click()
        expect(page.locator("#health [role=status]")).to_contain_text("We are looking again now.")
