"""Keyboard alone, the mouse unplugged: ten tickets are triaged, one is taken back, keys are changed, the palette finds and does."""

import os
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from communities.roles import Role, StaffGroup
from support import search
from support.models import DeskPreferences, Ticket
from support.states import Kind
from tests.browser import DESK, PHONE, barriers, opened, overflows, sign_in
from tests.communities.factories import agreed_matrix
from tests.factories import CommunityFactory, member, staff
from tests.support.factories import ContactFactory, TicketFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("SHOTS", "")


@pytest.fixture
def sam():
    return staff(StaffGroup.SUPPORT_TRIAGER, name="Sam Okafor")


@pytest.fixture
def asked():
    """Ten tickets of a community that has agreed on its matrix."""
    community = CommunityFactory(slug="kelp-watch", name="Kelp Watch")
    agreed_matrix(community)
    ana = member(community, Role.REPRESENTATIVE, name="Ana Ruiz", email="ana@example.org")
    contact = ContactFactory(name="Ana Ruiz", user=ana)
    made = [
        TicketFactory(community=community, requester=contact, subject=f"Please add two people {number}", body_html="<p>Students cannot start.</p>", body_text="Students cannot start.")
        for number in range(10)
    ]  # fmt: skip
    for ticket in made:
        search.index(ticket)
    return made


def look(page: Page, name: str) -> None:
    """No barrier and no sideways scrolling; a picture where `SHOTS` names a folder."""
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png")
    assert (name, barriers(page), overflows(page)) == (name, [], False)


def test_keyboard_alone_clears_a_queue_of_ten(chromium: Browser, live_server: LiveServer, asked, sam):
    with opened(chromium) as page:
        sign_in(page, live_server.url, sam)
        page.goto(live_server.url + reverse("support:desk") + "?view=triage")
        page.keyboard.press("t")
        for number in range(10):
            expect(page.get_by_role("heading", name=f"Please add two people {number}")).to_be_visible()
            expect(page.locator(".decision.is-here")).to_be_visible()
            page.keyboard.press("1")
            page.keyboard.press("2")
            page.keyboard.press("Enter")
            page.keyboard.press("1")
        expect(page.get_by_role("heading", name="Nothing to triage")).to_be_visible()
    decided = Ticket.objects.values_list("kind", "impact", "responsible", "responsibility_row", "assignee")
    assert set(decided) == {(Kind.INCIDENT, "some", "community", "day.accounts", sam.pk)}


def test_decision_is_taken_back_skipped_and_stepped_back_by_keys(chromium: Browser, live_server: LiveServer, asked, sam):
    with opened(chromium) as page:
        sign_in(page, live_server.url, sam)
        page.goto(live_server.url + reverse("support:triage"))
        expect(page.locator(".decision.is-here")).to_be_visible()
        page.keyboard.press("2")
        page.keyboard.press("Backspace")
        page.keyboard.press("3")
        page.keyboard.press("1")
        page.keyboard.press("Enter")
        page.keyboard.press("0")
        expect(page.get_by_role("heading", name="Please add two people 1")).to_be_visible()
        expect(page.locator(".decision.is-here")).to_be_visible()
        assert Ticket.objects.get(pk=asked[0].pk).kind == Kind.GUIDANCE
        page.keyboard.press("z")
        expect(page.get_by_role("heading", name="Please add two people 0")).to_be_visible()
        assert Ticket.objects.get(pk=asked[0].pk).kind == ""
        page.goto(live_server.url + reverse("support:triage"))
        expect(page.locator(".decision.is-here")).to_be_visible()
        page.keyboard.press("s")
        expect(page.get_by_role("heading", name="Please add two people 1")).to_be_visible()


def test_choosing_another_kind_or_party_shows_what_follows(chromium: Browser, live_server: LiveServer, asked, sam):
    with opened(chromium) as page:
        sign_in(page, live_server.url, sam)
        page.goto(live_server.url + reverse("support:triage"))
        expect(page.locator(".decision.is-here")).to_be_visible()
        page.keyboard.press("1")
        page.keyboard.press("3")
        step = page.locator("[data-step]:visible")
        expect(step).to_contain_text("declare an incident")
        page.keyboard.press("Backspace")
        page.keyboard.press("1")
        expect(step).to_contain_text("It is the community's")
        page.get_by_role("radio", name="Not offered").check()
        expect(page.get_by_text("That is not what the matrix says")).to_be_visible()
        expect(step).to_contain_text("It is not offered")


def test_switched_off_keys_do_nothing_and_changed_ones_do(chromium: Browser, live_server: LiveServer, asked, sam):
    preferences = DeskPreferences.objects.create(user=sam, keys={"triage": "q"})
    with opened(chromium) as page:
        sign_in(page, live_server.url, sam)
        page.goto(live_server.url + reverse("support:desk") + "?view=triage")
        page.keyboard.press("t")
        page.keyboard.press("q")
        expect(page.get_by_role("heading", name="Please add two people 0")).to_be_visible()
        preferences.keys_are_off = True
        preferences.save()
        page.reload()
        page.keyboard.press("s")
        page.keyboard.press("1")
        expect(page.get_by_role("heading", name="Please add two people 0")).to_be_visible()
        assert page.url.endswith("view=triage")


def test_palette_finds_a_ticket_and_does_what_the_page_can(chromium: Browser, live_server: LiveServer, asked, sam):
    with opened(chromium) as page:
        sign_in(page, live_server.url, sam)
        page.goto(live_server.url + reverse("support:desk"))
        page.keyboard.press("Control+k")
        page.keyboard.type("people 7")
        expect(page.get_by_role("option", name="Please add two people 7")).to_be_visible()
        look(page, "palette")
        page.locator("#palette-q").fill("ticket of the list")
        expect(page.get_by_role("option", name="next ticket of the list")).to_be_visible()
        page.locator("#palette-q").fill("internal no")
        expect(page.get_by_text("Nothing found")).to_be_visible()
        page.keyboard.press("Escape")
        page.keyboard.press("Control+k")
        page.keyboard.type(asked[3].reference)
        expect(page.get_by_role("option", name=asked[3].subject)).to_have_attribute("aria-selected", "true")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name=asked[3].subject)).to_be_visible()
        page.keyboard.press("Control+k")
        page.keyboard.type("internal no")
        expect(page.get_by_role("option", name="internal note")).to_be_visible()
        page.keyboard.press("Enter")
        expect(page.locator("#id_note-body")).to_be_focused()


@pytest.mark.parametrize(
    "seen", [(DESK, "light"), (DESK, "dark"), (PHONE, "light"), (PHONE, "dark")], ids=lambda seen: f"{seen[1]}-{seen[0]['width']}"
)
def test_pages_hold_no_barrier(chromium: Browser, live_server: LiveServer, asked, sam, seen):
    size, theme = seen
    with opened(chromium, size=size, theme=theme) as page:
        sign_in(page, live_server.url, sam)
        for name in ("triage", "keys"):
            page.goto(live_server.url + reverse(f"support:{name}"))
            look(page, f"{name}-{theme}-{size['width']}")
        page.goto(live_server.url + reverse("portal:palette") + "?q=people")
        look(page, f"find-{theme}-{size['width']}")


def test_without_script_triage_is_a_form(chromium: Browser, live_server: LiveServer, asked, sam):
    with opened(chromium, script=False) as page:
        sign_in(page, live_server.url, sam)
        page.goto(live_server.url + reverse("support:triage"))
        page.get_by_role("radio", name="Guidance").check()
        page.get_by_role("button", name="Save and next").click()
        expect(page.get_by_role("heading", name="Please add two people 1")).to_be_visible()
    assert Ticket.objects.get(pk=asked[0].pk).kind == Kind.GUIDANCE
