"""Whole passes: the sweep, and reconciling what differs."""

import pytest

from ground import sweep
from ground.actors import Actor
from support import recording, sync
from support.models import Ticket
from support.recording import Letter
from support.states import GoneReason, MessageKind, SyncState
from support.sync.reconciling import reconcile
from tests.support.factories import TicketFactory
from tests.support.sync.turns import said, saying, synced, waiting

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


def test_the_sweep_performs_everything_that_waits(simulator):
    ticket = waiting()
    saying(ticket, "one")
    sweep.perform_due()
    ticket.refresh_from_db()
    assert (ticket.sync_state, said(simulator)) == (SyncState.SYNCED, [("one", False, False)])


def test_without_freshdesk_nothing_is_touched(db):
    ticket = waiting()
    sweep.perform_due(rounds=1)
    ticket.refresh_from_db()
    assert (ticket.sync_state, ticket.attempts) == (SyncState.QUEUED, 0)


def test_reconciling_repairs_what_differs_and_what_vanished(freshdesk, simulator):
    changed, vanished, _same = synced(freshdesk), synced(freshdesk), synced(freshdesk)
    simulator.requester_writes(email="a@else.example", subject="New", body="x")
    simulator.store.tickets.put({**simulator.store.tickets.get(changed.freshdesk_id), "priority": 4})
    simulator.store.tickets.remove(vanished.freshdesk_id)
    simulator.account.clock.advance(5)  # the due times are there: nothing changes by itself any more

    result = reconcile(freshdesk)

    assert (result.compared, result.left) == (4, 0)
    assert Ticket.objects.get(pk=changed.pk).priority == 4
    assert Ticket.objects.get(pk=vanished.pk).gone_reason == GoneReason.MISSING
    assert reconcile(freshdesk).repaired == 0


def test_a_mass_disappearance_is_left_to_a_person(freshdesk, simulator):
    for number in range(51):
        TicketFactory(freshdesk_id=1000 + number, sync_state=SyncState.SYNCED)
    assert (reconcile(freshdesk).repaired, reconcile(freshdesk).left) == (0, 51)
    assert not Ticket.objects.exclude(gone_reason="").exists()


def test_a_letter_written_here_keeps_its_order_with_what_comes_in(freshdesk, simulator):
    ticket = synced(freshdesk)
    recording.add(recording.locked(ticket.pk), Letter(kind=MessageKind.NOTE, body_html="<p>n</p>", body_text="n"), by=SYSTEM)
    simulator.account.clock.advance(3)
    simulator.agent_does(ticket.freshdesk_id, "reply", body="r")
    sync.pull_changes(freshdesk)
    assert [message.body_text for message in ticket.messages.in_order()] == ["n", "r"]
