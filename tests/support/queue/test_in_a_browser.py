"""The desk's list in a real browser: what is chosen survives, others are seen, and the keyboard does it all."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from communities.roles import StaffGroup
from ground.actors import Actor
from support import replies
from support.desk import saved_views
from support.desk.saved_views import Wish
from support.models import Ticket
from tests.browser import DESK, PHONE, opened, sign_in
from tests.factories import CommunityFactory, acting, staff
from tests.support.factories import TicketFactory
from tests.support.test_in_a_browser import look

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LAPTOP = {"width": 1280, "height": 720}


@pytest.fixture
def sam():
    return staff(StaffGroup.SUPPORT_AGENT, name="Sam Okafor")


@pytest.fixture
def robin():
    return staff(StaffGroup.SUPPORT_AGENT, name="Robin Diaz")


@pytest.fixture
def tickets(sam):
    now, community = timezone.now(), CommunityFactory(name="Kelp Watch", slug="kelp-watch")
    words = ["Students cannot start a server", "Add a package to the image", "More memory for the workshop", "Home directory is full"]
    rows = [
        TicketFactory(
            community=community,
            subject=subject,
            waiting_since=now - timedelta(hours=9 - number),
            next_due_at=now + timedelta(hours=3 * number - 2),
            kind=["incident", "change", "event", ""][number],
            responsible=["provider", "community", "", ""][number],
            priority=4 - number,
            last_message_excerpt="Since Monday forty people see an error when they choose the R image",
            last_message_kind="incoming",
            tags=["r-image"],
        )
        for number, subject in enumerate(words)
    ]
    saved_views.keep(Wish(name="Fires", filters={"view": "incidents"}, is_shared=True), owner=sam)
    return rows


def test_rows_survive_a_live_update_while_one_is_chosen(chromium: Browser, live_server: LiveServer, tickets, sam):
    with opened(chromium, size=LAPTOP) as page:
        sign_in(page, live_server.url, sam)
        page.goto(live_server.url + reverse("support:desk"))
        page.locator(".ticket-row > input").nth(1).check()
        page.locator(".many select[name=status]").select_option("4")
        page.locator("#desk-q").fill("half a word")
        replies.add_incoming(tickets[0], body="Still broken for all", by=Actor.system())
        expect(page.locator(".ticket-row").first).to_contain_text("Still broken for all", timeout=20_000)
        expect(page.locator(".ticket-row > input").nth(1)).to_be_checked()
        expect(page.locator(".ticket-row > input").nth(0)).not_to_be_checked()
        expect(page.locator("[data-many-count]")).to_have_text("1 chosen")
        expect(page.locator(".many select[name=status]")).to_have_value("4")
        expect(page.locator("#desk-q")).to_have_value("half a word")
        expect(page.locator("#desk-q")).to_be_focused()


def test_keys_alone_choose_a_range_change_it_and_take_it_back(chromium: Browser, live_server: LiveServer, tickets, sam):
    with opened(chromium, size=LAPTOP) as page:
        sign_in(page, live_server.url, sam)
        page.goto(live_server.url + reverse("support:desk"))
        page.keyboard.press("j")
        page.keyboard.press("x")
        page.keyboard.press("j")
        page.keyboard.press("j")
        page.keyboard.press("x")
        expect(page.locator("[data-many-count]")).to_have_text("2 chosen")
        page.locator(".ticket-row > input").nth(3).click(modifiers=["Shift"])
        page.locator(".many select[name=assignee]").select_option("me")
        page.locator(".many select[name=assignee]").press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Change 3 tickets")
        look(page, "many-1280")
        page.keyboard.press("Enter")
        expect(page.get_by_text("3 tickets are changed")).to_be_visible()
        assert Ticket.objects.filter(assignee=sam).count() == 3
        page.get_by_role("button", name="Take it back").click()
        expect(page.get_by_text("3 tickets are changed")).to_be_visible()
    assert Ticket.objects.filter(assignee=sam).count() == 0


def test_who_else_is_at_a_ticket_shows_on_the_row_and_in_the_head(chromium: Browser, live_server: LiveServer, tickets, sam, robin):
    with opened(chromium, size=LAPTOP) as mine, opened(chromium, size=LAPTOP) as theirs:
        sign_in(mine, live_server.url, sam)
        sign_in(theirs, live_server.url, robin)
        mine.goto(live_server.url + reverse("support:desk"))
        theirs.goto(live_server.url + tickets[0].get_absolute_url())
        row = mine.locator(".ticket-row", has_text=tickets[0].subject)
        expect(row).to_contain_text("Robin Diaz is looking", timeout=20_000)
        theirs.locator("#id_reply-body").press_sequentially("We see it")
        expect(row).to_contain_text("Robin Diaz is writing", timeout=20_000)
        row.locator(".ticket-row__open").click()
        expect(mine.locator("#presence")).to_contain_text("Robin Diaz is writing")
        theirs.locator("#id_reply-body").fill("")


def test_the_list_comes_beside_a_ticket_and_leads_on(chromium: Browser, live_server: LiveServer, tickets, sam):
    with opened(chromium, size=LAPTOP) as page:
        sign_in(page, live_server.url, sam)
        page.goto(live_server.url + tickets[0].get_absolute_url() + "?view=waiting")
        expect(page.locator(".ticket-row__open[aria-current]")).to_have_text(tickets[0].subject)
        expect(page.locator(".place__number")).to_have_text("1 of 4")
        page.locator("[data-act=next-ticket]").click()
        expect(page.locator("#ticket-title")).to_have_text(tickets[1].subject)
        expect(page.locator(".place__number")).to_have_text("2 of 4")
        look(page, "split-1280")


@pytest.mark.parametrize(
    "seen", [(DESK, "light"), (LAPTOP, "dark"), (PHONE, "light"), (PHONE, "dark")], ids=lambda seen: f"{seen[1]}-{seen[0]['width']}"
)
def test_pages_of_the_list_hold_no_barrier(chromium: Browser, live_server: LiveServer, tickets, sam, seen):
    size, theme = seen
    view = saved_views.keep(Wish(name="Mine now", filters={"view": "mine", "kind": "event"}), owner=sam)
    addresses = {
        "narrowed": "/desk/?view=waiting&community=kelp-watch&kind=incident",
        "filters": reverse("support:desk_filters"),
        "communities": reverse("support:desk_communities"),
        "layout": reverse("support:desk_layout"),
        "views": reverse("support:desk_views"),
        "view": reverse("support:desk_view", args=[view.key]),
        "new-view": reverse("support:desk_new_view") + "?view=mine&kind=event",
    }
    with opened(chromium, size=size, theme=theme) as page:
        sign_in(page, live_server.url, sam)
        for name, address in addresses.items():
            page.goto(live_server.url + address)
            look(page, f"queue-{name}-{theme}-{size['width']}")
        page.goto(live_server.url + reverse("support:desk"))
        page.locator("#desk-filters summary").click()
        expect(page.locator("#desk-filters select").first).to_be_visible()
        page.locator(".ticket-row > input").first.check()
        look(page, f"queue-open-{theme}-{size['width']}")


def test_without_script_filters_and_changes_work(chromium: Browser, live_server: LiveServer, tickets, sam):
    with opened(chromium, script=False) as page:
        sign_in(page, live_server.url, sam)
        page.goto(live_server.url + reverse("support:desk"))
        page.locator("#desk-filters summary").click()
        page.get_by_role("link", name="Choose what to show").click()
        page.get_by_label("Kind").select_option("incident")
        page.get_by_role("button", name="Show these").click()
        expect(page.locator(".ticket-row")).to_have_count(1)
        page.locator(".ticket-row > input").check()
        page.locator(".many select[name=status]").select_option("4")
        page.get_by_role("button", name="Look and change").click()
        page.get_by_role("button", name="Change them").click()
        expect(page.get_by_text("1 ticket is changed")).to_be_visible()
    tickets[0].refresh_from_db()
    assert (tickets[0].status_id, acting(sam).user) == (4, sam)
