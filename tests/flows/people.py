"""What people do in a browser, in their words: sign in, fill the form, score, ask."""

import re
import time
from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Page, expect

from onboarding.models import FormVersion
from onboarding.questions.answers import inputs
from tests.flows.world import World
from tests.onboarding.factories import interest_schema

ANSWERS = {
    "use.types": ["education"],
    "use.existing_community": False,
    "applicant.language": "en",
    "community.long_name": "Costa Viva Network",
    "community.short_name": "costa-viva",
    "community.website": "https://costaviva.example.org",
    "community.github_org": "https://github.com/costa-viva",
    "community.country": "EC",
    "community.org_type": "distributed_network",
    "community.description": "We teach coastal monitoring to park rangers in four countries.",
    "goal.future": "Teach from one page, with the same data for everybody.",
    "goal.barrier": "Rangers share old laptops.",
    "goal.success": "Every ranger has run the first notebook.",
    "work.style": "teaching",
    "work.software": ["python"],
    "open.principles": "adopting",
    "edu.courses": "Coastal monitoring",
    "edu.students": 30,
    "edu.term": {"start": "2027-03-01", "end": "2027-06-30"},
    "edu.peak_simultaneous": 30,
    "edu.exams": "no",
    "contact.name": "Carla Mena",
    "contact.email": "carla@costaviva.example.org",
    "contact.timezone": "America/Guayaquil",
    "people.users_band": "11_50",
    "people.first_users": "yes_named",
    "people.skills": "new_to_notebooks",
    "people.community_champion": {"name": "Carla Mena", "email": "carla@costaviva.example.org"},
    "people.hub_champion": {"name": "Dario Paz", "email": "dario@costaviva.example.org"},
    "people.authority": "contact_can_decide",
    "data.sensitive": "none",
    "money.path": "needs_free_place",
    "time.target_start": "2027-02-01",
    "time.duration": "one_term",
    "consent.privacy": True,
    "consent.conduct": True,
    "consent.roles_read": True,
}
CARLA = "carla@costaviva.example.org"


def sign_in(page: Page, world: World, email: str) -> None:
    """Ask for a code, read the mail, enter it; staff add the six digits that /demo/ shows."""
    asked = time.time()
    page.goto(f"{world.site}/accounts/login/")
    page.get_by_label(re.compile("e-?mail", re.IGNORECASE)).first.fill(email)
    page.get_by_role("button", name="Send me a code").click()
    mail = world.newest_mail(email, "Your code to sign in", after=asked - 1)
    code = re.search(r"\b([A-Z0-9]{4}-[A-Z0-9]{4})\b", mail.split("<article", 1)[1])
    assert code, mail
    page.locator('[name="code"]').fill(code[1])
    page.get_by_role("button", name="Continue").click()
    if email.endswith("@hubs.example"):
        take_second_step(page, world, email)
    expect(page.locator('form[action="/accounts/logout/"]')).to_be_attached()


def fill_form_up_to(page: Page, last: str, *, answers: Mapping[str, Any] = ANSWERS, go_on: str = "Save and go on") -> None:
    """Answer page after page until that one is done; `go_on` are the button's words."""
    form = FormVersion(schema=interest_schema()).form
    while True:
        found = re.search(r"/apply/steps/([a-z_]+)/", page.url)
        assert found, page.url
        for field in form.step(found[1]).fields:
            for name, values in inputs(field, answers.get(field.key)).items():
                put(page, name, values)
        page.get_by_role("button", name=go_on).click()
        if found[1] == last:
            return


def put(page: Page, name: str, values: list[str]) -> None:
    """Type into one input, whatever it is."""
    found = page.locator(f'[name="{name}"]:not([type="hidden"])')
    if found.first.get_attribute("type") in {"radio", "checkbox"}:
        for value in values:
            page.locator(f'[name="{name}"][value="{value}"]').check()
    elif found.first.evaluate("each => each.tagName") == "SELECT":
        found.select_option(values[0])
    else:
        for place, value in enumerate(values):
            found.nth(place).fill(value)


def take_second_step(page: Page, world: World, email: str) -> None:
    """Enter the six digits. They count once: who signs in again within half a minute waits for the next ones."""
    field, tried = page.locator('[name="code"]'), ""
    field.wait_for()
    while field.count():
        code = world.second_step(email)
        if code == tried:
            time.sleep(1)
            continue
        field.fill(code)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_load_state()
        tried = code


def open_to_reviewers(page: Page, world: World, community: str) -> None:
    """As a lead: say that nothing ties one to the community, answer every gate, start the review."""
    page.goto(f"{world.site}/review/")
    page.locator("tr", has_text=community).get_by_role("button").click()
    expect(page.get_by_text("Some gates are still open.")).to_be_visible()
    page.locator('[name="kind"]').first.check()
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("link", name="To the decision").click()
    expect(page.locator('form[action$="/gates/"]')).to_be_visible()
    for gate in page.locator('form[action$="/gates/"] input[value="yes"]').all():
        gate.check()
    page.get_by_role("button", name="Keep the gates").click()
    page.get_by_role("button", name="Start the review").click()


def score(page: Page, world: World, community: str, level: int, *, recommendation: str = "accept") -> None:
    """Say that nothing ties one to the community, choose a level text for every criterion, submit."""
    page.goto(f"{world.site}/review/")
    page.get_by_role("link", name=community).first.click()
    page.locator('[name="kind"]').first.check()
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("fieldset.criterion").first).to_be_visible()
    for criterion in page.locator("fieldset.criterion").all():
        criterion.locator(f'input[type="radio"][value="{level}"]').check()
    page.locator(f'[name="recommendation"][value="{recommendation}"]').check()
    page.get_by_role("button", name="Submit review").click()
    expect(page.get_by_role("heading", name="Your review")).to_be_visible()


def mailed_link(mail: str, part: str) -> str:
    """The address in a mail that holds this part."""
    found = re.search(rf'href="(http[^"]*{part}[^"]*)"', mail)
    assert found, mail
    return found[1]
