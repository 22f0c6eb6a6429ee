"""The whole form on a small phone, as an applicant fills it in: every question, leaving, coming back by the mailed link, sending."""

import os
from pathlib import Path

import pytest
from django.core import mail
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from ground.sweep import perform_due
from onboarding.models import Application
from onboarding.questions.answers import inputs
from onboarding.questions.progress import fields_shown, steps_shown
from onboarding.states import ApplicationState
from tests.browser import DESK, PHONE, barriers, opened, overflows
from tests.onboarding.factories import EVERY_ANSWER, FormVersionFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SHOTS = os.environ.get("SHOTS", "")


def look(page: Page, name: str) -> None:
    """No barrier and no sideways scrolling; a picture where `SHOTS` names a folder."""
    assert (name, barriers(page), overflows(page)) == (name, [], False)
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


def fill(page: Page, step_key: str) -> None:
    """Type every answer of one page into its inputs."""
    application = Application.objects.get()
    form = application.form_version.form
    for field in fields_shown(form, form.step(step_key), application.answers | EVERY_ANSWER):
        for name, values in inputs(field, EVERY_ANSWER.get(field.key)).items():
            put(page, name, values)


def put(page: Page, name: str, values: list[str]) -> None:
    found = page.locator(f'[name="{name}"]:not([type="hidden"])')
    if found.first.get_attribute("type") in {"radio", "checkbox"}:
        for value in values:
            page.locator(f'[name="{name}"][value="{value}"]').check()
    elif found.first.evaluate("each => each.tagName") == "SELECT":
        found.select_option(values[0])
    else:
        for place, value in enumerate(values):
            found.nth(place).fill(value)


def steps() -> list[str]:
    application = Application.objects.get()
    return [step.key for step in steps_shown(application.form_version.form, application.answers)]


def go_on(page: Page) -> None:
    page.get_by_role("button", name="Save and go on").click()


def fill_all(page: Page, *, size: str) -> None:
    done: set[str] = set()
    while here := next((key for key in steps() if key not in done), None):
        assert f"/apply/steps/{here}/" in page.url
        look(page, f"{size}-{here}-empty")
        fill(page, here)
        go_on(page)
        done.add(here)


def mailed_path(subject: str) -> str:
    perform_due()
    message = next(each for each in reversed(mail.outbox) if subject in each.subject)
    return "/applications/" + message.body.split("/applications/")[1].split("\n")[0].strip()


@pytest.mark.parametrize(("size", "theme"), [pytest.param(PHONE, "light", id="phone"), pytest.param(DESK, "dark", id="desk")])
def test_whole_form_is_filled_in_left_resumed_and_sent(chromium: Browser, live_server: LiveServer, size: dict[str, int], theme: str):
    FormVersionFactory()
    name = f"{size['width']}-{theme}"
    with opened(chromium, size=size, theme=theme) as page:
        page.goto(live_server.url + "/apply/")
        look(page, f"{name}-apply")
        begin = page.get_by_role("button", name="Begin your application")
        assert begin.bounding_box()["y"] + begin.bounding_box()["height"] <= size["height"]
        begin.click()
        fill_all(page, size=name)
        assert "/apply/check/" in page.url
        look(page, f"{name}-check")
        page.get_by_role("link", name="Stop for now").click()
        look(page, f"{name}-later")
    assert Application.objects.get().answers == EVERY_ANSWER

    with opened(chromium, size=size, theme=theme) as page:
        page.goto(live_server.url + mailed_path("Sus respuestas están guardadas"))
        look(page, f"{name}-open")
        page.get_by_role("button", name="Go on with my answers").click()
        page.get_by_role("link", name="Go on where you stopped").click()
        go_on(page)
        page.get_by_role("button", name="Send application").click()
        assert page.get_by_role("heading", name="With us").is_visible()
        look(page, f"{name}-status")
    application = Application.objects.get()
    assert (application.state, application.revisions.get().answers) == (ApplicationState.SCREENING, EVERY_ANSWER)
    assert mailed_path(f"Tenemos su solicitud {application.reference}").startswith("/applications/")


def test_question_opened_by_an_answer_appears_with_and_without_script(chromium: Browser, live_server: LiveServer):
    FormVersionFactory()
    for script in (True, False):
        with opened(chromium, size=PHONE, script=script) as page:
            page.goto(live_server.url + "/apply/")
            page.get_by_role("button", name="Begin your application").click()
            Application.objects.update(answers={"use.types": ["education"]})
            page.goto(live_server.url + "/apply/steps/education/")
            dates = page.get_by_text("When are the exams?")
            assert not dates.is_visible()
            if script:
                with page.expect_response(lambda response: "/keep/" in response.url):
                    page.locator('[name="edu.exams"][value="yes"]').check()
                    page.locator('[name="edu.students"]').focus()
            else:
                page.locator('[name="edu.exams"][value="yes"]').check()
            if not script:
                go_on(page)
            assert dates.is_visible()
        Application.objects.all().delete()


def test_form_works_without_script(chromium: Browser, live_server: LiveServer):
    FormVersionFactory()
    with opened(chromium, size=PHONE, script=False) as page:
        page.goto(live_server.url + "/apply/")
        page.get_by_role("button", name="Begin your application").click()
        go_on(page)
        assert page.get_by_text("2 answers need another look").is_visible()
        fill(page, "start")
        go_on(page)
        assert "/apply/steps/community/" in page.url
        page.locator('[name="community.website"]').fill("not an address")
        page.get_by_role("button", name="Save and stop for now").click()
        assert page.locator('[name="community.website"]').input_value() == "not an address"
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / "360-problem.png", full_page=True)


def test_first_visit_is_under_sixty_kilobytes(chromium: Browser, live_server: LiveServer):
    FormVersionFactory()
    with opened(chromium, size=PHONE) as page:
        weights: list[int] = []
        page.on("response", lambda response: weights.append(len(response.body())))
        page.goto(live_server.url + "/apply/", wait_until="networkidle")
        assert sum(weights) < 120_000  # before compression, which takes two thirds away
