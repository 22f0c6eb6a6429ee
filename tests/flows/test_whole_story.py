"""One community's whole story in a browser, following only what the pages and the mails say: from the form to an answered ticket."""

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.flows.people import CARLA, fill_form_up_to, mailed_link, open_to_reviewers, score, sign_in
from tests.flows.world import World

pytestmark = [pytest.mark.browser, pytest.mark.services, pytest.mark.xdist_group("world")]
COMMUNITY = "Costa Viva Network"
PATIENCE = 40


@pytest.fixture
def person(chromium: Browser, world: World) -> Callable[..., Page]:
    """A browser of one's own, signed in where an address is given."""

    def enter(email: str = "") -> Page:
        page = chromium.new_context(viewport={"width": 1280, "height": 800}, locale="en").new_page()
        page.set_default_timeout(20_000)
        if email:
            sign_in(page, world, email)
        return page

    return enter


def test_from_the_form_to_an_answered_ticket(world: World, person: Callable[..., Page]):
    apply(world, person)
    decide(world, person)
    carla = person(CARLA)
    expect(carla.get_by_text(COMMUNITY).first).to_be_visible()
    ask_for_hub(world, carla)
    carry_out(world, person("eli@hubs.example"))
    carla.goto(f"{world.site}/c/costa-viva/hubs/")
    expect(carla.get_by_text("recorded").first).to_be_visible()
    ask_and_be_answered(world, carla, person("sam@hubs.example"), person())


def apply(world: World, person: Callable[..., Page]) -> None:
    """Begin without an account, leave in the middle, come back by the mailed link, send."""
    began = time.time() - 1
    page = person()
    page.goto(f"{world.site}/apply/")
    page.get_by_role("button", name="Begin your application").click()
    fill_form_up_to(page, "people")
    page = person()
    page.goto(mailed_link(world.newest_mail(CARLA, "answers are saved", after=began), "/applications/"))
    page.get_by_role("button", name="Go on with my answers").click()
    page.get_by_role("link", name="Go on where you stopped").click()
    fill_form_up_to(page, "send")
    page.get_by_role("button", name="Send application").click()
    expect(page.get_by_role("heading", name="With us")).to_be_visible()
    assert "/applications/" in world.newest_mail(CARLA, "We have your application", after=began)


def decide(world: World, person: Callable[..., Page]) -> None:
    """The lead answers the gates and opens it, two reviewers score, one of them proposes, the lead approves and releases."""
    lena = person("lena@hubs.example")
    open_to_reviewers(lena, world, COMMUNITY)
    score(person("rita@hubs.example"), world, COMMUNITY, 3)
    rui = person("rui@hubs.example")
    score(rui, world, COMMUNITY, 4)
    rui.goto(f"{world.site}/review/")
    rui.get_by_role("link", name=COMMUNITY).click()
    rui.locator('[name="outcome"][value="accept"]').check()
    rui.locator('[name="reasons"]').fill("Two good reviews, both champions named.")
    rui.get_by_role("button", name="Propose this decision").click()
    lena.goto(rui.url)
    lena.get_by_role("button", name="Approve decision and letter").click()
    lena.get_by_role("button", name="Release decision").click()
    expect(lena.get_by_role("link", name=COMMUNITY).first).to_be_visible()
    assert "/accounts/login/?next=/c/costa-viva/" in world.newest_mail(CARLA, "glad to say yes")


def ask_for_hub(world: World, carla: Page) -> None:
    """From the block in the article to the request, with what the form did not ask."""
    carla.goto(f"{world.site}/c/costa-viva/")
    expect(carla.get_by_role("heading", name="Waiting for you")).to_be_visible()
    carla.get_by_role("link", name="Knowledge base").last.click()
    carla.get_by_role("link", name="Ask for your hub").first.click()
    carla.get_by_role("link", name="Open the form").click()
    carla.locator('[name="hubs.0.homepage.org.logo_url"]').fill("not an address")
    carla.locator('[name="hubs.0.authentication.admins"]').fill("carla-mena")
    carla.get_by_role("button", name="Send request").click()
    expect(carla.locator('[name="hubs.0.homepage.org.logo_url"]')).to_have_value("not an address")
    carla.locator('[name="hubs.0.homepage.org.logo_url"]').fill("https://costaviva.example.org/logo.png")
    carla.get_by_role("button", name="Send request").click()
    expect(carla.get_by_text("We have your request")).to_be_visible()


def carry_out(world: World, eli: Page) -> None:
    """The engineer answers what only they know, reads the difference, approves it, settles what people have to do."""
    eli.goto(f"{world.site}/hubs/")
    eli.locator("tr", has_text=COMMUNITY).get_by_role("link").first.click()
    eli.locator('[name="hubs.0.homepage.funded_by.name"]').fill("Sea Fund")
    eli.locator('[name="hubs.0.homepage.funded_by.url"]').fill("https://sea.example.org")
    eli.get_by_role("button", name="Keep our answers").click()
    reload_until(eli, lambda: eli.get_by_role("button", name="Approve this plan").count())
    expect(eli.locator(".diff").first).to_contain_text("costa-viva")
    eli.get_by_role("button", name="Approve this plan").click()
    reload_until(eli, lambda: eli.locator("li.card", has_text="home directories").get_by_role("button", name="Done").count())
    eli.locator("li.card", has_text="home directories").get_by_role("button", name="Done").click()
    reload_until(eli, lambda: "recorded" in eli.inner_text("main"))


def ask_and_be_answered(world: World, carla: Page, sam: Page, agent: Page) -> None:
    """Articles are offered first; the ticket is answered at the desk, then in Freshdesk; both answers reach both sides."""
    carla.goto(f"{world.site}/c/costa-viva/tickets/new/")
    carla.locator('[name="subject"]').press_sequentially("How do I install a package?")
    expect(carla.get_by_role("link", name="Install packages")).to_be_visible()
    carla.locator('[name="body"]').fill("We need geopandas for everybody.")
    carla.get_by_role("button", name="Send ticket").click()
    ticket = carla.url

    sam.goto(f"{world.site}/desk/")
    sam.get_by_role("link", name=re.compile("How do I install a package")).first.click()
    sam.get_by_label("Reply").last.fill("It is in the new image.")
    sam.get_by_role("button", name="Send reply").click()

    agent.goto(f"{world.freshdesk}/")
    reload_until(agent, lambda: agent.get_by_role("link", name=re.compile("How do I install")).count())
    agent.get_by_role("link", name=re.compile("How do I install")).first.click()
    reload_until(agent, lambda: "It is in the new image." in agent.inner_text("body"))
    agent.locator("textarea").first.fill("Restart your server to get it.")
    agent.locator("form", has=agent.locator("textarea")).locator("button").first.click()

    carla.goto(ticket)
    reload_until(carla, lambda: "Restart your server to get it." in carla.inner_text("main"))
    expect(carla.get_by_text("It is in the new image.")).to_be_visible()


def reload_until(page: Page, holds: Callable[[], object]) -> None:
    until = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < until, page.inner_text("body")
        time.sleep(0.5)
        page.reload()
