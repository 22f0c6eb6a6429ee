"""The whole way of an article in a real browser: written, read by a second person, found by a misspelt query, leading to a form."""

import os
import re
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from communities.roles import Role
from hubs.states import HubState
from knowledgebase.models import Edition
from tests.browser import DESK, PHONE, barriers, opened, overflows, sign_in
from tests.factories import CommunityFactory, member
from tests.hubs.factories import HubFactory
from tests.knowledgebase.factories import bare, draft, published

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SHOTS = os.environ.get("SHOTS", "")
LINK = {"words": "Open the course", "repository": "https://example.org/a/course", "branch": "main", "path": "start.ipynb", "app": "lab"}


def keep(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


class Coast:
    """A community that writes in Spanish, with a hub, two who write and one who asks."""

    def __init__(self) -> None:
        self.community = CommunityFactory(slug="costa", name="Costa Viva", language="es")
        self.ana = member(self.community, Role.HUB_CHAMPION, name="Ana")
        self.ben = member(self.community, Role.REPRESENTATIVE, name="Ben")
        self.carla = member(self.community, Role.HUB_CHAMPION, name="Carla")
        self.hub = HubFactory(community=self.community, display_name="Costa hub", domain="costa.example", state=HubState.LIVE)
        self.knowledge_base = bare(self.community, language="es")
        request = {"type": "request", "value": {"kind": "event", "words": "Cuéntanos cuándo y cuántas personas."}}
        text = {"type": "text", "value": "Antes de la clase."}
        self.article = draft(self.knowledge_base, title="Preparar un taller", body=[text, request], audience="members", owner=self.ana)
        published(self.knowledge_base, title="Guardar archivos", body="Dónde quedan los archivos.", audience="members")


@pytest.fixture
def coast() -> Coast:
    return Coast()


def choose_action(page: Page, selector: str) -> None:
    """One of the buttons in the editor's footer, behind its arrow unless it stands in front."""
    button = page.locator(f"footer {selector}").first
    if not button.is_visible():
        page.get_by_role("button", name="More actions").click()
    button.click()


def test_from_the_champions_words_to_the_readers_form(chromium: Browser, live_server: LiveServer, coast: Coast):
    edit = live_server.url + reverse("wagtailadmin_pages:edit", args=[coast.article.pk])
    with opened(chromium) as page:
        sign_in(page, live_server.url, coast.ana)
        page.goto(edit)
        text = page.locator('textarea[name="body-0-value"]')
        text.fill("## Antes de la clase\n\nReserva memoria para el **taller** con tres semanas de antelación.")
        keep(page, "edit")
        choose_action(page, '[name="action-submit"]')
        page.wait_for_url(re.compile(r"/cms/pages/\d+/(edit/)?$"))
    assert not Edition.objects.filter(pk=coast.article.pk).exists()

    with opened(chromium) as page:
        sign_in(page, live_server.url, coast.ben)
        page.goto(live_server.url + reverse("wagtailadmin_home"))
        keep(page, "first-page")
        page.get_by_role("region", name="Waits for a second reader").get_by_role("link", name="Preparar un taller").click()
        choose_action(page, '[data-workflow-action-name="approve"]')
        page.wait_for_url(re.compile(r"/cms/pages/\d+/$"))
    assert "antelación" in Edition.objects.get(pk=coast.article.pk).text

    with opened(chromium, size=PHONE) as page:
        sign_in(page, live_server.url, coast.carla)
        page.goto(f"{live_server.url}/c/costa/kb/")
        page.get_by_role("searchbox").first.fill("preparr un tallr")
        page.get_by_role("searchbox").first.press("Enter")
        page.get_by_role("link", name="Preparar un taller", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Preparar un taller")
        keep(page, "article")
        page.get_by_role("link", name="Open the form").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Event")
        expect(page.get_by_label("Which hub?")).to_have_value(str(coast.hub.pk))
        page.get_by_role("button", name="Begin").click()
        expect(page.locator("input[value='Carla']")).to_have_count(1)
        keep(page, "form")


def test_the_link_builder_shows_where_the_link_leads(chromium: Browser, live_server: LiveServer, coast: Coast):
    coast.article.body = [("open_in_hub", LINK)]
    coast.article.save_revision(user=coast.ana)
    with opened(chromium) as page:
        sign_in(page, live_server.url, coast.ana)
        page.goto(live_server.url + reverse("wagtailadmin_pages:edit", args=[coast.article.pk]))
        page.locator('[name="body-0-value-branch"]').fill("week-2")
        shown = page.locator(".open-in-hub__links")
        expect(shown).to_contain_text("Costa hub")
        expect(shown).to_contain_text(
            "https://costa.example/hub/user-redirect/git-pull?repo=https%3A%2F%2Fexample.org%2Fa%2Fcourse&branch=week-2"
        )
        page.locator('[name="body-0-value-path"]').fill("/etc")
        expect(shown).to_contain_text("Write the path from the repository's root.")
        keep(page, "links")


@pytest.mark.parametrize("seen", [(DESK, "light"), (PHONE, "dark")], ids=lambda seen: f"{seen[1]}-{seen[0]['width']}")
def test_an_article_with_every_block_holds_no_barrier(chromium: Browser, live_server: LiveServer, coast: Coast, seen):
    size, theme = seen
    coast.hub.facts = {"spec": {"images": ["quay.io/jupyter/scipy-notebook:2026-11-02"], "memory_gb": [2, 8], "home_quota_gib": 20}}
    coast.hub.save()
    tabs = [{"title": "JupyterLab", "text": "Click **New**."}, {"title": "RStudio", "text": "## In R\n\nClick File."}]
    body = [
        {"type": "callout", "value": {"tone": "tip", "title": "", "text": "A **tip**."}},
        {"type": "tabs", "value": {"tabs": tabs}},
        {"type": "hub_facts", "value": {"title": "", "shows": ["images", "memory", "storage"]}},
        {"type": "open_in_hub", "value": LINK},
        {"type": "request", "value": {"kind": "event", "words": ""}},
        {"type": "ask_support", "value": {"words": "", "subject": ""}},
    ]
    published(coast.knowledge_base, title="Todo", body=body, audience="members")
    with opened(chromium, size=size, theme=theme) as page:
        sign_in(page, live_server.url, coast.carla)
        page.goto(f"{live_server.url}/c/costa/kb/todo/")
        expect(page.get_by_text("Click New.")).to_be_visible()
        expect(page.get_by_text("Click File.")).to_be_hidden()
        page.get_by_label("JupyterLab").focus()
        page.keyboard.press("ArrowRight")
        expect(page.get_by_text("Click File.")).to_be_visible()
        keep(page, f"blocks-{theme}-{size['width']}")
        assert (barriers(page), overflows(page)) == ([], False)
        page.emulate_media(media="print")
        expect(page.get_by_text("Click New.")).to_be_visible()
        expect(page.get_by_text("Click File.")).to_be_visible()


def test_a_heading_inside_a_closed_tab_is_reached_from_the_contents_without_script(
    chromium: Browser, live_server: LiveServer, coast: Coast
):
    tabs = [{"title": "One", "text": "## First"}, {"title": "Two", "text": "## Second\n\nHidden words."}]
    published(coast.knowledge_base, title="Tabs", body=[{"type": "tabs", "value": {"tabs": tabs}}], audience="members")
    with opened(chromium, script=False) as page:
        sign_in(page, live_server.url, coast.carla)
        page.goto(f"{live_server.url}/c/costa/kb/tabs/#second")
        expect(page.get_by_text("Hidden words.")).to_be_visible()


def test_the_preview_pane_shows_the_page_in_our_own_style(chromium: Browser, live_server: LiveServer, coast: Coast):
    with opened(chromium, size={"width": 1600, "height": 1000}) as page:
        sign_in(page, live_server.url, coast.ana)
        page.goto(live_server.url + reverse("wagtailadmin_pages:edit", args=[coast.article.pk]))
        with page.expect_response(re.compile("in_preview_panel")):
            page.get_by_role("button", name="Toggle preview").click()
        frame = page.frame_locator("#w-preview-iframe")
        expect(frame.get_by_role("heading", level=1)).to_have_text("Preparar un taller")
        page.wait_for_load_state("networkidle")
        text = page.locator('textarea[name="body-0-value"]')
        text.click()
        text.press("ControlOrMeta+a")
        text.press_sequentially("Otras **palabras**.", delay=50)
        for _more in range(15):  # Wagtail compares with what it found when it began to look, which may be after the first words
            text.press_sequentially(" Y", delay=50)
            page.wait_for_timeout(1500)
            if frame.get_by_text("Otras palabras.").count():
                break
        expect(frame.get_by_text("Otras palabras.")).to_be_visible()
        keep(page, "preview")
