"""An incident in a real browser: declared from a ticket, told in two languages, resolved with its tickets answered; and the half hour."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from communities.roles import Role, StaffGroup
from ground.sweep import perform_due
from support import incidents
from support.models import Incident, IssueTarget, StatusComponent, Ticket
from support.states import Status
from support.working import timeboxing
from tests.browser import DESK, PHONE, barriers, opened, overflows, sign_in
from tests.factories import CommunityFactory, acting, member, staff
from tests.support.factories import TicketFactory
from tests.support.incidents.factories import a_cluster, a_hub, declared

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("SHOTS", "")


@pytest.fixture
def sam():
    return staff(StaffGroup.SUPPORT_AGENT, name="Sam Okafor")


@pytest.fixture
def world():
    kelp = CommunityFactory(slug="kelp-watch", name="Kelp Watch", language="es")
    reef = CommunityFactory(slug="reef-lab", name="Reef Lab")
    cluster = a_cluster()
    hub = a_hub(kelp, cluster)
    a_hub(reef, cluster)
    StatusComponent.objects.create(name="Shared hubs", cluster=cluster)
    ana = member(kelp, Role.REPRESENTATIVE, name="Ana Ruiz", email="ana@kelp.example", language="es")
    return {
        "kelp": kelp,
        "reef": reef,
        "cluster": cluster,
        "ana": ana,
        "ticket": TicketFactory(community=kelp, hub=hub, subject="No server starts"),
    }


def look(page: Page, name: str) -> None:
    """No barrier and no sideways scrolling; a picture where `SHOTS` names a folder."""
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)
    assert (name, barriers(page), overflows(page)) == (name, [], False)


def test_incident_from_a_ticket_to_its_last_word(chromium: Browser, live_server: LiveServer, world, sam):
    with opened(chromium) as page:
        sign_in(page, live_server.url, sam)
        page.goto(live_server.url + world["ticket"].get_absolute_url())
        page.get_by_text("GitHub and incident").click()
        page.get_by_role("link", name="Declare an incident").click()
        page.get_by_label("Title, in English").fill("Servers do not start")
        page.get_by_label("Cluster").select_option(str(world["cluster"].pk))
        page.get_by_role("button", name="Declare it").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Servers do not start")

        page.get_by_label("Update, in English").fill("We are looking into it")
        page.get_by_text("In the other languages").click()
        page.get_by_label("Update, in Spanish").fill("Lo estamos mirando")
        page.get_by_role("button", name="Tell everybody affected").click()
        expect(page.get_by_text("on its way to 2 communities")).to_be_visible()
        perform_due()
        spanish = Ticket.objects.get(pk=world["ticket"].pk)
        english = Ticket.objects.get(community=world["reef"])
        assert (spanish.messages.get().body_text, english.body_text) == ("Lo estamos mirando", "We are looking into it")

        page.reload()
        page.get_by_label("Update, in English").fill("They start again")
        page.get_by_label("State").select_option("resolved")
        page.get_by_role("button", name="Tell everybody affected").click()
        expect(page.locator(".update").get_by_text("They start again")).to_be_visible()
        perform_due()
    assert set(Ticket.objects.values_list("status", flat=True)) == {Status.SOLVED}
    assert Ticket.objects.get(pk=english.pk).messages.get().body_text == "They start again"


@pytest.mark.parametrize(
    "seen", [(DESK, "light"), (DESK, "dark"), (PHONE, "light"), (PHONE, "dark")], ids=lambda seen: f"{seen[1]}-{seen[0]['width']}"
)
def test_pages_hold_no_barrier(chromium: Browser, live_server: LiveServer, world, sam, seen):
    size, theme = seen
    mark = f"{theme}-{size['width']}"
    IssueTarget.objects.create(name="Infrastructure", repository="hubs/infra")
    incident = declared(by=sam, cluster=world["cluster"], ticket=world["ticket"], summary="The pool is full")
    incidents.say(incident, text={"en": "We are **looking** into it"}, state="identified", by=acting(sam))
    incidents.add_follow_up(incident, text="Watch the pool", owner=sam, by=acting(sam))
    timeboxing.start(world["ticket"], by=acting(sam))
    perform_due()
    ticket = world["ticket"].reference
    with opened(chromium, size=size, theme=theme) as page:
        for name, address in {
            "status": "/status/",
            "status-incident": f"/status/{incident.reference}/",
        }.items():
            page.goto(live_server.url + address)
            look(page, f"{name}-{mark}")
        sign_in(page, live_server.url, sam)
        for name, address in {
            "ticket": f"/desk/tickets/{ticket}/",
            "incidents": "/desk/incidents/",
            "incident": incident.get_absolute_url(),
            "declare": "/desk/incidents/declare/",
            "timeboxes": "/desk/timeboxes/",
            "escalate": f"/desk/tickets/{ticket}/escalate/",
            "handing": f"/desk/tickets/{ticket}/handing/",
            "extend": f"/desk/tickets/{ticket}/timebox/extend/",
        }.items():
            page.goto(live_server.url + address)
            look(page, f"{name}-{mark}")


def test_timebox_by_keyboard_without_script(chromium: Browser, live_server: LiveServer, world, sam):
    with opened(chromium, script=False) as page:
        sign_in(page, live_server.url, sam)
        page.goto(live_server.url + world["ticket"].get_absolute_url())
        page.locator("[data-act=timebox]").focus()
        page.keyboard.press("Enter")
        expect(page.locator(".ticket__head .timebox")).to_contain_text("30 min left of 30")
        page.get_by_role("link", name="More time").focus()
        page.keyboard.press("Enter")
        page.get_by_label("Why").focus()
        page.keyboard.type("It builds")
        page.keyboard.press("Enter")
        expect(page.locator(".ticket__head .timebox")).to_contain_text("45 min left of 45")
    assert Incident.objects.count() == 0
