"""The widget on another site, and the pages around asking, in a real browser: by keyboard, in the dark, on a phone."""

import os
import threading
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from communities.roles import Role, StaffGroup
from demo.host import site as documentation
from knowledgebase.models import Audience
from support import tickets
from support.asking import rating
from support.models import Suggested, Ticket, WidgetSite
from support.states import Face, SyncState
from tests.browser import DESK, PHONE, barriers, opened, overflows, sign_in
from tests.factories import CommunityFactory, acting, member, staff
from tests.knowledgebase.factories import bare, published
from tests.support.asking.factories import on_terms, site_of, waiting_ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("SHOTS", "")


class Quiet(WSGIRequestHandler):
    def log_message(self, *_args: object) -> None:
        """Nothing on the test's output."""


@pytest.fixture
def community():
    community = CommunityFactory(slug="kelp-watch", name="Kelp Watch")
    on_terms(community, who_opens="anybody")
    return community


@pytest.fixture
def ana(community):
    return member(community, Role.REPRESENTATIVE, name="Ana Ruiz", email="ana@example.org")


@pytest.fixture
def widget_site(community):
    return site_of(community, origins=[])


@pytest.fixture
def host(live_server: LiveServer, widget_site: WidgetSite):
    """The documentation site, on an origin of its own that the widget is allowed on."""
    app = documentation(desk=live_server.url, key=widget_site.key)
    with make_server("127.0.0.1", 0, app, handler_class=Quiet) as server:
        address = f"http://127.0.0.1:{server.server_port}"
        WidgetSite.objects.update(origins=[address])
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield address
        server.shutdown()


def look(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png")
    assert (name, barriers(page), overflows(page)) == (name, [], False)


def test_a_stranger_asks_by_keyboard_and_the_desk_has_it(chromium: Browser, live_server: LiveServer, host: str, community, ana):
    published(bare(community), title="When a notebook server does not start", body="Wait five minutes.", audience=Audience.PUBLIC)
    sam = staff(StaffGroup.SUPPORT_AGENT, name="Sam Okafor")
    with opened(chromium) as page:
        page.goto(host + "/start?token=secret#also")
        page.keyboard.press("Tab")
        expect(page.get_by_role("button", name="Help")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog", name="Ask for help")).to_be_visible()
        page.keyboard.type("My notebook server does not start")
        article = page.get_by_role("link", name="When a notebook server does not start")
        expect(article).to_be_visible()
        with page.context.expect_page(), page.expect_response("**/opened/") as counted:
            article.click()
        assert counted.value.status == 204
        article.focus()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()
        expect(page.get_by_role("button", name="Help")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_label("What is it about?")).to_have_value("My notebook server does not start")
        page.get_by_label("What happens, and what did you expect?").focus()
        page.keyboard.type("It spins for an hour.")
        page.keyboard.press("Tab")
        page.keyboard.type("Kim")
        page.keyboard.press("Tab")
        page.keyboard.type("not an address")
        page.keyboard.press("Enter")
        expect(page.get_by_label("Your e-mail address")).to_be_focused()
        expect(page.get_by_label("Your e-mail address")).to_have_attribute("aria-invalid", "true")
        page.keyboard.press("Control+A")
        page.keyboard.type("kim@example.net")
        page.wait_for_timeout(3000)  # nobody writes faster
        page.keyboard.press("Enter")
        expect(page.get_by_text("We answer by mail to kim@example.net.")).to_be_visible()
        assert page.context.cookies() == []
        sign_in(page, live_server.url, sam)
        page.goto(live_server.url + reverse("support:desk") + "?view=all")
        expect(page.get_by_role("link", name="My notebook server does not start").first).to_be_visible()
    ticket = Ticket.objects.get()
    assert (ticket.sync_state, ticket.requester.email, ticket.widget_ask.page_url) == (SyncState.LOCAL, "kim@example.net", f"{host}/start")
    assert set(Suggested.objects.values_list("step", "place")) == {(step, "widget") for step in ("shown", "opened", "sent")}
    assert Suggested.objects.values("form").distinct().count() == 1


def test_another_origin_is_refused_and_says_that_it_did_not_work(chromium: Browser, host: str):
    WidgetSite.objects.update(origins=["https://docs.example.org"])
    context = chromium.new_context()
    page = context.new_page()
    page.goto(host)
    page.get_by_role("button", name="Help").click()
    for label, words in {
        "What is it about?": "Kelp",
        "What happens, and what did you expect?": "x",
        "Your name": "Kim",
        "Your e-mail address": "k@example.net",
    }.items():
        page.get_by_label(label).fill(words)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_contain_text("could not reach the desk")
    expect(page.get_by_label("What is it about?")).to_have_value("Kelp")
    context.close()
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, PHONE, {"width": 320, "height": 640}], ids=["desk", "phone", "narrow"])
def test_the_dialog_holds_no_barrier(chromium: Browser, host: str, theme: str, size: dict[str, int]):
    with opened(chromium, size=size, theme=theme) as page:
        page.goto(host)
        page.get_by_role("button", name="Help").click()
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_text("Fill this in.").first).to_be_visible()
        style = page.get_by_label("Your name").evaluate("field => [getComputedStyle(field).fontSize, getComputedStyle(field).color]")
        assert (style[0], style[1] == "rgb(255, 0, 0)") == ("16px", False), "the host's style does not reach in"
        look(page, f"widget-{theme}-{size['width']}")


@pytest.mark.parametrize(("language", "word"), [("es", "Ayuda"), ("pt", "Ajuda"), ("fr", "Aide"), ("de", "Help")])
def test_it_speaks_the_pages_language(chromium: Browser, host: str, language: str, word: str):
    with opened(chromium) as page:
        page.goto(f"{host}/{language}/")
        expect(page.get_by_role("button", name=word, exact=True)).to_be_visible()


@pytest.mark.parametrize(
    "seen", [(DESK, "light"), (DESK, "dark"), (PHONE, "light"), (PHONE, "dark")], ids=lambda seen: f"{seen[1]}-{seen[0]['width']}"
)
def test_pages_around_asking_hold_no_barrier(chromium: Browser, live_server: LiveServer, ana, widget_site, seen):
    size, theme = seen
    community = widget_site.community
    bo = member(community, Role.MEMBER, name="Bo")
    waits = waiting_ticket(community, by=acting(bo), topic="quota")
    solved = tickets.solve(tickets.open_ticket(community, subject="No server", body="It fails", by=acting(ana)), by=acting(ana))
    rating.rate(solved, face=Face.OKAY, feedback="Slow", by=acting(ana))
    asked = tickets.open_ticket(community, subject="A package", body="xarray", by=acting(ana), confidential=True, readers=[bo])
    pages = {
        "terms": reverse("support:terms", args=["kelp-watch"]),
        "sites": reverse("support:widget_sites", args=["kelp-watch"]),
        "waits": reverse("support:ticket", args=["kelp-watch", waits.reference]),
        "solved": reverse("support:ticket", args=["kelp-watch", solved.reference]),
        "asked": reverse("support:ticket", args=["kelp-watch", asked.reference]),
        "list": reverse("support:tickets", args=["kelp-watch"]),
        "new": reverse("support:new_ticket", args=["kelp-watch"]),
    }
    with opened(chromium, size=size, theme=theme) as page:
        sign_in(page, live_server.url, ana)
        for name, address in pages.items():
            page.goto(live_server.url + address)
            for summary in page.locator("main summary").all():
                summary.click()
            look(page, f"asking-{name}-{theme}-{size['width']}")
