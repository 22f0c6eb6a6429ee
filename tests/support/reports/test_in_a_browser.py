"""Reports in a real browser: no barrier in light and dark, on a desk and on a phone, with numbers and without."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from communities.roles import Role, StaffGroup
from support.asking import deflecting
from support.models import ClockRun
from tests.browser import DESK, PHONE, barriers, opened, overflows, sign_in
from tests.factories import CommunityFactory, member, staff
from tests.support.factories import TicketFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("SHOTS", "")


@pytest.fixture
def community():
    """With tickets of some weeks, a few of them solved, and clocks met and missed."""
    community = CommunityFactory(slug="kelp-watch", name="Kelp Watch")
    for days in range(1, 60, 3):
        at = timezone.now() - timedelta(days=days)
        solved = at + timedelta(days=5) if days > 20 else None
        ticket = TicketFactory(community=community, created_at=at, kind=("incident", "event")[days % 2], solved_at=solved)
        ClockRun.objects.create(
            ticket=ticket,
            clock="first",
            began_at=at,
            ended_at=at,
            target_minutes=480,
            used_minutes=20 * days,
            outcome=("met", "missed")[days > 24],
        )
    deflecting.note_shown(deflecting.new_form(), community=community)
    return community


@pytest.mark.parametrize(
    "seen", [(DESK, "light"), (DESK, "dark"), (PHONE, "light"), (PHONE, "dark")], ids=lambda seen: f"{seen[1]}-{seen[0]['width']}"
)
def test_reports_hold_no_barrier(chromium: Browser, live_server: LiveServer, community, seen):
    size, theme = seen
    pages = {
        staff(StaffGroup.SUPPORT_TRIAGER): [
            reverse("support:reports"),
            reverse("support:reports") + "?kind=change",
            reverse("support:report_rows", args=["opened"]),
        ],
        member(community, Role.REPRESENTATIVE): [reverse("support:community_report", args=["kelp-watch"])],
    }
    for person, addresses in pages.items():
        with opened(chromium, size=size, theme=theme) as page:
            sign_in(page, live_server.url, person)
            for place, address in enumerate(addresses):
                page.goto(live_server.url + address)
                if SHOTS:
                    page.screenshot(path=Path(SHOTS) / f"report-{len(addresses)}-{place}-{theme}-{size['width']}.png", full_page=True)
                assert (address, barriers(page), overflows(page)) == (address, [], False)


def test_a_number_leads_to_its_tickets_and_back(chromium: Browser, live_server: LiveServer, community):
    with opened(chromium) as page:
        sign_in(page, live_server.url, staff(StaffGroup.SUPPORT_AGENT))
        page.goto(live_server.url + reverse("support:reports") + "?period=month")
        number = page.locator("#kinds tbody tr").first.locator("a").first
        counted = int(number.inner_text())
        number.click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Tickets behind a number")
        assert page.locator("tbody tr").count() == counted
        page.get_by_role("link", name="Report").click()
        expect(page.locator("#period")).to_have_value("month")
