"""The reviewers' pages in a real browser: no barrier and no sideways scrolling, in both themes, on a phone and at a desk."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from communities.models import User
from onboarding import assigning, calibrating, calibration_defaults, comparing, conflicts, reviewing
from onboarding.models import Application, CalibrationExample, Review
from onboarding.scoring import Mark
from onboarding.states import ConflictKind
from tests.browser import DESK, PHONE, barriers, opened, overflows, sign_in
from tests.factories import acting
from tests.onboarding.factories import ANSWERS, AnswerRevisionFactory
from tests.onboarding.review_factories import in_review, lead, reviewed, reviewer, screened

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

VIEWS = [pytest.param(size, theme, id=f"{size['width']}-{theme}") for size in (PHONE, DESK) for theme in ("light", "dark")]


@pytest.fixture
def boss(db):
    return lead(name="Lena Haas")


@pytest.fixture
def pages(db, boss):
    """One of everything that these pages show; the address of each."""
    late, changed, tied = in_review(reference="CI-LATE-0001"), in_review(reference="CI-CHNG-0001"), in_review(reference="CI-TIED-0001")
    screened(reference="CI-TWIN-0001")
    rita, luis = reviewer(name="Rita Moraes"), reviewer(name="Luis Huamán", email="luis@glaciares.example.org")
    for application in Application.objects.all():
        reviewing.declare_conflict(application, kind=ConflictKind.NONE, by=acting(boss))
    assigning.invite(late, boss, due_at=timezone.now() - timedelta(days=2), by=acting(lead(name="Otto Lind")))
    reviewing.keep(late, scores=[Mark("need", 2)], by=acting(boss))
    assigning.decline(assigning.invite(late, rita, by=acting(boss)), reason="Away until June", by=acting(rita))
    conflicts.look(late, by=acting(luis))
    for user, level in ((boss, 3), (rita, 1)):
        reviewed(changed, user, level=level)
    AnswerRevisionFactory(application=changed, number=2, answers=ANSWERS | {"goal.barrier": "Ya tenemos computadoras nuevas."})
    calibration_defaults.ensure()
    first = CalibrationExample.objects.first()
    calibrating.practise(first, levels=first.agreed | {"need": 1, "fit": 3}, by=acting(boss))
    comparing.compare_all()
    return {
        "queue": "/review/",
        "draft": f"/review/{late.reference}/",
        "changed": f"/review/{changed.reference}/",
        "people": f"/review/{late.reference}/people/",
        "decision": f"/review/{changed.reference}/decision/",
        "plain": f"/review/{tied.reference}/",
        "duplicates": "/review/duplicates/",
        "practice": "/review/calibration/",
        "example": "/review/calibration/simulations/",
        "compared": "/review/calibration/rivers/",
        "agreement": "/review/agreement/",
    }


@pytest.mark.parametrize(("size", "theme"), VIEWS)
def test_reviewers_pages_have_no_barrier(chromium: Browser, live_server: LiveServer, pages, size: dict[str, int], theme: str):
    with opened(chromium, size=size, theme=theme) as page:
        sign_in(page, live_server.url, User.objects.get(name="Lena Haas"))
        for name, path in pages.items():
            page.goto(live_server.url + path)
            assert (name, barriers(page), overflows(page)) == (name, [], False)


def test_review_is_scored_by_keyboard_without_script_and_leads_on(chromium: Browser, live_server: LiveServer, boss):
    first, second = in_review(), in_review()
    ana = reviewer(name="Ana")
    for application in (first, second):
        assigning.invite(application, ana, by=acting(boss))
        reviewing.declare_conflict(application, kind=ConflictKind.NONE, by=acting(ana))
    with opened(chromium, script=False) as page:
        sign_in(page, live_server.url, ana)
        page.goto(f"{live_server.url}/review/{first.reference}/")
        for group in page.locator("fieldset.criterion").all():
            group.locator("input[type=radio]").nth(1).focus()
            page.keyboard.press("Space")
        page.get_by_label("Accept", exact=True).focus()
        page.keyboard.press("Space")
        page.get_by_role("button", name="Submit and next").focus()
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/review/{second.reference}/")
    assert [str(review.total) for review in Review.objects.submitted()] == ["75.0"]
