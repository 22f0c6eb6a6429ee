"""Joining tickets by keyboard, panels that stay as they were left, and what axe says of both."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from communities.roles import Role, StaffGroup
from ground.actors import Actor
from hubs import conditions
from hubs.models import Cluster, Hub
from support import replies, tickets
from support.models import Ticket
from support.relations import merging, relating
from support.working import snoozing, spending, tagging
from tests.browser import DESK, PHONE, barriers, opened, overflows, sign_in
from tests.factories import CommunityFactory, acting, member, staff

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("SHOTS", "")


@pytest.fixture
def sam():
    return staff(StaffGroup.SUPPORT_AGENT, StaffGroup.OPERATOR, name="Sam Okafor")


@pytest.fixture
def pair(sam):
    community = CommunityFactory(slug="kelp-watch", name="Kelp Watch")
    ana, bea = (member(community, role, name=name) for role, name in ((Role.REPRESENTATIVE, "Ana Ruiz"), (Role.HUB_CHAMPION, "Bea Silva")))
    cluster = Cluster.objects.create(name="reef", provider="aws", region="eu-west-1")
    hub = Hub.objects.create(
        cluster=cluster,
        name="kelp",
        community=community,
        display_name="Kelp hub",
        facts={"chart": "basehub", "spec": {"images": ["python:2026.1"], "memory_gb": [4, 8]}},
        conditions=conditions.unknown(now=timezone.now()),
    )
    first = tickets.open_ticket(community, subject="Students cannot start a server", body="Since **Monday**.", by=acting(ana), hub=hub)
    again = tickets.open_ticket(community, subject="No servers today", body="Forty people wait.", by=acting(bea))
    replies.reply(first, body="We make room", by=acting(sam))
    replies.add_incoming(again, body="Any news?", by=acting(bea))
    Hub.objects.update(facts={"chart": "basehub", "spec": {"images": ["python:2026.2"], "memory_gb": [4, 8]}})
    return first, again


def look(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)
    assert (name, barriers(page), overflows(page)) == (name, [], False)


def tab_to(page: Page, name: str) -> None:
    """By Tab alone to the control of that name."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText?.replace(/\\s+/g, ' ').trim() ?? ''").startswith(name):
            return
    raise AssertionError(f"Tab never reached {name}")


def test_keys_alone_merge_and_take_it_back(chromium: Browser, live_server: LiveServer, pair, sam):
    first, again = pair
    with opened(chromium) as page:
        sign_in(page, live_server.url, sam)
        page.goto(live_server.url + again.get_absolute_url())
        tab_to(page, "Merge or link")
        page.keyboard.press("Enter")
        page.wait_for_url("**/link/")
        page.keyboard.type(first.reference)
        page.keyboard.press("Enter")
        page.wait_for_url("**q=*")
        tab_to(page, "Merge into it")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{first.get_absolute_url()}")
        expect(page.locator("#conversation")).to_contain_text("Any news?")
        expect(page.locator(".letter--merged")).to_have_count(2)
        assert Ticket.objects.get(pk=again.pk).merged_into == first
        tab_to(page, "Undo")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{again.get_absolute_url()}")
        page.goto(live_server.url + first.get_absolute_url())
        expect(page.locator("#conversation")).not_to_contain_text("Any news?")
    assert Ticket.objects.get(pk=again.pk).merged_into is None


def test_panels_stay_as_they_were_left_after_a_reload(chromium: Browser, live_server: LiveServer, pair, sam):
    first, _again = pair
    with opened(chromium) as page:
        sign_in(page, live_server.url, sam)
        page.goto(live_server.url + first.get_absolute_url())
        for panel in ("checklist", "triage"):
            with page.expect_response("**/desk/panels/") as kept:
                page.locator(f"[data-panel={panel}] > summary").click()
            assert kept.value.status == 204
        expect(page.locator("[data-panel=checklist] .work")).to_be_visible()
        page.reload()
        page.locator("[data-panel=checklist]").scroll_into_view_if_needed()
        expect(page.locator("[data-panel=checklist] .work")).to_be_visible()
        expect(page.locator("[data-panel=triage] form").first).to_be_hidden()
        page.locator("#add-item").fill("Look at the node pool")
        page.keyboard.press("Enter")
        expect(page.locator(".checklist")).to_contain_text("Look at the node pool")
        page.locator(".checklist__tick").press("Enter")
        expect(page.locator(".checklist .meta")).to_contain_text("Sam Okafor")


def test_an_insert_button_tells_the_composer(chromium: Browser, live_server: LiveServer, pair, sam):
    first, _again = pair
    similar = tickets.open_ticket(first.community, subject="Students cannot start a server", body="x", by=Actor.system())
    with opened(chromium) as page:
        sign_in(page, live_server.url, sam)
        page.goto(live_server.url + first.get_absolute_url())
        page.evaluate("document.addEventListener('desk:insert', (event) => { window.inserted = event.detail.text })")
        page.locator("[data-panel=articles] > summary").click()
        page.get_by_role("button", name=f"Insert {similar.reference} reference").click()
        assert page.evaluate("window.inserted") == similar.reference


@pytest.mark.parametrize(
    "seen", [(DESK, "light"), (DESK, "dark"), (PHONE, "light"), (PHONE, "dark")], ids=lambda seen: f"{seen[1]}-{seen[0]['width']}"
)
def test_pages_hold_no_barrier(chromium: Browser, live_server: LiveServer, pair, sam, seen):
    size, theme = seen
    first, again = pair
    by = acting(sam)
    relating.relate(first, to=tickets.open_ticket(first.community, subject="Add a package", body="pyresample", by=by), by=by)
    relating.make_child(first, subject="Order more nodes", body="Two", by=by)
    merging.merge(again, into=first, by=by)
    tagging.add(first, "node pool", by=by)
    snoozing.snooze(first, until=timezone.now() + timedelta(hours=3), by=by)
    spending.agree(first.community, minutes=120, period="month")
    spending.add(first, minutes=100, note="Looked at the logs", by=by)
    with opened(chromium, size=size, theme=theme) as page:
        sign_in(page, live_server.url, sam)
        page.goto(live_server.url + first.get_absolute_url())
        for panel in ("articles", "linked", "checklist"):
            page.locator(f"[data-panel={panel}] > summary").click()
            page.locator(f"[data-panel={panel}] .lazy").scroll_into_view_if_needed()
        expect(page.locator("[data-panel=linked]")).to_contain_text("Order more nodes")
        expect(page.locator("[data-panel=hub]")).to_contain_text("python:2026.2")
        expect(page.locator("[data-panel=community]")).to_contain_text("20 min left")
        expect(page.locator("[data-panel=checklist]")).to_contain_text("Looked at the logs")
        look(page, f"ticket-{theme}-{size['width']}")
        for name in ("desk_link", "desk_split"):
            page.goto(live_server.url + reverse(f"support:{name}", args=[first.reference]))
            look(page, f"{name}-{theme}-{size['width']}")
        page.goto(live_server.url + again.get_absolute_url())
        look(page, f"merged-{theme}-{size['width']}")
        page.goto(live_server.url + reverse("support:ticket", args=["kelp-watch", again.reference]))
        look(page, f"portal-{theme}-{size['width']}")
