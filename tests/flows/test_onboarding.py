"""From a form in Spanish on a small phone without script to a hub request that nobody has to type twice."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.flows.people import fill_form_up_to, mailed_link, score, sign_in
from tests.flows.world import World
from tests.onboarding.factories import ANSWERS as ANDEAN

pytestmark = [pytest.mark.browser, pytest.mark.services, pytest.mark.xdist_group("world")]

COMMUNITY = "Red Amazónica de Suelos"
WILMA = "wilma@suelos.example.org"
ANSWERS = ANDEAN | {
    "community.long_name": COMMUNITY,
    "community.short_name": "suelos",
    "community.website": "https://suelos.example.org",
    "community.github_org": "https://github.com/suelos-amazonicos",
    "contact.name": "Wilma Tapuy",
    "contact.email": WILMA,
    "people.community_champion": {"name": "Wilma Tapuy", "email": WILMA},
    "people.hub_champion": {"name": "Darwin Grefa", "email": "darwin@suelos.example.org"},
}
GO_ON = "Guardar y continuar"


@pytest.fixture
def phone(chromium: Browser) -> Callable[[], Page]:
    """A small phone that speaks Spanish and runs no script."""

    def open_page() -> Page:
        context = chromium.new_context(viewport={"width": 360, "height": 640}, locale="es", java_script_enabled=False)
        page = context.new_page()
        page.set_default_timeout(20_000)
        return page

    return open_page


@pytest.fixture
def person(chromium: Browser, world: World) -> Callable[[str], Page]:
    """A browser of one's own, signed in."""

    def enter(email: str) -> Page:
        page = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="en").new_page()
        page.set_default_timeout(20_000)
        sign_in(page, world, email)
        return page

    return enter


def test_from_a_phone_in_spanish_to_a_hub_request(world: World, phone: Callable[[], Page], person: Callable[[str], Page]):
    apply(world, phone)
    lena, rita, rui = (person(f"{name}@hubs.example") for name in ("lena", "rita", "rui"))
    disagree(world, lena, rita, rui)


def apply(world: World, phone: Callable[[], Page]) -> None:
    """Begin, leave in the middle, come back by the mailed link on another day, send."""
    began = time.time() - 1
    page = phone()
    page.goto(f"{world.site}/apply/")
    page.get_by_role("button", name="Empezar la solicitud").click()
    fill_form_up_to(page, "people", answers=ANSWERS, go_on=GO_ON)
    page = phone()
    page.goto(mailed_link(world.newest_mail(WILMA, "Sus respuestas están guardadas", after=began), "/applications/"))
    page.get_by_role("button", name="Seguir con mis respuestas").click()
    page.get_by_role("link", name="Continuar donde lo dejó").click()
    fill_form_up_to(page, "send", answers=ANSWERS, go_on=GO_ON)
    page.get_by_role("button", name="Enviar la solicitud").click()
    expect(page.get_by_role("heading", name="En nuestras manos")).to_be_visible()
    world.newest_mail(WILMA, "Tenemos su solicitud", after=began)


def disagree(world: World, lena: Page, rita: Page, rui: Page) -> None:
    """Two reviewers, one much in favour and one against: the page says so."""
    lena.goto(f"{world.site}/review/")
    lena.locator("tr", has_text=COMMUNITY).get_by_role("button").click()
    score(rita, world, COMMUNITY, 4)
    score(rui, world, COMMUNITY, 0, recommendation="decline")
    expect(rui.get_by_text("Recommendations on both sides").first).to_be_visible()
