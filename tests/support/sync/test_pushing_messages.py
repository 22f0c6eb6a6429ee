"""Messages, out: each said once, in order, as its own kind."""

import pytest
from django.utils import timezone

from communities.roles import StaffGroup
from ground.actors import Actor
from support import replies, sync, tickets
from support.composing import undoing
from support.models import Contact, HeldReply, Message, Ticket, TicketStatus
from support.states import GoneReason, MessageKind, Status, SyncState
from support.sync.outcomes import Outcome
from support.sync.pulling import Pulled
from tests.factories import staff
from tests.support.sync.turns import due, later, said, saying, synced, waiting

pytestmark = pytest.mark.django_db


def test_each_kind_of_message_goes_out_as_its_own(freshdesk, simulator):
    ticket = synced(freshdesk)
    messages = [
        saying(ticket, "An answer"),
        saying(ticket, "Among us", MessageKind.NOTE),
        saying(ticket, "Still broken", MessageKind.INCOMING, author_contact=ticket.requester),
    ]
    for message in messages:
        assert sync.push_message(freshdesk, message.pk) in {Outcome.PUSHED, Outcome.NOTHING}

    assert said(simulator) == [("An answer", False, False), ("Among us", True, False), ("Still broken", False, True)]
    assert set(Message.objects.values_list("sync_state", flat=True)) == {SyncState.SYNCED}
    assert (
        simulator.store.conversations.find()[2]["user_id"] == ticket.requester.freshdesk_id
        or Contact.objects.get(pk=ticket.requester.pk).freshdesk_id
    )


def test_messages_wait_for_their_ticket_and_follow_it_in_order(freshdesk, simulator):
    ticket = waiting()
    first, second = saying(ticket, "one"), saying(ticket, "two")
    assert sync.push_message(freshdesk, second.pk) == Outcome.WAITING
    assert sync.push_message(freshdesk, first.pk) == Outcome.WAITING
    sync.push_ticket(freshdesk, ticket.pk)
    assert [words for words, *_ in said(simulator)] == ["one", "two"]


@pytest.mark.parametrize("kind", list(MessageKind))
def test_a_message_whose_answer_was_lost_is_found_and_not_said_again(freshdesk, simulator, kind):
    ticket = synced(freshdesk)
    message = saying(ticket, "Please try\nagain  now", kind)
    simulator.faults.arm("drop", method="POST", path="tickets/.*")
    assert sync.push_message(freshdesk, message.pk) == Outcome.UNKNOWN

    later(message, 6)
    assert sync.push_message(freshdesk, message.pk) == Outcome.PUSHED
    assert len(simulator.store.conversations.find()) == 1
    message.refresh_from_db()
    assert (message.sync_state, message.freshdesk_id) == (SyncState.SYNCED, simulator.store.conversations.find()[0]["id"])


def test_a_pull_recognises_a_reply_whose_answer_was_lost(freshdesk, simulator):
    ticket = synced(freshdesk)
    message = saying(ticket, "Please try again")
    simulator.faults.arm("drop", method="POST", path="tickets/.*")
    sync.push_message(freshdesk, message.pk)

    assert sync.pull_ticket(freshdesk, ticket.freshdesk_id) == Pulled.UNCHANGED
    assert list(ticket.messages.values_list("pk", "sync_state")) == [(message.pk, SyncState.SYNCED)]


def test_two_replies_of_the_same_words_are_two_replies(freshdesk, simulator):
    ticket = synced(freshdesk)
    first = saying(ticket, "Done")
    sync.push_message(freshdesk, first.pk)
    second = saying(ticket, "Done")
    simulator.faults.arm("down", method="POST", path="tickets/.*")
    sync.push_message(freshdesk, second.pk)
    later(second, 301)
    sync.push_message(freshdesk, second.pk)
    sync.pull_ticket(freshdesk, ticket.freshdesk_id)
    assert [words for words, *_ in said(simulator)] == ["Done", "Done"]
    assert ticket.messages.count() == 2


def test_words_written_while_the_ticket_lies_in_the_trash_follow_it_out(freshdesk, simulator):
    ticket = synced(freshdesk)
    simulator.agent_does(ticket.freshdesk_id, "delete")
    sync.pull_ticket(freshdesk, ticket.freshdesk_id)
    message = replies.note(ticket, body="meanwhile", by=Actor.system())
    assert sync.push_message(freshdesk, message.pk) == Outcome.WAITING

    simulator.agent_does(ticket.freshdesk_id, "restore")
    sync.pull_ticket(freshdesk, ticket.freshdesk_id)
    due(message)
    assert sync.push_message(freshdesk, message.pk) == Outcome.PUSHED
    assert said(simulator) == [("meanwhile", True, False)]


def test_words_written_on_a_ticket_that_was_archived_stay_here(freshdesk):
    ticket = synced(freshdesk)
    Ticket.objects.filter(pk=ticket.pk).update(sync_state=SyncState.GONE, gone_reason=GoneReason.ARCHIVED)
    message = replies.note(ticket, body="too late", by=Actor.system())
    assert (message.sync_state, message.next_attempt_at) == (SyncState.LOCAL, None)


def test_a_reply_is_copied_to_whom_it_names(freshdesk, simulator):
    ticket = synced(freshdesk)
    sync.push_message(freshdesk, saying(ticket, "An answer", cc=["lee@example.org"]).pk)
    sync.push_message(freshdesk, saying(ticket, "Another").pk)
    assert [row["cc_emails"] or [] for row in simulator.store.conversations.find()] == [["lee@example.org"], []]


def test_a_reply_that_can_be_taken_back_stays_here_until_its_moment_is_over(freshdesk, simulator, settings):
    settings.DESK_UNDO_SECONDS = 10
    ticket = synced(freshdesk)
    sam = Actor.person(staff(StaffGroup.SUPPORT_AGENT))
    changes = replies.Changes(status=TicketStatus.objects.get(code=Status.SOLVED))
    message = undoing.hold(ticket, body="Please restart", by=sam, cc=["lee@example.org"], changes=changes)
    tickets.update(ticket, by=sam, priority=3)

    sync.push_ticket(freshdesk, ticket.pk)
    assert (said(simulator), simulator.store.tickets.find()[0]["status"]) == ([], Status.OPEN)

    HeldReply.objects.update(next_attempt_at=timezone.now())
    undoing.let_go(message.held.pk)
    sync.push_ticket(freshdesk, ticket.pk)
    sync.push_message(freshdesk, message.pk)

    assert (said(simulator), simulator.store.tickets.find()[0]["status"]) == ([("Please restart", False, False)], Status.SOLVED)
    assert simulator.store.conversations.find()[0]["cc_emails"] == ["lee@example.org"]
