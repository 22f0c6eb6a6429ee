"""The board, meetings and rights in a real browser: at the width of a phone and of a wall, in both themes, by keyboard."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from onboarding import meetings, reviewing
from onboarding.states import ApplicationState, ConflictKind, Outcome
from tests.browser import DESK, PHONE, barriers, opened, overflows, sign_in
from tests.factories import acting
from tests.onboarding.factories import ApplicationFactory
from tests.onboarding.review_factories import approved, in_review, lead, proposed, reviewed, reviewer, screened

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def scene(house):
    """A lead with something in every stage, and a meeting in which two reviewers disagree."""
    boss = lead(name="Lena Moreau")
    long_ago = timezone.now() - datetime.timedelta(days=19)
    screened(name="Observatório do Solo do Cerrado")
    ApplicationFactory(name="Archive of the Northern Dialects", waiting_since=long_ago)
    in_review(name="Réseau Climat Sahel", reviews_submitted=1, state_since=long_ago)
    told = in_review(name="Red Andina de Glaciares", flags=["split", "spread"], median="61.3", reviews_submitted=2)
    reviewed(told, reviewer(name="Ana Duarte"), level=4, need=1)
    reviewed(told, reviewer(name="Bruno Costa"), level=2, recommendation=Outcome.DECLINE)
    proposed(in_review(name="Coastal Birds Network"))
    ApplicationFactory(name="Lake Water School", state=ApplicationState.DECIDED, outcome=Outcome.WAITLIST)
    meeting = meetings.plan(told.programme, date=datetime.date(2027, 1, 14), chair=boss, by=acting(boss))
    away = reviewer(name="Chidi Obi")
    reviewing.declare_conflict(told, kind=ConflictKind.INSTITUTION, by=acting(away))
    meetings.call_discussion(told, by=acting(boss))
    meetings.attend(meeting, chair=boss, present=[away], by=acting(boss))
    reviewing.declare_conflict(told, kind=ConflictKind.NONE, by=acting(boss))
    meetings.begin(meeting.items.get(), by=acting(boss))
    return boss, meeting, told, approved()


def pages(meeting, told, decision):
    return {
        "board": reverse("onboarding:board"),
        "stage": reverse("onboarding:board") + "?stage=in_review",
        "meetings": reverse("onboarding:meetings"),
        "meeting": meeting.get_absolute_url(),
        "item": reverse("onboarding:meeting_item", args=[meeting.pk, told.reference]),
        "rights": reverse("onboarding:rights"),
        "stands": reverse("onboarding:where_it_stands", args=[told.reference]),
        "waiting": reverse("onboarding:waiting_list"),
    }


@pytest.mark.parametrize(("size", "theme"), [(PHONE, "light"), (DESK, "light"), (DESK, "dark"), (PHONE, "dark")])
def test_pages_fit_and_bar_nobody(live_server, chromium, scene, size, theme):
    boss, meeting, told, decision = scene
    with opened(chromium, size=size, theme=theme) as page:
        sign_in(page, live_server.url, boss)
        for name, address in pages(meeting, told, decision).items():
            page.goto(live_server.url + address)
            assert (name, overflows(page), barriers(page)) == (name, False, [])


def test_board_is_walked_by_keys_that_can_be_switched_off(live_server, chromium, scene):
    boss, _meeting, _told, _decision = scene
    with opened(chromium) as page:
        sign_in(page, live_server.url, boss)
        page.goto(live_server.url + reverse("onboarding:board"))
        page.keyboard.press("j")
        first = page.evaluate("document.activeElement.textContent")
        page.keyboard.press("ArrowRight")
        assert page.evaluate("document.activeElement.textContent") != first
        page.keyboard.press("/")
        assert page.evaluate("document.activeElement.name") == "text"
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("?")
        page.click("[data-key-switch]")
        page.keyboard.press("Escape")
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("j")
        assert page.evaluate("document.activeElement.hasAttribute('data-key-row')") is False
