"""Clocks on rows: whatever happens to a ticket, its rows say what its history says, and few queries are asked for it."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ground.actors import Actor
from support import recording, replies, tickets, timing
from support.clocks import OFFICE_HOURS
from support.models import ClockRun, Objective, ObjectiveSet, ProgrammeClocks, Ticket, TicketEvent, TicketStatus, WorkingCalendar
from support.timing import calendars
from support.timing.tasks import recompute, recompute_all
from tests.factories import CommunityFactory
from tests.support.factories import ContactFactory, MessageFactory, TicketFactory

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()
MONDAY = datetime(2026, 5, 4, 9, tzinfo=UTC)


def open_one(**more):
    return tickets.open_ticket(CommunityFactory(), subject="No server", body="It fails.", by=SYSTEM, requester=ContactFactory(), **more)


def status(code):
    return TicketStatus.objects.get(code=code)


def runs(ticket):
    return [
        (
            run.clock,
            run.outcome,
            run.due_at and run.due_at.strftime("%a %H:%M"),
            run.ended_at and run.ended_at.strftime("%a %H:%M"),
            run.used_minutes,
        )
        for run in ticket.clock_runs.all()
    ]


def go(ticket, reason):
    held = recording.locked(ticket.pk)
    held.sync_state = "gone" if reason else "local"
    if not reason:
        Ticket.objects.filter(pk=held.pk).update(gone_reason="", sync_state="local")
    recording.change(held, by=SYSTEM, gone_reason=reason)


def snapshot(ticket):
    values = list(ClockRun.objects.filter(ticket=ticket).order_by("pk").values())
    return Ticket.objects.filter(pk=ticket.pk).values("next_due_at", "due_clock").get(), values


def test_a_ticket_through_its_life():
    with time_machine.travel(MONDAY, tick=False) as clock:
        ticket = open_one()
        assert (ticket.next_due_at, ticket.due_clock) == (MONDAY + timedelta(hours=8), "first")
        assert runs(ticket) == [("resolution", "", "Fri 17:00", None, 0), ("first", "", "Mon 17:00", None, 0)]

        clock.shift(timedelta(hours=1))
        replies.note(ticket, body="Somebody look", by=SYSTEM)
        tickets.update(ticket, by=SYSTEM, priority=4)
        assert runs(ticket) == [("resolution", "", "Mon 17:00", None, 0), ("first", "", "Mon 11:00", None, 0)]

        clock.shift(timedelta(minutes=30))
        replies.reply(ticket, body="Which hub?", by=SYSTEM, status=status(6))
        ticket.refresh_from_db()
        assert (ticket.next_due_at, ticket.due_clock) == (None, "")
        assert runs(ticket) == [("resolution", "", None, None, 90), ("first", "met", "Mon 11:00", "Mon 10:30", 90)]

        clock.shift(timedelta(hours=2))
        replies.add_incoming(ticket, body="The first", by=SYSTEM)
        ticket.refresh_from_db()
        assert (ticket.next_due_at, ticket.due_clock) == (MONDAY + timedelta(hours=5, minutes=30), "next")

        clock.shift(timedelta(hours=3))
        replies.reply(ticket, body="Done", by=SYSTEM, status=status(4))
        ticket.refresh_from_db()
        assert (ticket.next_due_at, ticket.due_clock, ticket.solved_at) == (None, "", timezone.now())
        assert [row[:2] for row in runs(ticket)] == [("resolution", "met"), ("first", "met"), ("next", "missed")]


def test_rows_kept_step_by_step_are_those_of_the_whole_history():
    with time_machine.travel(MONDAY, tick=False) as clock:
        ticket = open_one(kind="incident")
        acts = [
            lambda: replies.reply(ticket, body="Hello", by=SYSTEM),
            lambda: replies.add_incoming(ticket, body="And?", by=SYSTEM),
            lambda: tickets.update(ticket, by=SYSTEM, priority=3, kind="change"),
            lambda: tickets.update(ticket, by=SYSTEM, status=status(7)),
            lambda: replies.add_incoming(ticket, body="Again", by=SYSTEM),
            lambda: tickets.solve(ticket, by=SYSTEM),
            lambda: tickets.reopen(ticket, by=SYSTEM),
            lambda: go(ticket, "spam"),
            lambda: go(ticket, ""),
        ]
        for act in acts:
            clock.shift(timedelta(hours=5))
            act()
            kept = snapshot(ticket)
            assert recompute_all(everything=True) == 0
            assert snapshot(ticket) == kept


def test_an_automatic_message_stops_no_clock_and_nobody_has_answered():
    ticket = open_one()
    before = snapshot(ticket)
    message = replies.answer_by_itself(ticket, body="We are slower this week.", by=SYSTEM)
    ticket.refresh_from_db()
    assert (message.kind, message.is_automatic, ticket.first_replied_at, ticket.we_spoke_last) == ("reply", True, None, False)
    assert (ticket.waiting_since, snapshot(ticket)) == (ticket.created_at, before)


def test_a_message_that_arrives_late_counts_from_when_it_was_written():
    with time_machine.travel(MONDAY, tick=False) as clock:
        ticket = open_one()
        clock.shift(timedelta(days=2))
        late = recording.Letter(kind="reply", body_html="<p>x</p>", body_text="x", at=MONDAY + timedelta(hours=1))
        recording.add(recording.locked(ticket.pk), late, by=SYSTEM)
    assert ("first", "met", "Mon 17:00", "Mon 10:00", 60) in runs(ticket)


def test_a_ticket_that_came_solved_is_over_when_it_was_solved():
    replied = MONDAY + timedelta(hours=2)
    ticket = TicketFactory(created_at=MONDAY, status=status(5), solved_at=MONDAY + timedelta(hours=30))
    MessageFactory(ticket=ticket, created_at=replied)
    recompute_all(everything=True)
    assert runs(ticket) == [("resolution", "met", "Fri 17:00", "Tue 15:00", 840), ("first", "met", "Mon 17:00", "Mon 11:00", 120)]


def test_a_ticket_that_waits_for_an_approval_has_no_clock_until_it_is_approved():
    with time_machine.travel(MONDAY, tick=False) as clock:
        ticket = TicketFactory(created_at=MONDAY, sync_state="awaiting_approval")
        recompute_all(everything=True)
        assert runs(ticket) == []
        clock.shift(timedelta(hours=3))
        Ticket.objects.filter(pk=ticket.pk).update(sync_state="local")
        TicketEvent.objects.create(ticket=ticket, field="approved", ticket_version=2, at=timezone.now())
        recompute_all(everything=True)
        assert [run.began_at for run in ticket.clock_runs.all()] == [timezone.now()] * 2


def test_what_an_operator_promises_anew_holds_for_what_is_not_over(django_capture_on_commit_callbacks):
    with time_machine.travel(MONDAY, tick=False):
        ticket, over = open_one(), open_one()
        tickets.solve(over, by=SYSTEM)
        before = snapshot(over)
        programme = ticket.community.programme
        calendar, promised = WorkingCalendar.objects.create(name="Always", is_always=True), ObjectiveSet.objects.create(name="Quick")
        Objective.objects.create(objectives=promised, first=30)
        ProgrammeClocks.objects.create(programme=programme, calendar=calendar, objectives=promised)
        calendars.forget()
        recompute()
    ticket.refresh_from_db()
    assert (ticket.next_due_at, runs(ticket)) == (MONDAY + timedelta(minutes=30), [("first", "", "Mon 09:30", None, 0)])
    assert snapshot(over) == before


@pytest.mark.parametrize("number", [1, 3])
def test_many_are_recomputed_with_as_few_queries_as_one(number):
    for _each in range(number):
        MessageFactory(ticket=TicketFactory(created_at=MONDAY), created_at=MONDAY + timedelta(hours=1))
    calendars.rules()
    held = list(Ticket.objects.select_related("status", "community"))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert timing.recompute(held, now=timezone.now()) == number
    assert len([each for each in asked if "SAVEPOINT" not in each["sql"]]) == 4  # history, runs; new runs, tickets


def test_the_command_says_how_many_moved(capsys):
    TicketFactory()
    call_command("recompute_clocks", "--json")
    assert capsys.readouterr().out == '{"moved": 1}\n'
    call_command("recompute_clocks", "--all")
    assert capsys.readouterr().out == "0 tickets are due at another time\n"


def test_opening_and_answering_ask_little_of_the_database():
    community, contact = CommunityFactory(), ContactFactory()
    calendars.rules()
    with CaptureQueriesContext(connection) as opening:
        ticket = tickets.open_ticket(community, subject="No", body="It fails.", by=SYSTEM, requester=contact)
    with CaptureQueriesContext(connection) as answering:
        replies.reply(ticket, body="Hello", by=SYSTEM)
    with CaptureQueriesContext(connection) as assigning:
        tickets.update(ticket, by=SYSTEM, subject="Yes")
    sql = [each["sql"] for each in assigning if "clockrun" in each["sql"]]
    opened, answered = ([each for each in asked if "SAVEPOINT" not in each["sql"]] for asked in (opening, answering))
    assert (len(opened) <= 12, len(answered) <= 12, sql) == (True, True, [])


def test_office_hours_hold_where_nobody_has_said_otherwise():
    assert calendars.of(None) == calendars.of(CommunityFactory()) == OFFICE_HOURS
