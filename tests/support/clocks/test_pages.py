"""Why a clock says what it says, for whoever works at the desk."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from communities.roles import StaffGroup
from ground.actors import Actor
from support import replies, tickets
from support.models import TicketStatus
from support.timing import calendars
from tests.factories import CommunityFactory, staff
from tests.support.factories import ContactFactory

pytestmark = pytest.mark.django_db
FRIDAY = datetime(2026, 5, 8, 16, 30, tzinfo=UTC)


@pytest.fixture
def desk():
    client = Client()
    client.force_login(staff(StaffGroup.SUPPORT_AGENT, timezone="Asia/Kathmandu"), backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def ticket():
    with time_machine.travel(FRIDAY, tick=False) as clock:
        row = tickets.open_ticket(CommunityFactory(), subject="No", body="x", by=Actor.system(), requester=ContactFactory())
        clock.move_to(datetime(2026, 5, 11, 10, tzinfo=UTC))
        tickets.change_status(row, status=TicketStatus.objects.get(code=6), by=Actor.system())
        clock.move_to(datetime(2026, 5, 11, 12, tzinfo=UTC))
        replies.add_incoming(row, body="Here", by=Actor.system())
        yield row


def test_the_page_tells_the_story_of_a_clock_in_the_readers_and_the_calendars_zone(desk, ticket):
    page = desk.get(reverse("support:desk_ticket_clocks", args=[ticket.reference])).content.decode()
    told = [words in page for words in (
        "Working hours: Monday–Friday 09:00–17:00 (UTC).", "30 min counted", "outside working hours", "1 h counted", "paused, not our turn",
        "Fri 8 May, 22:15 – 22:45", "Fri 8 May, 17:00 – Mon 11 May, 09:00, UTC", "6 h 30 min of 8 h left", "Tue 12 May, 16:15",
    )]  # fmt: skip
    assert told == [True] * 9
    assert "<!doctype html>" in page.lower()


def test_the_fragment_is_the_same_story_and_thinks_another_priority_through(desk, ticket):
    address = reverse("support:desk_ticket_clocks", args=[ticket.reference])
    page = desk.get(address, {"priority": 4}, headers={"HX-Request": "true"}).content.decode()
    assert ("<!doctype html>" in page.lower(), "Nothing has changed" in page, "30 min of 2 h left" in page) == (False, True, True)
    ticket.refresh_from_db()
    assert ticket.priority == 1
    assert desk.get(address, {"priority": "x"}).status_code == 200


def test_the_story_costs_as_many_queries_however_long_it_is(desk, ticket):
    calendars.rules()
    address = reverse("support:desk_ticket_clocks", args=[ticket.reference])
    desk.get(address)
    with CaptureQueriesContext(connection) as short:
        desk.get(address)
    for _each in range(3):
        replies.reply(ticket, body="Hello", by=Actor.system())
        replies.add_incoming(ticket, body="And?", by=Actor.system())
    with CaptureQueriesContext(connection) as long:
        desk.get(address)
    assert len(short) == len(long)


def test_the_head_of_a_ticket_says_which_clock_and_leads_to_its_story(desk, ticket):
    page = desk.get(ticket.get_absolute_url()).content.decode()
    address = reverse("support:desk_ticket_clocks", args=[ticket.reference])
    assert f'<a class="due due--wait" href="{address}" title="First response: ' in page
    assert "first reply in 22 h" in page
    with time_machine.travel(FRIDAY + timedelta(days=9)):
        assert "first reply overdue" in desk.get(ticket.get_absolute_url()).content.decode()
