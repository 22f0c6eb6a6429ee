"""The description of the API: sound, about our API alone, and shown by a page that obeys the site's policy."""

import re

import pytest
from django.core.management import call_command

from tests.browser import opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def description(client):
    return client.get("/api/v1/schema/", headers={"Accept": "application/vnd.oai.openapi+json"}).json()


def test_the_description_is_sound(tmp_path):
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yml"))


def test_the_description_tells_of_our_api_alone_and_of_the_token(description):
    assert {path[:8] for path in description["paths"]} == {"/api/v1/"}
    assert description["components"]["securitySchemes"]["token"]["name"] == "Authorization"


def test_the_page_brings_nothing_inline_and_asks_nobody_else(client):
    response = client.get("/api/v1/docs/")
    page = response.content.decode()
    assert "<style" not in page
    assert all("src=" in script for script in re.findall(r"<script[^>]*>", page))
    assert "https://" not in page
    assert "unsafe-inline" not in response.headers["Content-Security-Policy"]


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_page_lists_the_operations_under_the_sites_policy(chromium, live_server):
    with opened(chromium) as page:
        page.goto(f"{live_server.url}/api/v1/docs/")
        page.wait_for_selector(".opblock")
        assert page.locator(".opblock-summary-path", has_text="tickets").count() > 3
