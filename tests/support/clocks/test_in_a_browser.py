"""A ticket's clocks in a real browser: unfolded, thought through, without script, on a phone, for everybody; and an operator's calendar."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from communities.roles import StaffGroup
from ground.actors import Actor
from support import defaults, tickets
from support.models import Ticket, TicketStatus, WorkingCalendar
from support.timing.tasks import recompute_all
from tests.browser import DESK, PHONE, barriers, opened, overflows, sign_in
from tests.factories import CommunityFactory, staff
from tests.support.factories import ContactFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("SHOTS", "")


def shot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


@pytest.fixture
def sam():
    return staff(StaffGroup.SUPPORT_AGENT, name="Sam Okafor", timezone="Asia/Kathmandu")


@pytest.fixture
def ticket():
    community = CommunityFactory(name="Kelp Watch")
    defaults.ensure()
    row = tickets.open_ticket(community, subject="Students cannot start a server", body="x", by=Actor.system(), requester=ContactFactory())
    long_ago = timezone.now() - timedelta(days=5)
    Ticket.objects.filter(pk=row.pk).update(created_at=long_ago)
    row.refresh_from_db()
    for hours, code in ((20, 6), (44, 2)):
        tickets.update(row, by=Actor.system(), status=TicketStatus.objects.get(code=code))
        row.events.filter(field="status", after=str(code)).update(at=long_ago + timedelta(hours=hours))
    recompute_all()
    row.refresh_from_db()
    return row


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_clocks_are_unfolded_beside_a_ticket_and_thought_through_without_a_barrier(chromium, live_server, sam, ticket, theme):
    with opened(chromium, theme=theme) as page:
        sign_in(page, live_server.url, sam)
        page.goto(live_server.url + ticket.get_absolute_url())
        page.locator("#panel-clocks summary").click()
        expect(page.locator("#panel-clocks h3").first).to_have_text("Resolution")
        shot(page, f"panel-{theme}")
        page.get_by_label("If its priority were").select_option("4")
        page.get_by_role("button", name="Think it through").click()
        expect(page.get_by_text("Nothing has changed.")).to_be_visible()
        assert barriers(page) == []


@pytest.mark.parametrize("look", [{"size": PHONE, "theme": "light"}, {"size": DESK, "theme": "dark"}], ids=["phone", "dark"])
def test_the_story_of_a_clock_reads_without_script_on_a_phone_and_in_the_dark(chromium, live_server, sam, ticket, look):
    with opened(chromium, script=False, **look) as page:
        sign_in(page, live_server.url, sam)
        page.goto(live_server.url + reverse("support:desk_ticket_clocks", args=[ticket.reference]))
        page.get_by_label("If its priority were").select_option("4")
        page.get_by_role("button", name="Think it through").click()
        expect(page.get_by_text("Nothing has changed.")).to_be_visible()
        shot(page, f"page-{look['theme']}")
        assert not overflows(page)
    with opened(chromium, **look) as page:
        sign_in(page, live_server.url, sam)
        page.goto(live_server.url + reverse("support:desk_ticket_clocks", args=[ticket.reference]))
        assert barriers(page) == []


def test_an_operator_adds_a_window_to_a_calendar_in_the_editor(chromium, live_server, ticket):
    olga = staff(StaffGroup.OPERATOR, name="Olga Operator")
    olga.user_permissions.add(Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"))
    calendar = WorkingCalendar.objects.get()
    with opened(chromium) as page:
        sign_in(page, live_server.url, olga)
        page.goto(live_server.url + reverse("wagtailsnippets_support_workingcalendar:edit", args=[calendar.pk]))
        page.get_by_role("button", name="Add window").click()
        page.locator("#id_windows-5-weekday").select_option("5")
        page.locator("#id_windows-5-opens").fill("10:00")
        page.locator("#id_windows-5-closes").fill("12:00")
        shot(page, "editor")
        page.get_by_role("button", name="Save").first.click()
        expect(page.get_by_role("heading", name="Working calendars")).to_be_visible()
        page.goto(live_server.url + reverse("wagtailsnippets_support_workingcalendar:edit", args=[calendar.pk]))
        expect(page.get_by_text("10:00–12:00").first).to_be_visible()
    assert calendar.windows.filter(weekday=5).count() == 1
