"""The pages after acceptance in a real browser: answering by a link on a phone without JavaScript, and no barrier anywhere."""

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from communities.roles import Role
from onboarding import asking, links, progress
from onboarding.states import ItemState
from tests.browser import DESK, PHONE, barriers, opened, overflows, sign_in
from tests.factories import acting, member
from tests.onboarding.ready import agreed, drafted, guide, item, on_the_way

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def asked_of_luis():
    plan = agreed(on_the_way(slug="glaciers", name="Red Andina de Glaciares"))
    drafted(plan)
    luis = member(plan.community, Role.HUB_CHAMPION, name="Luis Huamán", language="es")
    owed = [row.pointer for row in asking.answers_owed(progress.hub_request(plan.community))]
    return plan, asking.ask(plan, answers=owed, items=[item(plan, "environment_confirmed")], to=luis, by=acting(guide()))


def test_a_phone_without_javascript_answers_by_the_link_and_comes_back(chromium: Browser, live_server: LiveServer):
    plan, asked = asked_of_luis()
    with opened(chromium, size=PHONE, script=False) as page:
        page.goto(live_server.url + links.mint_asking(asked))
        page.get_by_role("button", name="Open the questions").click()
        page.get_by_label("How do people sign in?").select_option("github")
        page.get_by_label("Environment confirmed").check()
        page.get_by_role("button", name="Send my answers").click()
        expect(page.get_by_text("Your answers are kept.")).to_be_visible()
        assert not overflows(page)
        page.get_by_label("I don’t know yet").first.check()
        page.get_by_role("button", name="Send my answers").click()
    request = progress.hub_request(plan.community)
    assert request.document["hubs"][0]["authentication"] == {"method": "github"}
    assert (item(plan, "environment_confirmed").state, len(request.unsure)) == (ItemState.DONE, 1)


@pytest.mark.parametrize(("size", "theme"), [(PHONE, "dark"), (DESK, "light")])
def test_pages_after_acceptance_have_no_barrier(chromium: Browser, live_server: LiveServer, size: dict[str, int], theme: str):
    _plan, asked = asked_of_luis()
    with opened(chromium, size=size, theme=theme) as page:
        page.goto(live_server.url + links.mint_asking(asked))
        assert (barriers(page), overflows(page)) == ([], False)
        page.get_by_role("button", name="Open the questions").click()
        assert (barriers(page), overflows(page)) == ([], False)
        sign_in(page, live_server.url, guide())
        home = "/c/glaciers/onboarding/"
        for path in ("/review/onboarding/", home, f"{home}ask/", f"{home}agreement/", f"{home}live/", f"{home}end/", f"{home}use/"):
            page.goto(live_server.url + path)
            assert (path, barriers(page), overflows(page)) == (path, [], False)
