"""Trying a rule of time over 30 days: which tickets it would have met, and when, as they stood then."""

from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine

from communities.roles import Role
from ground.actors import Actor
from support import replies, tickets
from support.asking import approving
from support.automation import running, trying
from support.automation.facts import facts_of
from support.automation.standing import stretches
from support.models import CalendarWindow, RuleRun, SupportTerms, Ticket, TicketStatus, WorkingCalendar
from support.timing import calendars
from tests.factories import CommunityFactory, acting, member, staff
from tests.support.asking.factories import waiting_ticket
from tests.support.automation.test_running import a_rule, do, when
from tests.support.factories import MessageFactory, TicketFactory

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()
NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)


def days_ago(days):
    return NOW - timedelta(days=days)


def a_time_rule(*conditions, **more):
    return a_rule("time", do("add_tag", "x"), conditions=list(conditions), on=False, **more)


def opened(days, **fields):
    with time_machine.travel(days_ago(days), tick=False):
        return tickets.open_ticket(CommunityFactory(), subject="No server", body="It fails", by=SYSTEM, **fields)


def at(ticket, days, doing, **values):
    with time_machine.travel(days_ago(days), tick=False):
        doing(Ticket.objects.get(pk=ticket.pk), by=SYSTEM, **values)


def status(code):
    return TicketStatus.objects.get(pk=code)


def met(rule):
    tried = trying.try_out(rule, now=NOW)
    assert tried.count == len(tried.meetings)
    return {(each.ticket.pk, (NOW - each.at).total_seconds() / 86400) for each in tried.meetings}


def test_it_finds_the_moment_at_which_a_ticket_was_old_enough_though_it_no_longer_fits():
    ticket = opened(20)
    at(ticket, 15, tickets.update, status=status(4))
    rule = a_time_rule(when("turn", "is", "open"), when("opened", "for_at_least", "3d"))
    assert met(rule) == {(ticket.pk, 17)}
    assert not running.unmet(rule, NOW).exists()
    assert RuleRun.objects.count() == 0


def test_a_ticket_that_changed_before_it_was_old_enough_is_not_met():
    at(opened(20), 18, tickets.update, status=status(4))
    assert met(a_time_rule(when("turn", "is", "open"), when("opened", "for_at_least", "3d"))) == set()


def test_what_fitted_before_the_window_is_met_at_its_beginning_and_what_ended_before_is_not():
    old, over = opened(50), opened(60)
    at(over, 40, tickets.update, status=status(4))
    assert met(a_time_rule(when("turn", "is", "open"), when("opened", "for_at_least", "3d"))) == {(old.pk, 30)}


def test_it_is_met_again_once_somebody_has_written_and_grew_quiet_again():
    ticket = opened(25)
    at(ticket, 10, replies.add_incoming, body="Hello?")
    assert met(a_time_rule(when("quiet", "for_at_least", "3d"))) == {(ticket.pk, 22), (ticket.pk, 7)}


def test_an_answer_ends_the_waiting_and_a_new_question_begins_it():
    ticket, sam = opened(25), staff()
    with time_machine.travel(days_ago(24), tick=False):
        replies.reply(ticket, body="Like this", by=acting(sam))
    at(ticket, 12, replies.add_incoming, body="Thanks, and that?")
    at(ticket, 11, replies.add_incoming, body="Hello?")
    assert met(a_time_rule(when("waiting", "for_at_least", "2d"))) == {(ticket.pk, 10)}


def test_not_yet_that_long_holds_from_the_beginning_and_ends():
    young, old = opened(3), opened(40)
    assert met(a_time_rule(when("opened", "for_less", "2d"))) == {(young.pk, 3)}
    assert met(a_time_rule(when("opened", "for_less", "12d"))) == {(young.pk, 3), (old.pk, 30)}


def test_any_of_its_conditions_is_enough_where_the_rule_says_so():
    ticket = opened(20)
    at(ticket, 10, tickets.update, impact="hub")
    conditions = when("impact", "is", "hub"), when("opened", "for_at_least", "15d")
    assert met(a_time_rule(*conditions)) == {(ticket.pk, 5)}
    assert met(a_time_rule(*conditions, match="any")) == {(ticket.pk, 10)}


def test_before_it_was_approved_it_was_not_there():
    community = CommunityFactory()
    with time_machine.travel(days_ago(20), tick=False):
        ticket = waiting_ticket(community)
    with time_machine.travel(days_ago(8), tick=False):
        approving.approve(ticket, by=acting(member(community, Role.REPRESENTATIVE)))
    assert met(a_time_rule(when("waiting", "for_at_least", "2d"))) == {(ticket.pk, 6)}


def test_it_says_how_many_it_would_begin_with_and_costs_the_same_with_one_and_thirty(django_assert_num_queries):
    rule = a_time_rule(when("opened", "for_at_least", "3d"))
    for number in (1, 30):
        for _ in range(number):
            MessageFactory(ticket=TicketFactory(community=CommunityFactory(), created_at=days_ago(9)), created_at=days_ago(8))
        trying.try_out(rule, now=NOW)
        with django_assert_num_queries(10):
            assert trying.try_out(rule, now=NOW).at_once == Ticket.objects.count()


def test_the_last_stretch_is_how_a_ticket_stands_and_the_stretches_leave_no_gap():
    ticket = opened(9)
    for days, values in ((8, {"kind": "incident"}), (7, {"priority": 3}), (5, {"status": status(6)}), (4, {"tags": ["a", "b"]})):
        at(ticket, days, tickets.update, **values)
    stands = Ticket.objects.select_related("status", "community", "assignee", "group", "requester").get(pk=ticket.pk)
    ((_ticket, found),) = stretches([stands], since=days_ago(30), until=NOW)
    assert [each.ends for each in found[:-1]] == [each.begins for each in found[1:]]
    assert [(each.facts.kind, each.facts.priority, each.facts.turn, each.facts.tags) for each in found] == [
        ("", 1, "open", ()),
        ("incident", 1, "open", ()),
        ("incident", 3, "open", ()),
        ("incident", 3, "waiting", ()),
        ("incident", 3, "waiting", ("a", "b")),
    ]
    assert found[-1].facts == facts_of(stands)


def test_a_rule_of_working_days_goes_by_the_calendar_of_its_community():
    served, other = opened(6), opened(6)
    row = WorkingCalendar.objects.create(name="Sundays", timezone="Asia/Kolkata")
    for day in (6, 0, 1, 2, 3):
        CalendarWindow.objects.create(calendar=row, weekday=day, opens=time(9), closes=time(17))
    SupportTerms.objects.update_or_create(community=served.community, defaults={"calendar": row})
    calendars.forget()
    assert met(a_time_rule(when("opened", "for_at_least", "2wd"))) == {(served.pk, 2), (other.pk, 4)}
