"""Warned before, told when late: once each, in the ticket's history."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ground.actors import Actor
from support import recording, replies, tickets
from support.history import say
from support.models import ClockRun, Ticket, TicketStatus
from support.timing import calendars, warning
from support.timing.warning.tasks import watch_clocks
from tests.factories import CommunityFactory
from tests.support.factories import ContactFactory

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()
MONDAY = datetime(2026, 5, 4, 9, tzinfo=UTC)


def open_one():
    return tickets.open_ticket(CommunityFactory(), subject="No", body="It fails.", by=SYSTEM, requester=ContactFactory())


def told(ticket):
    return [(each.field, each.after, each.note, each.ticket_version) for each in ticket.events.filter(field__startswith="clock_")]


def test_a_clock_is_warned_of_once_and_missed_once():
    with time_machine.travel(MONDAY, tick=False) as clock:
        ticket = open_one()
        clock.move_to(MONDAY + timedelta(hours=7, minutes=29))
        watch_clocks()
        assert told(ticket) == []
        clock.move_to(MONDAY + timedelta(hours=7, minutes=30))
        watch_clocks()
        watch_clocks()
        assert told(ticket) == [("clock_warned", "first", "2026-05-04T17:00:00+00:00", 2)]
        clock.move_to(MONDAY + timedelta(hours=8))
        watch_clocks()
        watch_clocks()
        assert told(ticket)[1:] == [("clock_missed", "first", "2026-05-04T17:00:00+00:00", 3)]
        ticket.refresh_from_db()
        run = ClockRun.objects.get(ticket=ticket, clock="first")
        assert (ticket.version, run.warned_at, run.missed_at) == (3, MONDAY + timedelta(hours=7.5), MONDAY + timedelta(hours=8))
        assert [say(each, {}) for each in ticket.events.filter(field__startswith="clock_")] == [
            "is due soon: First response",
            "is overdue: First response",
        ]


def test_what_is_late_already_is_missed_and_not_warned_of():
    with time_machine.travel(MONDAY, tick=False) as clock:
        ticket = open_one()
        clock.move_to(MONDAY + timedelta(hours=12))
        assert (warning.warn(), warning.miss()) == (0, 1)
        assert [each[0] for each in told(ticket)] == ["clock_missed"]


@pytest.mark.parametrize(
    "act",
    [
        lambda ticket: replies.reply(ticket, body="Hello", by=SYSTEM),
        lambda ticket: tickets.change_status(ticket, status=TicketStatus.objects.get(code=6), by=SYSTEM),
        lambda ticket: tickets.solve(ticket, by=SYSTEM),
    ],
)
def test_what_is_answered_paused_or_over_is_never_warned_of(act):
    with time_machine.travel(MONDAY, tick=False) as clock:
        ticket = open_one()
        act(ticket)
        clock.move_to(MONDAY + timedelta(hours=7, minutes=45))
        assert (warning.warn(), warning.miss(), told(ticket)) == (0, 0, [])


def test_a_clock_that_got_more_time_is_warned_of_again_and_one_that_got_less_at_once():
    with time_machine.travel(MONDAY, tick=False) as clock:
        ticket = open_one()
        recording.change(recording.locked(ticket.pk), by=SYSTEM, priority=4)
        clock.move_to(MONDAY + timedelta(hours=1, minutes=30))
        assert warning.warn() == 1
        recording.change(recording.locked(ticket.pk), by=SYSTEM, priority=1)
        assert warning.warn() == 0
        clock.move_to(MONDAY + timedelta(hours=7, minutes=30))
        assert warning.warn() == 1
        recording.change(recording.locked(ticket.pk), by=SYSTEM, priority=3)
        assert (warning.warn(), warning.miss()) == (0, 1)


@pytest.mark.parametrize("number", [1, 3])
def test_many_are_told_with_as_few_queries_as_one(number):
    with time_machine.travel(MONDAY, tick=False) as clock:
        for _each in range(number):
            open_one()
        calendars.rules()
        clock.move_to(MONDAY + timedelta(hours=9))
        with CaptureQueriesContext(connection) as asked:
            assert warning.miss() == number
    assert len([each for each in asked if "SAVEPOINT" not in each["sql"]]) == 6


def test_a_ticket_that_is_gone_is_left_alone():
    with time_machine.travel(MONDAY, tick=False):
        ticket = open_one()
    Ticket.objects.filter(pk=ticket.pk).update(sync_state="gone", gone_reason="spam")
    with time_machine.travel(MONDAY + timedelta(days=9)):
        assert (warning.warn(), warning.miss()) == (0, 0)
