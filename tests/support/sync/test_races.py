"""Races and odd turns."""

import pytest

from communities.roles import StaffGroup
from ground import sweep
from ground.actors import Actor
from ground.errors import Unavailable
from support import recording, sync, tasks
from support.models import CompanyLink, Message, Ticket
from support.states import SyncState
from support.sync.outcomes import Outcome, Taken, send
from tests.factories import CommunityFactory, staff
from tests.support.factories import ContactFactory
from tests.support.sync.turns import due, later, said, saying, synced, taken, there, waiting

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


def test_two_workers_with_one_message_say_it_once(freshdesk, simulator):
    message = saying(synced(freshdesk), "once")
    late_worker = Message.objects.get(pk=message.pk)
    sync.push_message(freshdesk, message.pk)
    with pytest.raises(Taken):
        send(late_worker, lambda: freshdesk.reply(1, body="once"))
    assert len(said(simulator)) == 1


def test_a_message_recognised_by_a_pull_is_not_sent_by_its_push(freshdesk, simulator):
    ticket = synced(freshdesk)
    message = saying(ticket, "once")
    simulator.faults.arm("drop", method="POST", path="tickets/.*")
    sync.push_message(freshdesk, message.pk)
    sync.pull_ticket(freshdesk, ticket.freshdesk_id)
    due(message)
    assert sync.push_message(freshdesk, message.pk) == Outcome.PUSHED
    assert len(said(simulator)) == 1


def test_a_change_here_survives_a_newer_pull_in_between(freshdesk, simulator):
    ticket = synced(freshdesk)
    older = freshdesk.ticket(ticket.freshdesk_id)
    simulator.account.clock.advance(3)
    simulator.agent_does(ticket.freshdesk_id, "change", status=3)
    recording.change(recording.locked(ticket.pk), by=SYSTEM, priority=4)
    sync.pull_ticket(freshdesk, ticket.freshdesk_id)
    assert taken(ticket, older).there == {"priority": 4}


def test_an_agent_changing_a_ticket_before_its_answer_was_found_is_not_overwritten(freshdesk, simulator):
    ticket = waiting()
    simulator.faults.arm("drop", method="POST", path="tickets")
    sync.push_ticket(freshdesk, ticket.pk)
    simulator.account.clock.advance(3)
    simulator.agent_does(1, "change", status=3)
    later(ticket, 6)
    sync.push_ticket(freshdesk, ticket.pk)
    ticket.refresh_from_db()
    assert (ticket.status_id, ticket.sync_state, there(simulator)[0]["status"]) == (3, SyncState.SYNCED, 3)


def test_assigning_and_unassigning_an_agent_goes_there(freshdesk, simulator):
    freya = staff(StaffGroup.SUPPORT_AGENT, email="freya@desk.example")
    ticket = synced(freshdesk)
    sync.people.refresh_agents(freshdesk)
    for assignee, responder in ((freya, simulator.account.human["id"]), (None, None)):
        recording.change(recording.locked(ticket.pk), by=SYSTEM, assignee=assignee)
        due(ticket)
        sync.push_ticket(freshdesk, ticket.pk)
        assert there(simulator)[0]["responder_id"] == responder
    assert Ticket.objects.get(pk=ticket.pk).sync_state == SyncState.SYNCED


def test_an_address_that_moved_to_another_contact_takes_its_id_along(freshdesk, api):
    old = sync.ensure_contact(freshdesk, ContactFactory(email="old@uni.example"))
    api.put(f"contacts/{old.freshdesk_id}", json={"email": "new@uni.example"})
    new = sync.ensure_contact(freshdesk, ContactFactory(email="new@uni.example"))
    old.refresh_from_db()
    assert (new.freshdesk_id is not None, old.freshdesk_id) == (True, None)


def test_a_small_budget_slows_an_import_and_does_not_stop_it(freshdesk, simulator):
    simulator.account.knobs.limit = 20
    for number in range(30):
        simulator.requester_writes(email="a@else.example", subject=f"S{number}", body="x")
    for _ in range(8):
        try:
            sync.pull_changes(freshdesk)
        except Unavailable:
            simulator.account.clock.advance(61)
    assert Ticket.objects.count() == 30


def test_polling_without_freshdesk_makes_nothing_wait(db):
    CommunityFactory()
    tasks.poll()
    assert not CompanyLink.objects.exists()


def test_polling_brings_in_people_companies_and_tickets(simulator):
    CommunityFactory(name="Ocean Lab")
    simulator.requester_writes(email="a@else.example", subject="S", body="x")
    tasks.poll()
    sweep.perform_due()
    assert (Ticket.objects.count(), CompanyLink.objects.get().freshdesk_company_id is not None) == (1, True)


def test_an_outage_does_not_break_the_poll(simulator):
    simulator.faults.arm("html", times=0)
    tasks.poll()
    assert not Ticket.objects.exists()
