"""Voting, searching and the list of what needs care in a real browser: with and without script, light and dark, desk and phone."""

import os
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from communities.roles import Role
from knowledgebase import voting
from knowledgebase.links import collecting, inside
from knowledgebase.models import Article, Vote
from support.models import Suggested
from tests.browser import DESK, PHONE, barriers, opened, overflows, sign_in
from tests.factories import CommunityFactory, member
from tests.hubs.factories import HubFactory
from tests.knowledgebase.factories import bare, published

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("SHOTS", "")
SEEN = [(DESK, "light"), (DESK, "dark"), (PHONE, "light"), (PHONE, "dark")]
IDS = [f"{theme}-{size['width']}" for size, theme in SEEN]


def looked_at(page, name: str) -> None:
    assert barriers(page) == []
    assert not overflows(page)
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


@pytest.mark.parametrize(("size", "theme"), SEEN, ids=IDS)
def test_a_reader_says_no_and_why_and_stays_on_the_page(chromium: Browser, live_server: LiveServer, size, theme):
    published(bare(), title="First login", body="## Before you begin\n\nAsk for an account.\n\n## Then\n\nSign in.")
    with opened(chromium, size=size, theme=theme) as page:
        page.goto(f"{live_server.url}/kb/first-login/")
        looked_at(page, f"ask-{theme}-{size['width']}")
        page.get_by_role("button", name="No", exact=True).click()
        expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
        page.get_by_label("It is out of date").check()
        page.get_by_label("In your words").fill("The picture shows version 3.")
        looked_at(page, f"why-{theme}-{size['width']}")
        page.get_by_role("button", name="Send", exact=True).click()
        expect(page.get_by_text("What you wrote is with those who look after this article.")).to_be_visible()
        looked_at(page, f"said-{theme}-{size['width']}")
        assert page.url == f"{live_server.url}/kb/first-login/"
    assert list(Vote.objects.values_list("helped", "why", "words")) == [(False, "outdated", "The picture shows version 3.")]


def test_without_script_the_same_is_said_on_a_page_of_its_own(chromium: Browser, live_server: LiveServer):
    published(bare(), title="First login")
    with opened(chromium, size=PHONE, script=False) as page:
        page.goto(f"{live_server.url}/kb/first-login/")
        page.get_by_role("button", name="No", exact=True).click()
        page.get_by_label("Something in it is wrong").check()
        page.get_by_role("button", name="Send", exact=True).click()
        page.get_by_role("button", name="It was helpful after all").click()
        page.get_by_role("link", name="Back to the article").click()
        assert page.url == f"{live_server.url}/kb/first-login/"
    assert list(Vote.objects.values_list("helped", "why")) == [(True, "")]


def test_a_search_counts_what_it_showed_and_what_was_opened(chromium: Browser, live_server: LiveServer):
    edition = published(bare(), title="Storage quota")
    with opened(chromium) as page:
        page.goto(f"{live_server.url}/kb/search/?q=storage")
        page.wait_for_load_state("networkidle")
        with page.expect_request("**/found/opened/"):
            page.get_by_role("link", name="Storage quota").click()
        page.wait_for_load_state("networkidle")
    assert set(Suggested.objects.values_list("step", "place", "article")) == {
        (step, "search", article) for step in ("shown", "opened") for article in (None, edition.pk)
    }


@pytest.mark.parametrize(("size", "theme"), SEEN, ids=IDS)
def test_a_champion_sees_what_needs_care_and_settles_it(chromium: Browser, live_server: LiveServer, size, theme):
    community = CommunityFactory(slug="kelp", name="Kelp Watch")
    hub = HubFactory(community=community, display_name="Kelp hub")
    facts = [
        {"type": "hub_facts", "value": {"title": ""}},
        {"type": "text", "value": "[more](kb:nowhere) and [a very long way](https://example.org/" + "long/" * 30 + ")"},
    ]
    first = published(bare(community), title="Where our data lives, and who may change it", body=facts, audience="members")
    second = published(bare(community), title="Second", audience="members")
    for number, (why, words) in enumerate([("wrong", "The bucket is called kelp-data now."), ("outdated", "")]):
        voting.explain(first, helped=False, reader=voting.Reader(str(number)), why=why, words=words)
    voting.vote(second, helped=True, reader=voting.Reader("x"))
    Article.objects.update(review_by=timezone.localdate() - timedelta(days=40))
    hub.facts = {"images": ["new"]}
    hub.save()
    collecting.collect()
    inside.look_up()
    with opened(chromium, size=size, theme=theme) as page:
        sign_in(page, live_server.url, member(community, Role.HUB_CHAMPION))
        page.goto(f"{live_server.url}/c/kelp/kb/care/")
        looked_at(page, f"care-{theme}-{size['width']}")
        page.get_by_role("button", name=re.compile("Still right ?: Second")).click()
        expect(page.get_by_text("“Second” is still right.")).to_be_visible()
        expect(page.get_by_role("heading", name="Second")).to_have_count(0)
        page.goto(f"{live_server.url}/c/kelp/kb/")
        looked_at(page, f"home-{theme}-{size['width']}")
