"""The pages of the mirror in a real browser: on a phone and wide, light and dark, and a ticket's lines when they are opened."""

import os
import re
from pathlib import Path

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from communities.models import Community
from communities.roles import Role, StaffGroup
from support import vocabulary
from support.models import Attachment, Clash, CompanyLink, SyncEntry, SyncPass, TicketType
from support.states import SyncState
from support.sync import account
from tests.browser import DESK, PHONE, barriers, opened, overflows, sign_in
from tests.factories import CommunityFactory, member, staff
from tests.support.factories import MessageFactory, TicketFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("SHOTS", "")


@pytest.fixture(autouse=True)
def _connected(settings):
    settings.FRESHDESK_URL = "https://acme.freshdesk.test"
    settings.FRESHDESK_API_KEY = "key"


@pytest.fixture
def olu():
    return staff(StaffGroup.OPERATOR, name="Olu Adeyemi")


@pytest.fixture
def ticket():
    now = timezone.now()
    kelp = CommunityFactory(slug="kelp-watch", name="Kelp Watch", website="https://kelp.example")
    member(kelp, Role.REPRESENTATIVE, name="Ana Ruiz")
    rivers = CommunityFactory(slug="rivers", name="Rivers of the North")
    ticket = TicketFactory(
        community=rivers,
        subject="Students cannot start a server",
        sync_state=SyncState.CONFLICT,
        freshdesk_id=4711,
        status_id=3,
        read_at=now,
    )
    Clash.objects.create(ticket=ticket, field="status", ours="5", ours_by="Sam", ours_at=now, theirs="3", theirs_at=now, met_at=now)
    TicketFactory(
        community=rivers,
        subject="More memory for the workshop",
        sync_state=SyncState.DEAD,
        freshdesk_id=4712,
        last_error="400: status is not one of 2,3,4,5",
    )
    MessageFactory(
        ticket=ticket, sync_state=SyncState.UNKNOWN, next_attempt_at=now + timezone.timedelta(seconds=50), last_error="timed out"
    )
    Attachment.objects.create(
        ticket=ticket, name="a-very-long-name-of-a-log-file-from-the-cluster.txt", freshdesk_id=9, created_at=now, last_error="404"
    )
    SyncEntry.objects.create(
        at=now, direction="in", what="account", outcome="alert", note="61 of 4,000 tickets vanished at once; nothing was marked as gone."
    )
    SyncEntry.objects.create(at=now, direction="in", what="ticket", outcome="updated", number=4711, ticket=ticket)
    SyncEntry.objects.create(at=now, direction="out", what="message", outcome="sent", number=99001, ticket=ticket)
    SyncEntry.objects.create(at=now, direction="out", what="ticket", outcome="dead", number=4712, note="400: status is not one of 2,3,4,5")
    SyncPass.objects.create(kind="poll", began_at=now - timezone.timedelta(seconds=3), ended_at=now, pulled=2, updated=2, credits=5)
    SyncPass.objects.create(kind="whole", began_at=now, ended_at=now, error="Freshdesk is away: connect timeout")
    CompanyLink.objects.create(freshdesk_company_id=31, name="Kelp Watch Inc", domains=["kelp.example"])
    CompanyLink.objects.create(freshdesk_company_id=32, name="Paper & Pens Ltd")
    CompanyLink.objects.create(freshdesk_company_id=33, name="Zoo", ignored=True)
    CompanyLink.objects.create(freshdesk_company_id=34, name="Rivers", community=rivers)
    TicketFactory(community=None, subject="Hello", remote_raw={"company_id": 31})
    vocabulary.learn(21, word="On hold")
    TicketType.objects.create(word="Workshop")
    account.mark_away("connect timeout")
    cache.clear()
    return ticket


def look(page: Page, name: str) -> None:
    """No barrier and no sideways scrolling; a picture where `SHOTS` names a folder."""
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)
    assert (name, barriers(page), overflows(page)) == (name, [], False)


@pytest.mark.parametrize(
    "seen", [(DESK, "light"), (DESK, "dark"), (PHONE, "light"), (PHONE, "dark")], ids=lambda seen: f"{seen[1]}-{seen[0]['width']}"
)
def test_pages_hold_no_barrier(chromium: Browser, live_server: LiveServer, ticket, olu, seen):
    size, theme = seen
    kelp, pens = CompanyLink.objects.get(freshdesk_company_id=31), CompanyLink.objects.get(freshdesk_company_id=32)
    pages = {
        "ledger": reverse("support:sync"),
        "companies": reverse("support:sync_companies"),
        "company": reverse("support:sync_company", args=[kelp.pk]) + f"?community={Community.objects.get(slug='kelp-watch').pk}",
        "choose": reverse("support:sync_company", args=[pens.pk]),
        "words": reverse("support:sync_words"),
        "clash": ticket.get_absolute_url(),
        "lines": reverse("support:desk_ticket_sync", args=[ticket.reference]),
        "desk": reverse("support:desk"),
    }
    with opened(chromium, size=size, theme=theme) as page:
        sign_in(page, live_server.url, olu)
        for name, address in pages.items():
            page.goto(live_server.url + address)
            look(page, f"{name}-{theme}-{size['width']}")


def test_lines_of_a_ticket_are_fetched_when_they_are_opened(chromium: Browser, live_server: LiveServer, ticket, olu):
    with opened(chromium) as page:
        sign_in(page, live_server.url, olu)
        page.goto(live_server.url + ticket.get_absolute_url())
        expect(page.locator(".lines")).to_have_count(0)
        page.locator("summary", has_text="Freshdesk").click()
        expect(page.locator(".lines")).to_contain_text("To Freshdesk: Message, Sent")


def test_banner_goes_without_a_reload_when_freshdesk_is_back(chromium: Browser, live_server: LiveServer, ticket, olu):
    with opened(chromium) as page:
        sign_in(page, live_server.url, olu)
        page.goto(live_server.url + reverse("support:desk"))
        expect(page.locator("#away")).to_contain_text("your writes are queued")
        account.mark_back()
        expect(page.locator("#away")).to_be_empty(timeout=30_000)


def test_without_script_a_row_is_tried_again(chromium: Browser, live_server: LiveServer, ticket, olu):
    with opened(chromium, script=False) as page:
        sign_in(page, live_server.url, olu)
        page.goto(live_server.url + reverse("support:sync"))
        page.get_by_role("button", name=re.compile("Try again.*More memory for the workshop")).click()
        expect(page.locator(".toast")).to_contain_text("It is tried again now.")
