"""Tickets, out: none lost and none doubled, whatever happens to the answer."""

from datetime import timedelta

import pytest
from django.utils import timezone

from ground.actors import Actor
from support import recording, sync
from support.models import Clash, Ticket, TicketStatus
from support.recording.external_keys import tag_of
from support.states import GoneReason, Status, SyncState
from support.sync.outcomes import Outcome
from tests.factories import CommunityFactory
from tests.support.factories import ContactFactory
from tests.support.sync.turns import due, later, synced, there, waiting

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


def test_a_ticket_arrives_with_its_key_its_contact_and_its_company(freshdesk, simulator):
    community = CommunityFactory(name="Ocean Lab")
    ticket = synced(freshdesk, community=community, requester=ContactFactory(email="lena@uni.example", name="Lena"), tags=["hub"])

    [row] = there(simulator)
    assert (row["subject"], row["tags"], row["id"]) == (ticket.subject, [tag_of(ticket.external_key), "hub"], ticket.freshdesk_id)
    assert simulator.store.companies.get(row["company_id"])["name"] == "Ocean Lab"
    assert simulator.store.contacts.get(row["requester_id"])["email"] == "lena@uni.example"
    assert (ticket.sync_state, ticket.next_attempt_at, ticket.tags) == (SyncState.SYNCED, None, ["hub"])


def test_a_ticket_of_the_site_itself_is_asked_by_the_desk(freshdesk, simulator, settings):
    synced(freshdesk, requester=None)
    [row] = there(simulator)
    assert simulator.store.contacts.get(row["requester_id"])["email"] == settings.SUPPORT_EMAIL


@pytest.mark.parametrize("fault", ["drop", "late"])
def test_a_ticket_whose_answer_was_lost_is_found_and_not_sent_again(freshdesk, simulator, fault):
    ticket = waiting()
    simulator.faults.arm(fault, method="POST", path="tickets", seconds=30)

    assert sync.push_ticket(freshdesk, ticket.pk) == Outcome.UNKNOWN
    assert Ticket.objects.get(pk=ticket.pk).sync_state == SyncState.UNKNOWN
    simulator.account.clock.advance(40)
    later(ticket, 6)
    assert sync.push_ticket(freshdesk, ticket.pk) == Outcome.PUSHED

    ticket.refresh_from_db()
    assert [row["id"] for row in there(simulator)] == [ticket.freshdesk_id]
    assert ticket.sync_state == SyncState.SYNCED


def test_a_ticket_that_never_arrived_is_sent_again_only_after_the_last_look(freshdesk, simulator):
    ticket = waiting()
    simulator.faults.arm("down", method="POST", path="tickets")
    sync.push_ticket(freshdesk, ticket.pk)
    for seconds in (5, 15, 60):
        later(ticket, seconds)
        assert sync.push_ticket(freshdesk, ticket.pk) == Outcome.UNKNOWN
    assert there(simulator) == []

    later(ticket, 301)
    assert sync.push_ticket(freshdesk, ticket.pk) == Outcome.PUSHED
    assert len(there(simulator)) == 1


def test_a_worker_killed_while_sending_leaves_a_ticket_that_is_looked_for(freshdesk, simulator, api):
    ticket = waiting()
    Ticket.objects.filter(pk=ticket.pk).update(attempted_at=timezone.now())
    api.post("tickets", json={"subject": "S", "description": "D", "email": "a@b.example", "tags": [tag_of(ticket.external_key)]})

    assert sync.push_ticket(freshdesk, ticket.pk) == Outcome.PUSHED
    assert len(there(simulator)) == 1


def test_a_subject_that_stands_for_missing_words_is_words_and_no_markup(freshdesk, simulator):
    sync.push_ticket(freshdesk, waiting(subject="<b>1 < 2</b>", body_html="", body_text="").pk)
    assert [row["description_text"] for row in there(simulator)] == ["<b>1 < 2</b>"]


def test_a_lease_keeps_a_second_worker_away(freshdesk):
    ticket = waiting()
    Ticket.objects.filter(pk=ticket.pk).update(next_attempt_at=timezone.now() + timedelta(minutes=2))
    assert sync.push_ticket(freshdesk, ticket.pk) == Outcome.NOTHING


def test_a_refused_ticket_is_dead_with_its_reason(freshdesk, simulator):
    ticket = waiting(tags=["t" * 40])
    assert sync.push_ticket(freshdesk, ticket.pk) == Outcome.DEAD
    ticket.refresh_from_db()
    assert (ticket.sync_state, ticket.next_attempt_at) == (SyncState.DEAD, None)
    assert "tags" in ticket.last_error


def test_an_outage_keeps_a_ticket_waiting_however_long(freshdesk, simulator):
    ticket = waiting()
    simulator.faults.arm("throttle", times=0, seconds=40)
    for _ in range(20):
        due(ticket)
        assert sync.push_ticket(freshdesk, ticket.pk) == Outcome.WAITING
    ticket.refresh_from_db()
    assert ticket.sync_state == SyncState.QUEUED
    assert ticket.next_attempt_at > timezone.now() + timedelta(seconds=30)
    simulator.faults.clear()
    simulator.account.clock.advance(40)
    due(ticket)
    assert sync.push_ticket(freshdesk, ticket.pk) == Outcome.PUSHED


def test_a_refused_key_kills_no_ticket(simulator, settings):
    settings.FRESHDESK_API_KEY = "revoked"
    ticket = waiting()
    with sync.open_freshdesk() as freshdesk:
        assert sync.push_ticket(freshdesk, ticket.pk) == Outcome.WAITING


def test_a_change_here_goes_there_and_nothing_else_does(freshdesk, simulator):
    ticket = synced(freshdesk)
    recording.change(recording.locked(ticket.pk), by=SYSTEM, status=TicketStatus.objects.get(code=Status.SOLVED))
    due(ticket)

    assert sync.push_ticket(freshdesk, ticket.pk) == Outcome.PUSHED
    [row] = there(simulator)
    assert (row["status"], row["priority"]) == (Status.SOLVED, ticket.priority)
    assert Ticket.objects.get(pk=ticket.pk).sync_state == SyncState.SYNCED


def test_what_changed_while_a_ticket_was_on_its_way_goes_after_it(freshdesk, simulator):
    ticket = waiting()
    simulator.faults.arm("drop", method="POST", path="tickets")
    sync.push_ticket(freshdesk, ticket.pk)
    recording.change(recording.locked(ticket.pk), by=SYSTEM, priority=4)
    later(ticket, 6)
    sync.push_ticket(freshdesk, ticket.pk)
    sync.push_ticket(freshdesk, ticket.pk)
    assert [row["priority"] for row in there(simulator)] == [4]
    assert Ticket.objects.get(pk=ticket.pk).priority == 4


def test_both_sides_changing_one_field_is_a_clash_that_shows_both_values(freshdesk, simulator):
    ticket = synced(freshdesk)
    recording.change(recording.locked(ticket.pk), by=SYSTEM, priority=3)
    simulator.account.clock.advance(3)
    simulator.agent_does(ticket.freshdesk_id, "change", priority=4)
    due(ticket)
    sync.push_ticket(freshdesk, ticket.pk)

    ticket.refresh_from_db()
    assert (ticket.sync_state, ticket.priority) == (SyncState.CONFLICT, 4)
    clash = Clash.objects.open().get(ticket=ticket)
    assert (clash.field, clash.before, clash.ours, clash.ours_by, clash.theirs, clash.theirs_by) == (
        "priority",
        "1",
        "3",
        "Hubdesk",
        "4",
        "Freshdesk",
    )


def test_changes_of_different_fields_on_both_sides_are_both_kept(freshdesk, simulator):
    ticket = synced(freshdesk)
    recording.change(recording.locked(ticket.pk), by=SYSTEM, priority=3)
    simulator.account.clock.advance(3)
    simulator.agent_does(ticket.freshdesk_id, "change", status=3)
    due(ticket)
    sync.push_ticket(freshdesk, ticket.pk)

    ticket.refresh_from_db()
    assert (ticket.sync_state, ticket.priority, ticket.status_id) == (SyncState.SYNCED, 3, 3)
    assert [(row["priority"], row["status"]) for row in there(simulator)] == [(3, 3)]


def test_a_ticket_deleted_there_is_gone_and_stays_here(freshdesk, simulator):
    ticket = synced(freshdesk)
    simulator.agent_does(ticket.freshdesk_id, "delete")
    due(ticket)
    sync.push_ticket(freshdesk, ticket.pk)
    ticket.refresh_from_db()
    assert (ticket.sync_state, ticket.gone_reason) == (SyncState.GONE, GoneReason.DELETED)
