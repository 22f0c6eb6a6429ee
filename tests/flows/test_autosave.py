"""Words kept while they are written, in a real browser: by leaving a field, without a connection, and beside another window."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from onboarding.models import Application, ApplicationFile
from tests.browser import DESK, PHONE, barriers, opened, overflows
from tests.onboarding.factories import ANSWERS, FormVersionFactory
from tests.onboarding.files import PDF

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SAVED = re.compile(r"^Saved \d\d:\d\d")


def begin(page: Page, live_server: LiveServer, step: str = "community") -> Application:
    """A draft of this browser, on that step."""
    FormVersionFactory()
    page.goto(live_server.url + "/apply/")
    page.get_by_role("button", name="Begin your application").click()
    application = Application.objects.get()
    application.answers = {key: value for key, value in ANSWERS.items() if not key.startswith(("goal.", "consent."))}
    application.save()
    page.goto(f"{live_server.url}/apply/steps/{step}/")
    return application


def line(page: Page):
    return page.locator("[data-saved]")


def name_of(application: Application) -> str:
    application.refresh_from_db()
    return application.answers["community.long_name"]


def test_leaving_a_field_saves_it_and_says_when(chromium: Browser, live_server: LiveServer):
    with opened(chromium, size=PHONE) as page:
        application = begin(page, live_server)
        page.locator('[name="community.long_name"]').fill("Andes")
        with page.expect_response(re.compile("/keep/")):
            page.locator('[name="community.website"]').focus()
        expect(line(page)).to_have_text(SAVED)
        assert name_of(application) == "Andes"
        page.get_by_role("button", name="Save and go on").click()
        page.wait_for_url(re.compile("/goals/"))


def test_words_written_without_a_connection_stay_and_are_saved_when_it_is_back(chromium: Browser, live_server: LiveServer):
    with chromium.new_context(viewport=PHONE) as context:
        page = context.new_page()
        application = begin(page, live_server)
        context.set_offline(True)
        page.locator('[name="community.long_name"]').fill("Written on a mountain")
        page.locator('[name="community.website"]').focus()
        expect(line(page)).to_have_text("Not saved yet, no connection. Your words are kept here.")
        page.get_by_role("button", name="Save and go on").click()
        expect(page.locator('[name="community.long_name"]')).to_have_value("Written on a mountain")
        assert name_of(application) == ANSWERS["community.long_name"]
        with page.expect_response(re.compile("/keep/")):
            context.set_offline(False)
        expect(line(page)).to_have_text(SAVED)
        assert name_of(application) == "Written on a mountain"
        page.get_by_role("button", name="Save and go on").click()
        page.wait_for_url(re.compile("/goals/"))


def test_other_window_that_saved_first_is_shown_beside_what_is_typed(chromium: Browser, live_server: LiveServer):
    with chromium.new_context(viewport=PHONE) as context:
        page = context.new_page()
        application = begin(page, live_server)
        other = context.new_page()
        other.goto(page.url)
        other.locator('[name="community.long_name"]').fill("From the other window")
        other.get_by_role("button", name="Save and go on").click()
        other.wait_for_url(re.compile("/goals/"))
        page.locator('[name="community.long_name"]').fill("From this one")
        page.locator('[name="community.website"]').focus()
        expect(page.get_by_text("Saved in the other window: From the other window")).to_be_visible()
        expect(page.locator('[name="community.long_name"]')).to_have_value("From this one")
        assert (barriers(page), overflows(page)) == ([], False)
        assert name_of(application) == "From the other window"
        page.get_by_role("button", name="Save and go on").click()
        page.wait_for_url(re.compile("/goals/"))
        assert name_of(application) == "From this one"


@pytest.mark.parametrize(("size", "theme"), [pytest.param(PHONE, "light", id="phone"), pytest.param(DESK, "dark", id="desk")])
def test_files_go_at_once_and_can_be_taken_out(
    chromium: Browser, live_server: LiveServer, tmp_path: Path, size: dict[str, int], theme: str
):
    letter = tmp_path / "Carta de apoyo.pdf"
    letter.write_bytes(PDF)
    wrong = tmp_path / "picture.png"
    wrong.write_bytes(PDF)
    with opened(chromium, size=size, theme=theme) as page:
        begin(page, live_server, "send")
        page.locator('[name="consent.conduct"]').check()
        page.locator('input[type="file"]').set_input_files(letter)
        expect(page.get_by_role("link", name="Carta de apoyo.pdf")).to_be_visible()
        expect(page.locator('[name="consent.conduct"]')).to_be_checked()
        page.locator('input[type="file"]').set_input_files(wrong)
        expect(page.get_by_text("is not what the end of its name says").first).to_be_visible()
        assert (barriers(page), overflows(page)) == ([], False)
        assert ApplicationFile.objects.count() == 1
        page.get_by_label("Remove Carta de apoyo.pdf").click()
        expect(page.get_by_role("link", name="Carta de apoyo.pdf")).to_have_count(0)
    assert not ApplicationFile.objects.exists()


def test_file_without_script_goes_with_the_page(chromium: Browser, live_server: LiveServer, tmp_path: Path):
    letter = tmp_path / "letter.pdf"
    letter.write_bytes(PDF)
    with opened(chromium, size=PHONE, script=False) as page:
        begin(page, live_server, "send")
        page.locator('input[type="file"]').set_input_files(letter)
        page.get_by_role("button", name="Add the files now").click()
        expect(page.get_by_role("link", name="letter.pdf")).to_be_visible()
        page.get_by_label("Remove letter.pdf").check()
        page.get_by_role("button", name="Add and remove files now").click()
        expect(page.get_by_role("link", name="letter.pdf")).to_have_count(0)


def test_no_phone_zooms_into_a_field(chromium: Browser, live_server: LiveServer):
    with opened(chromium, size=PHONE) as page:
        begin(page, live_server)
        Application.objects.update(answers=ANSWERS | {"use.types": ["research", "education", "event", "other"]})
        for step in ("start", "community", "education", "event", "people", "data_money_time", "send"):
            page.goto(f"{live_server.url}/apply/steps/{step}/")
            sizes = page.locator("input:not([type=hidden]), select, textarea").evaluate_all(
                "all => all.map((each) => parseFloat(getComputedStyle(each).fontSize))"
            )
            assert min(sizes) >= 16, step
