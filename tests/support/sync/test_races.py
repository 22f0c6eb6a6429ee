"""Races and odd turns."""

from datetime import timedelta

import httpx
import pytest
from django.utils import timezone

from communities.roles import StaffGroup
from demo.freshdesk.transport import SimulatorTransport
from ground import sweep
from ground.actors import Actor
from ground.errors import Unavailable
from support import recording, sync, tasks
from support.models import CompanyLink, Message, Ticket
from support.states import GoneReason, SyncState
from support.sync.outcomes import Outcome, Taken, send
from support.sync.writing import Fetched, write
from tests.factories import CommunityFactory, staff
from tests.support.factories import ContactFactory
from tests.support.sync.turns import due, later, said, saying, synced, taken, there, waiting


class Between(httpx.BaseTransport):
    """Something happens after Freshdesk has taken a reply and before its answer is here."""

    def __init__(self, transport, happens):
        self._transport, self._happens = transport, happens

    def handle_request(self, request):
        answer = self._transport.handle_request(request)
        if request.url.path.endswith("/reply"):
            answer.read()
            self._happens()
        return answer


def signed_and_pulled(simulator):
    """Freshdesk puts a signature below the words, and a doorbell rings."""
    [row] = simulator.store.conversations.find()
    simulator.store.conversations.put({**row, "body": "<p>once</p><p>The desk</p>", "body_text": "once The desk"})
    with sync.open_freshdesk() as freshdesk:
        sync.pull_ticket(freshdesk, row["ticket_id"])


def vanish(ticket):
    Ticket.objects.filter(pk=ticket.pk).update(sync_state=SyncState.GONE, gone_reason=GoneReason.DELETED, next_attempt_at=None)


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


def test_a_reply_that_a_pull_took_for_new_words_is_one_message_and_said_once(simulator, settings):
    settings.FRESHDESK_TRANSPORT = Between(SimulatorTransport(simulator), lambda: signed_and_pulled(simulator))
    with sync.open_freshdesk() as freshdesk:
        ticket = synced(freshdesk)
        message = saying(ticket, "once")
        assert sync.push_message(freshdesk, message.pk) == Outcome.PUSHED
    assert list(Message.objects.values_list("pk", "freshdesk_id", "sync_state")) == [
        (message.pk, simulator.store.conversations.find()[0]["id"], SyncState.SYNCED)
    ]
    assert len(said(simulator)) == 1


def test_an_older_answer_that_is_slower_does_not_bring_old_words_back(freshdesk, simulator, api):
    ticket = synced(freshdesk)
    note = api.post(f"tickets/{ticket.freshdesk_id}/notes", json={"body": "first"}).json()
    asked_at, older = timezone.now(), freshdesk.ticket_with_conversations(ticket.freshdesk_id)
    sync.pull_ticket(freshdesk, ticket.freshdesk_id)
    simulator.account.clock.advance(5)
    api.put(f"conversations/{note['id']}", json={"body": "second"})
    sync.pull_ticket(freshdesk, ticket.freshdesk_id)
    write([Fetched(older, asked_at)])
    assert Message.objects.get().body_text == "second"


def test_a_turn_that_ran_out_is_not_given_back_for_whoever_has_it_now(freshdesk, simulator):
    ticket = waiting()
    anothers = timezone.now() + timedelta(minutes=1)
    simulator.before_answer.append(lambda _request: Ticket.objects.filter(pk=ticket.pk).update(pushed_until=anothers))
    sync.push_ticket(freshdesk, ticket.pk)
    assert Ticket.objects.get(pk=ticket.pk).pushed_until == anothers


def test_a_ticket_that_is_gone_while_its_change_is_told_stays_gone_and_rests(freshdesk, simulator):
    ticket = synced(freshdesk)
    recording.change(recording.locked(ticket.pk), by=SYSTEM, priority=4)
    due(ticket)
    simulator.before_answer.append(lambda request: vanish(ticket) if request.method == "PUT" else None)
    simulator.faults.arm("down", method="PUT", path="tickets/.*", times=0)
    assert sync.push_ticket(freshdesk, ticket.pk) == Outcome.WAITING
    simulator.before_answer.clear()
    simulator.agent_does(ticket.freshdesk_id, "delete")
    due(ticket)
    assert sync.push_ticket(freshdesk, ticket.pk) == Outcome.DEAD
    ticket.refresh_from_db()
    assert (ticket.sync_state, ticket.next_attempt_at) == (SyncState.GONE, None)


def test_a_clash_stays_in_sight_while_freshdesk_is_away(freshdesk, simulator):
    ticket = synced(freshdesk)
    recording.change(recording.locked(ticket.pk), by=SYSTEM, priority=4)
    Ticket.objects.filter(pk=ticket.pk).update(sync_state=SyncState.CONFLICT)
    due(ticket)
    simulator.faults.arm("down", times=0)
    assert sync.push_ticket(freshdesk, ticket.pk) == Outcome.WAITING
    assert Ticket.objects.get(pk=ticket.pk).sync_state == SyncState.CONFLICT


def test_a_ticket_of_somebodys_second_address_is_asked_by_that_person(freshdesk, simulator, api):
    first = ContactFactory(email="ana@example.org")
    ana = api.post("contacts", json={"name": "Ana", "email": first.email, "other_emails": ["a@b.example"]}).json()
    ticket = waiting(requester=ContactFactory(email="a@b.example"))
    assert sync.push_ticket(freshdesk, ticket.pk) == Outcome.PUSHED
    assert [row["requester_id"] for row in there(simulator)] == [ana["id"]]


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
