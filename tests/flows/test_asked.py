"""A question of ours and its answer, on a small phone, with and without script; and the pages around it, looked at."""

import os
import re
from pathlib import Path

import pytest
from django.core import mail
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from ground.sweep import perform_due
from onboarding import correcting, reviewing
from onboarding.models import Application, FormVersion
from onboarding.publishing import publish
from onboarding.states import ConflictKind
from tests.browser import DESK, PHONE, barriers, opened, overflows, sign_in
from tests.factories import ProgrammeFactory, acting
from tests.onboarding.factories import ANSWERS, FormVersionFactory, interest_schema
from tests.onboarding.review_factories import lead, screened

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("SHOTS", "")
NARROW = {"width": 320, "height": 640}


def look(page: Page, name: str) -> None:
    assert (name, barriers(page), overflows(page)) == (name, [], False)
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


def asked(*keys: str) -> Application:
    ProgrammeFactory()
    application = screened(language="en")
    correcting.ask(application, text="Who pays after the first year?", field_keys=keys, by=acting(lead(name="Rosa Lind")))
    return application


def mailed_path() -> str:
    perform_due()
    return "/applications/" + mail.outbox[-1].body.split("/applications/")[1].split("\n")[0].strip()


@pytest.mark.parametrize(("size", "script"), [pytest.param(PHONE, False, id="phone-no-script"), pytest.param(DESK, True, id="desk")])
def test_question_is_opened_from_the_mail_answered_and_handed_in(
    chromium: Browser, live_server: LiveServer, size: dict[str, int], script: bool
):
    application = asked("money.path", "people.approver")
    with opened(chromium, size=size, script=script) as page:
        page.goto(live_server.url + mailed_path())
        page.get_by_role("button", name="Read the question and answer").click()
        expect(page.get_by_text("Who pays after the first year?")).to_be_visible()
        page.locator('[name="money.path"][value="own_cloud_credits"]').check()
        page.get_by_role("button", name="Save and go on").click()
        expect(page.get_by_text("We have cloud credits of our own").first).to_be_visible()
        page.get_by_role("button", name="Hand in the changes").click()
        expect(page.get_by_role("heading", name="With us")).to_be_visible()
    application.refresh_from_db()
    assert (application.answers["money.path"], application.waiting_since) == ("own_cloud_credits", None)


@pytest.mark.parametrize(("size", "theme"), [pytest.param(NARROW, "light", id="narrow"), pytest.param(DESK, "dark", id="desk")])
def test_pages_around_a_question_have_no_barrier(chromium: Browser, live_server: LiveServer, size: dict[str, int], theme: str):
    application = asked()
    name = f"{size['width']}-{theme}"
    with opened(chromium, size=size, theme=theme) as page:
        page.goto(live_server.url + mailed_path())
        look(page, f"{name}-asked-open")
        page.get_by_role("button", name="Read the question and answer").click()
        page.wait_for_url(re.compile("/correct/"))
        look(page, f"{name}-correct")
        for path in ("correct/steps/people/", "status/", f"where/?reference={application.reference}", "where/?reference="):
            page.goto(f"{live_server.url}/apply/{path}")
            look(page, f"{name}-{re.sub('[^a-z]', '', path)}")
        rosa = lead(name="Rosa Lind")
        reviewing.declare_conflict(application, kind=ConflictKind.NONE, by=acting(rosa))
        sign_in(page, live_server.url, rosa)
        page.goto(f"{live_server.url}/review/{application.reference}/ask/")
        page.get_by_text("Which answers is it about?").first.click()
        look(page, f"{name}-ask")


def test_newer_form_is_offered_without_a_barrier(chromium: Browser, live_server: LiveServer):
    version = FormVersionFactory()
    with opened(chromium, size=NARROW) as page:
        page.goto(live_server.url + "/apply/")
        page.get_by_role("button", name="Begin your application").click()
        Application.objects.update(answers=ANSWERS)
        schema = interest_schema()
        steps = [step | {"fields": [field for field in step["fields"] if field["key"] != "goal.success"]} for step in schema["steps"]]
        publish(version.definition, schema | {"steps": steps}, by=acting(lead()))
        page.goto(live_server.url + "/apply/")
        look(page, "320-apply-newer")
        page.get_by_role("link", name="See what would change").click()
        look(page, "320-newer")
        page.get_by_role("button", name="Go on with the newer form").click()
        page.wait_for_url(re.compile("/steps/"))
    assert Application.objects.get().form_version == FormVersion.objects.current().get()
