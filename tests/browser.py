"""A real browser for tests marked `browser`: Debian's Chromium through Playwright, and axe."""

from collections.abc import Iterator
from contextlib import contextmanager

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page

from communities.models import User

PHONE, DESK = {"width": 360, "height": 640}, {"width": 1440, "height": 900}


def sign_in(page: Page, address: str, user: User) -> None:
    """Give the browser that person's session, as signing in would."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value, "url": address}]
    )


@contextmanager
def opened(
    chromium: Browser, *, size: dict[str, int] = DESK, theme: str = "light", script: bool = True, refused: str = ""
) -> Iterator[Page]:
    """A fresh page; what the console complains about fails the test, but for answers of the status that the test is about (`refused`)."""
    context = chromium.new_context(viewport=size, color_scheme=theme, java_script_enabled=script, has_touch=size is PHONE)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    found = list(complaints)
    context.route("**/drafts/**", lambda route: route.abort())  # a page that goes keeps its words; the test's database may be gone by then
    context.close()
    expected = (f"status of {refused}", f"Status Error Code {refused}") if refused else ()
    left = [each for each in found if not any(words in each for words in expected)]
    assert left == [], left


def barriers(page: Page) -> list[str]:
    """What axe finds wrong, one line each."""
    return [f"{found['id']}: {found['nodes'][0]['html'][:160]}" for found in Axe().run(page).response["violations"]]


def overflows(page: Page) -> bool:
    """Whether one must scroll sideways."""
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
