"""Reading in a real browser: narrow and wide, light and dark, with and without script, and with no line at all."""

import pytest
from django.core.cache import caches
from playwright.sync_api import Browser, Page

from communities.roles import Role
from knowledgebase.models import Article
from tests.browser import DESK, PHONE, barriers, opened, overflows, sign_in
from tests.factories import CommunityFactory, member
from tests.knowledgebase.factories import bare, published

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NARROW = {"width": 320, "height": 640}
LONG = "\n\n".join("A sentence that fills the page with words to read." for _ in range(40))
BODY = [
    {"type": "text", "value": f"## First part\n\n{LONG}\n\n## Second part\n\nText with [a link](kb:two).\n\n{LONG}"},
    {"type": "code", "value": {"language": "python", "code": "import xarray as xr\n" + "x" * 120}},
    {"type": "table", "value": {"caption": "", "rows": "a | b\n" + "wide" * 40 + " | " + "wider" * 40}},
    {"type": "callout", "value": {"tone": "tip", "title": "", "text": "Try it."}},
]
KEPT = "caches.open('kb pages').then((cache) => cache.keys()).then((all) => all.map((each) => new URL(each.url).pathname).sort())"


@pytest.fixture
def articles(settings):
    settings.CACHES = {**settings.CACHES, "pages": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "browser"}}
    caches["pages"].clear()
    section = published(bare(), title="One", body=BODY, summary="What it is about.").article
    published(section, title="Part of one")
    published(bare(), title="Two")
    return section


@pytest.mark.parametrize("size", [NARROW, PHONE, DESK], ids=["320", "360", "1440"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_stands_in_the_way_at_any_width(chromium: Browser, live_server, articles: Article, size, theme):
    with opened(chromium, size=size, theme=theme) as page:
        for path in ("/kb/one/", "/kb/", "/kb/one/part-of-one/", "/kb/offline.html"):
            page.goto(f"{live_server.url}{path}")
            assert (path, overflows(page), barriers(page)) == (path, False, [])


def test_without_script_everything_is_there_and_the_contents_lead_on(chromium: Browser, live_server, articles: Article):
    with opened(chromium, script=False) as page:
        page.goto(f"{live_server.url}/kb/one/")
        page.get_by_role("navigation", name="On this page").get_by_role("link", name="Second part").click()
        assert page.url.endswith("#second-part")
        page.get_by_role("link", name="Next Part of one").click()
        page.get_by_role("link", name="Next Two").click()
        assert page.get_by_role("heading", level=1).inner_text() == "Two"


def test_code_is_copied_a_heading_takes_its_address_along_and_the_contents_show_where_one_is(
    chromium: Browser, live_server, articles: Article
):
    with opened(chromium) as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.goto(f"{live_server.url}/kb/one/")
        page.locator("pre").hover()
        page.get_by_role("button", name="Copy").click()
        assert page.evaluate("navigator.clipboard.readText()").startswith("import xarray as xr\nxxx")
        page.get_by_role("link", name="Link to “Second part”").click()
        page.wait_for_function("navigator.clipboard.readText().then((text) => text.endsWith('/kb/one/#second-part'))")
        here = "[...document.querySelectorAll('.reading__beside .contents a')].filter((link) => link.matches(':target-current')).map((link) => link.text)"
        page.wait_for_function(f"JSON.stringify({here}) === JSON.stringify(['Second part'])")


def test_what_a_stranger_read_is_there_without_a_line_and_what_a_member_read_is_not(chromium: Browser, live_server, articles: Article):
    community = CommunityFactory(slug="coastal", name="Coastal")
    ana = member(community, Role.MEMBER, name="Ana")
    published(bare(community), title="Ours", audience="members")
    with opened(chromium, refused="ERR_INTERNET_DISCONNECTED") as page:
        _with_worker(page, f"{live_server.url}/kb/one/")
        page.reload()
        page.wait_for_function(f"{KEPT}.then((all) => all.includes('/kb/one/'))")
        sign_in(page, live_server.url, ana)
        for path in ("/c/coastal/kb/ours/", "/kb/two/", "/kb/one/"):
            page.goto(f"{live_server.url}{path}")
        assert page.get_by_text("Ana").count() > 0
        page.context.clear_cookies()
        assert page.evaluate(KEPT) == ["/kb/one/"]
        page.context.set_offline(True)
        page.goto(f"{live_server.url}/kb/one/")
        assert (page.get_by_role("heading", level=1).inner_text(), page.get_by_text("Ana").count()) == ("One", 0)
        page.goto(f"{live_server.url}/kb/two/")
        assert page.get_by_role("heading", level=1).inner_text() == "No connection"
        page.get_by_role("link", name="One").click()
        assert page.url == f"{live_server.url}/kb/one/"


def _with_worker(page: Page, address: str) -> None:
    page.goto(address)
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
