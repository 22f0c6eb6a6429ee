"""From a form in Spanish on a small phone without script to a hub request that nobody has to type twice."""

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import overflows
from tests.flows.people import fill_form_up_to, mailed_link, open_to_reviewers, score, sign_in
from tests.flows.world import World
from tests.onboarding.factories import ANSWERS as ANDEAN

pytestmark = [pytest.mark.browser, pytest.mark.services, pytest.mark.xdist_group("world")]

COMMUNITY = "Red Amazónica de Suelos"
WILMA, DARWIN = "wilma@suelos.example.org", "darwin@suelos.example.org"
ANSWERS = ANDEAN | {
    "community.long_name": COMMUNITY,
    "community.short_name": "suelos",
    "community.website": "https://suelos.example.org",
    "community.github_org": "https://github.com/suelos-amazonicos",
    "contact.name": "Wilma Tapuy",
    "contact.email": WILMA,
    "people.community_champion": {"name": "Wilma Tapuy", "email": WILMA},
    "people.hub_champion": {"name": "Darwin Grefa", "email": DARWIN},
}
CONDITIONS = ["Nombrar a una persona suplente", "Publicar los cuadernos del curso"]
KNOWN = {
    "requested_by.name": "Wilma Tapuy",
    "requested_by.email": WILMA,
    "hubs.0.name": "suelos",
    "hubs.0.display_name": COMMUNITY,
    "hubs.0.authentication.method": "github",
    "hubs.0.authentication.allowed_organizations": "suelos-amazonicos",
    "hubs.0.environment.images.0.preset": "scipy",
    "hubs.0.environment.images.1.preset": "rocker",
    "hubs.0.homepage.org.url": "https://suelos.example.org",
}
"""Of the hub request: what the form was told already."""

ASKED = {"hubs.0.homepage.org.logo_url": "https://suelos.example.org/logo.png", "hubs.0.authentication.admins": "wilma-tapuy"}
"""What is left to ask."""

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
    meet(world, lena)
    accept_with_conditions(world, lena, rita)
    wilma, gita = person(WILMA), person("gita@hubs.example")
    person(DARWIN)
    sign_responsibilities(world, wilma, gita)
    get_ready(world, wilma, gita)
    complete_the_request(world, wilma)
    hand_to_engineers(world, person("eli@hubs.example"))


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
    reference = re.search(r"CI-[0-9A-Z]{4}-[0-9A-Z]{4}", world.newest_mail(WILMA, "Tenemos su solicitud", after=began))
    assert reference
    page.goto(f"{world.site}/apply/where/?reference={reference[0]}")
    expect(page.get_by_role("heading", name="Presentada")).to_be_visible()
    assert COMMUNITY not in page.content()


def disagree(world: World, lena: Page, rita: Page, rui: Page) -> None:
    """Two reviewers, one much in favour and one against: the page says so."""
    open_to_reviewers(lena, world, COMMUNITY)
    score(rita, world, COMMUNITY, 4)
    score(rui, world, COMMUNITY, 0, recommendation="decline")
    expect(rui.get_by_text("Recommendations on both sides").first).to_be_visible()


def meet(world: World, lena: Page) -> None:
    """What they disagree on comes to the meeting's list; the meeting agrees on an answer beside the reviews."""
    lena.goto(f"{world.site}/review/meetings/")
    lena.locator('[name="date"]').fill("2027-01-15")
    lena.locator('[name="chair"]').select_option(label="Lena Okafor")
    lena.get_by_role("button", name="Plan it").click()
    meeting = lena.url
    lena.goto(f"{world.site}/review/board/")
    lena.get_by_role("link", name=COMMUNITY).first.click()
    lena.goto(lena.url.rstrip("/") + "/history/")
    lena.get_by_role("button", name="Call for discussion").click()
    lena.goto(meeting)
    expect(lena.get_by_text("Recommendations on both sides").first).to_be_visible()
    lena.get_by_role("link", name=COMMUNITY).click()
    lena.get_by_role("button", name="Start the clock").click()
    lena.locator('[name="outcome"]').select_option("accept_with_conditions")
    lena.locator('[name="minutes"]').fill("Reviewers met halfway: yes, with a deputy named.")
    lena.get_by_role("button", name="Keep").click()
    lena.get_by_role("button", name="Done, go on").click()


def accept_with_conditions(world: World, lena: Page, rita: Page) -> None:
    """One proposes what the meeting said, the other approves and releases; the letter is in Spanish and names the conditions."""
    rita.goto(f"{world.site}/review/board/")
    rita.get_by_role("link", name=COMMUNITY).first.click()
    rita.goto(rita.url.rstrip("/") + "/decision/")
    expect(rita.locator('[name="outcome"][value="accept_with_conditions"]')).to_be_checked()
    rita.locator('[name="conditions"]').fill("\n".join(CONDITIONS))
    rita.get_by_role("button", name="Propose this decision").click()
    expect(rita.locator("article.letter[lang='es']")).to_contain_text(CONDITIONS[0])
    lena.goto(rita.url)
    lena.get_by_role("button", name="Approve decision and letter").click()
    lena.get_by_role("button", name="Release decision").click()
    letter = world.newest_mail(WILMA, CONDITIONS[1])
    assert "Estimada" in letter or "Hola" in letter or "Gracias" in letter, letter
    assert "/accounts/login/?next=/c/suelos/" in letter


def sign_responsibilities(world: World, wilma: Page, gita: Page) -> None:
    """The representative settles what is left open and signs; the guide signs for us; then it holds."""
    address = f"{world.site}/c/suelos/responsibilities/"
    wilma.goto(address)
    while wilma.locator('select[name="party"] option[value=""][selected], select[name="party"]:has(option[value=""])').count():
        row = wilma.locator('form:has(select[name="party"] option[value=""])').first
        row.locator('select[name="party"]').select_option("community")
        row.get_by_role("button").click()
    wilma.get_by_role("button", name=re.compile("^(Agree|De acuerdo|Aceptar)")).click()
    gita.goto(address)
    gita.get_by_role("button", name="Agree").click()
    expect(gita.get_by_text("Wilma Tapuy").first).to_be_visible()
    assert not overflows(gita)


def get_ready(world: World, wilma: Page, gita: Page) -> None:
    """The agreement is recorded, the conditions are met; the first phase is done and the next is ready."""
    plan = f"{world.site}/c/suelos/onboarding/"
    gita.goto(plan)
    gita.get_by_role("link", name="Record the agreement").first.click()
    gita.locator('[name="starts_on"]').fill("2027-02-01")
    gita.locator('[name="signed_note"]').fill("Wilma Tapuy and Gita Rao, in the drive")
    gita.get_by_role("button", name="Record it").click()
    settle_all(wilma, plan, "p0_agree")
    settle_all(gita, plan, "p0_agree")
    expect(gita.locator("#p0_needs")).to_have_class(re.compile("card--act"))
    assert "Done" in gita.locator("#p0_agree").inner_text()


def settle_all(page: Page, plan: str, phase: str) -> None:
    """Settle everything of that phase that this person may settle."""
    page.goto(plan)
    buttons = page.locator(f'#{phase} form[action*="/settle/"] button')
    while buttons.count():
        buttons.first.click()


def complete_the_request(world: World, wilma: Page) -> None:
    """What the form was told stands in the hub request; only what nobody was asked before is left to answer."""
    wilma.goto(f"{world.site}/c/suelos/hubs/")
    wilma.locator('main a[href*="HR-"]').first.click()
    request = wilma.url
    for name, value in KNOWN.items():
        expect(wilma.locator(f'[name="{name}"]')).to_have_value(value)
    wilma.goto(f"{world.site}/c/suelos/onboarding/questions/")
    assert sorted(wilma.locator('main [name^="hubs."]').evaluate_all("all => all.map(each => each.name)")) == sorted(ASKED)
    for name, value in ASKED.items():
        wilma.locator(f'[name="{name}"]').fill(value)
    wilma.locator("main form button.button--primary").first.click()
    wilma.goto(request)
    for name, value in ASKED.items():
        expect(wilma.locator(f'[name="{name}"]')).to_have_value(value)
    wilma.get_by_role("button", name="Enviar pedido").click()
    expect(wilma.locator('[name="hubs.0.name"]')).to_have_count(0)


def hand_to_engineers(world: World, eli: Page) -> None:
    """The engineer answers what only they know; then nothing is missing and the hub's phases are ready."""
    eli.goto(f"{world.site}/hubs/")
    eli.locator("tr", has_text=COMMUNITY).get_by_role("link").first.click()
    eli.locator('[name="hubs.0.homepage.funded_by.name"]').fill("Fondo de Suelos")
    eli.locator('[name="hubs.0.homepage.funded_by.url"]').fill("https://fondo.example.org")
    eli.get_by_role("button", name="Keep our answers").click()
    eli.goto(f"{world.site}/c/suelos/onboarding/")
    expect(eli.locator("#p3_1_initial")).to_contain_text("Ready")
    expect(eli.get_by_text("Missing in the hub request")).to_have_count(0)
