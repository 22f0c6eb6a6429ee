"""Settling a clash: ours goes out again, theirs stands, and the last one ends the conflict."""

import pytest
from django.test import override_settings
from django.utils import timezone

from communities.roles import StaffGroup
from support import queue, tickets
from support.history import say
from support.mirror import clashing
from support.models import Clash, FreshdeskAgent, FreshdeskGroup, TicketEvent, TicketStatus
from support.states import Status, SyncState
from tests.factories import acting, staff
from tests.support.factories import TicketFactory

pytestmark = pytest.mark.django_db
CONNECTED = override_settings(FRESHDESK_URL="https://acme.freshdesk.test", FRESHDESK_API_KEY="key")


@pytest.fixture
def sam():
    return staff(StaffGroup.SUPPORT_AGENT, name="Sam", email="sam@example.org")


@pytest.fixture
def ticket():
    return TicketFactory(sync_state=SyncState.CONFLICT, freshdesk_id=7, status_id=Status.PENDING, priority=2, subject="Theirs")


def clash(ticket, field="status", ours="5", theirs="3"):
    return Clash.objects.create(ticket=ticket, field=field, before="2", ours=ours, ours_by="Sam", theirs=theirs, met_at=timezone.now())


def history(ticket):
    return list(ticket.events.values_list("field", "before", "after", "note"))


@CONNECTED
def test_settle_for_ours_sets_the_value_and_sends_it(ticket, sam):
    row = clash(ticket)

    clashing.settle(row, keep="ours", by=acting(sam))

    row.refresh_from_db()
    ticket.refresh_from_db()
    assert (row.kept, row.settled_by, row.settled_at is not None) == ("ours", sam, True)
    assert (ticket.status_id, ticket.sync_state, ticket.next_attempt_at is not None) == (Status.CLOSED, SyncState.QUEUED, True)
    assert history(ticket) == [("status", "3", "5", ""), ("settled", "3", "5", "status")]


@CONNECTED
def test_settle_for_theirs_changes_nothing_and_sends_nothing(ticket, sam):
    row = clash(ticket)

    clashing.settle(row, keep="theirs", by=acting(sam))

    row.refresh_from_db()
    ticket.refresh_from_db()
    assert (row.kept, ticket.status_id, ticket.sync_state, ticket.next_attempt_at) == ("theirs", Status.PENDING, SyncState.SYNCED, None)
    assert history(ticket) == [("settled", "5", "3", "status")]


@CONNECTED
def test_settle_of_one_of_two_leaves_the_ticket_in_conflict_and_the_last_ends_it(ticket, sam):
    first, second = clash(ticket), clash(ticket, "priority", "4", "2")

    clashing.settle(first, keep="ours", by=acting(sam))
    ticket.refresh_from_db()
    assert (ticket.sync_state, ticket.next_attempt_at is not None) == (SyncState.CONFLICT, True)

    clashing.settle(second, keep="theirs", by=acting(sam))
    ticket.refresh_from_db()
    assert (ticket.sync_state, ticket.next_attempt_at is not None) == (SyncState.QUEUED, True)


def test_settle_twice_is_refused(ticket, sam):
    row = clash(ticket)
    clashing.settle(row, keep="theirs", by=acting(sam))

    with pytest.raises(clashing.Settled):
        clashing.settle(row, keep="ours", by=acting(sam))

    ticket.refresh_from_db()
    assert ticket.status_id == Status.PENDING


@CONNECTED
def test_change_of_a_ticket_in_conflict_keeps_the_clash_in_sight(ticket, sam):
    row = clash(ticket)
    tickets.update(ticket, by=acting(sam), priority=4)
    ticket.refresh_from_db()
    assert (ticket.sync_state, ticket.next_attempt_at is not None) == (SyncState.CONFLICT, True)

    Clash.objects.filter(pk=row.pk).delete()
    tickets.update(ticket, by=acting(sam), priority=1)
    ticket.refresh_from_db()
    assert ticket.sync_state == SyncState.QUEUED


@pytest.mark.parametrize(
    ("field", "written"),
    [
        ("status", "999"),
        ("status", "open"),
        ("priority", "high"),
        ("assignee", "gone@example.org"),
        ("assignee", "member@example.org"),
        ("kind", "riddle"),
        ("group", "No such group"),
        ("subject", "  "),
        ("tags", "x" * 255),
        ("community", "1"),
        ("sync_state", "synced"),
    ],
)
def test_settle_for_a_value_that_can_no_longer_be_is_refused_and_stays_open(ticket, sam, field, written):
    staff(StaffGroup.REVIEWER, email="member@example.org")
    row = clash(ticket, field, written, "x")

    with pytest.raises(clashing.NotPossible):
        clashing.settle(row, keep="ours", by=acting(sam))

    row.refresh_from_db()
    assert (row.settled_at, history(ticket)) == (None, [])


def test_parsed_values_are_what_a_ticket_holds(sam):
    FreshdeskAgent.objects.create(freshdesk_id=1, email="sam@agents.example", user=sam)
    group = FreshdeskGroup.objects.create(freshdesk_id=1, name="Hubs")
    cases = {
        ("status", "5"): TicketStatus.objects.get(code=5),
        ("priority", "4"): 4,
        ("assignee", ""): None,
        ("assignee", "SAM@example.org"): sam,
        ("assignee", "sam@agents.example"): sam,
        ("kind", ""): "",
        ("kind", "event"): "event",
        ("group", ""): None,
        ("group", "Hubs"): group,
        ("subject", "A, b"): "A, b",
        ("tags", "a, b c"): ["a", "b c"],
        ("tags", ""): [],
    }

    assert {case: clashing.parsed(*case) for case in cases} == cases


def test_questions_say_both_values_in_words_and_which_holds(ticket, sam):
    ticket.assignee = sam
    ticket.save()
    clash(ticket)
    FreshdeskAgent.objects.create(freshdesk_id=1, name="S. Okafor", email="sam@example.org", user=sam)
    FreshdeskAgent.objects.create(freshdesk_id=2, name="Luz", email="luz@example.org")
    clash(ticket, "assignee", "sam@example.org", "luz@example.org")
    clash(ticket, "subject", "Ours", "Third")
    clash(ticket, "tags", "", "urgent")

    asked = clashing.questions(ticket, queue.moment(acting(sam)).statuses)

    assert [(each.field, each.ours, each.theirs, each.holds) for each in asked] == [
        ("status", "Closed", "Pending", "theirs"),
        ("assignee", "Sam", "Luz", "ours"),
        ("subject", "Ours", "Third", ""),
        ("tags", "nothing", "urgent", "ours"),
    ]


def test_questions_know_an_agent_without_an_account_by_the_name_that_the_ticket_shows(ticket):
    FreshdeskAgent.objects.create(freshdesk_id=2, name="Luz", email="luz@example.org")
    ticket.assignee_label = "Luz"
    clash(ticket, "assignee", "", "luz@example.org")

    assert [(each.ours, each.theirs, each.holds) for each in clashing.questions(ticket, {})] == [("nobody", "Luz", "theirs")]


@pytest.mark.parametrize("state", [SyncState.QUEUED, SyncState.DEAD, SyncState.SYNCED, SyncState.GONE])
def test_questions_are_asked_whatever_else_the_ticket_waits_for(ticket, state):
    clash(ticket)
    ticket.sync_state = state
    assert [each.field for each in clashing.questions(ticket, {})] == ["status"]


def test_questions_of_a_ticket_that_is_only_here_cost_nothing(django_assert_num_queries):
    ticket = TicketFactory(sync_state=SyncState.LOCAL)
    with django_assert_num_queries(0):
        assert clashing.questions(ticket, {}) == []


def test_settled_clash_is_told_in_the_history(ticket, sam):
    clashing.settle(clash(ticket), keep="theirs", by=acting(sam))
    statuses = queue.moment(acting(sam)).statuses

    assert say(TicketEvent.objects.get(field="settled"), statuses) == "settled the status: “Pending” holds, not “Closed”"
