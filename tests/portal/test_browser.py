"""The portal's and the account's pages in a real browser: no barrier, no sideways scrolling, in both themes, on a phone and at a desk."""

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from communities.roles import Role
from tests.browser import DESK, PHONE, barriers, opened, overflows, sign_in
from tests.factories import CommunityFactory, member

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PUBLIC = ["/", "/status/", "/accounts/login/", "/accounts/signup/"]
OWN = ["/", "/c/", "/c/reef/", "/accounts/2fa/", "/accounts/sessions/", "/accounts/logout/"]
VIEWS = [pytest.param(size, theme, id=f"{size['width']}-{theme}") for size in (PHONE, DESK) for theme in ("light", "dark")]


@pytest.mark.parametrize(("size", "theme"), VIEWS)
def test_public_pages_have_no_barrier(chromium: Browser, live_server: LiveServer, size: dict[str, int], theme: str):
    with opened(chromium, size=size, theme=theme) as page:
        for path in PUBLIC:
            page.goto(live_server.url + path)
            assert (path, barriers(page), overflows(page)) == (path, [], False)


@pytest.mark.parametrize(("size", "theme"), VIEWS)
def test_pages_of_a_representative_have_no_barrier(chromium: Browser, live_server: LiveServer, size: dict[str, int], theme: str):
    ana = member(CommunityFactory(slug="reef", name="Reef watch network"), Role.REPRESENTATIVE, name="Ana Lopes")
    with opened(chromium, size=size, theme=theme) as page:
        sign_in(page, live_server.url, ana)
        for path in OWN:
            page.goto(live_server.url + path)
            assert (path, barriers(page), overflows(page)) == (path, [], False)


def test_theme_fixed_by_a_reader_stays_on_the_next_page(chromium: Browser, live_server: LiveServer):
    with opened(chromium) as page:
        page.goto(live_server.url + "/")
        page.get_by_role("button", name="Dark").click()
        page.goto(live_server.url + "/status/")
        assert page.locator("html").get_attribute("data-theme") == "dark"
        assert page.get_by_role("button", name="Dark").get_attribute("aria-pressed") == "true"


def test_language_switch_keeps_the_page_and_needs_no_script(chromium: Browser, live_server: LiveServer):
    with opened(chromium, script=False) as page:
        page.goto(live_server.url + "/status/?from=mail")
        page.locator("summary").first.click()
        page.get_by_role("button", name="Español").click()
        assert page.url == live_server.url + "/status/?from=mail"
        assert page.locator("html").get_attribute("lang") == "es"


def test_apply_is_reachable_on_a_small_phone_without_scrolling(chromium: Browser, live_server: LiveServer):
    with opened(chromium, size=PHONE) as page:
        page.goto(live_server.url + "/")
        box = page.get_by_role("link", name="Apply for a hub").bounding_box()
        assert box is not None
        assert (box["height"] >= 44, box["y"] + box["height"] <= PHONE["height"]) == (True, True)
