"""What comes in from Freshdesk, and what is no news."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from communities.roles import Role, StaffGroup
from ground.errors import Unavailable
from support import sync
from support.models import Attachment, SyncCursor, SyncEntry, Ticket
from support.states import GoneReason, SyncState
from support.sync import leases
from support.sync.passes import run_pass
from support.sync.pulling import Pulled
from tests.factories import CommunityFactory, member, staff
from tests.support.factories import TicketFactory
from tests.support.sync.turns import saying, synced, taken

pytestmark = pytest.mark.django_db


def test_an_agents_answer_in_freshdesk_arrives_with_their_name(freshdesk, simulator):
    ticket = synced(freshdesk)
    simulator.account.clock.advance(3)
    simulator.agent_does(ticket.freshdesk_id, "reply", body="<p>Try <b>again</b></p><script>x()</script>")
    sync.pull_changes(freshdesk)

    [message] = ticket.messages.all()
    assert (message.kind, message.author_label, message.body_html, message.sync_state) == (
        "reply",
        "Freya Lind",
        "<p>Try <b>again</b></p>",
        SyncState.SYNCED,
    )
    ticket.refresh_from_db()
    assert (ticket.last_message_excerpt, ticket.waiting_since) == ("Try again", None)


def test_an_agent_who_works_here_too_is_recognised(freshdesk, simulator):
    freya = staff(StaffGroup.SUPPORT_AGENT, email="freya@desk.example", name="Freya")
    ticket = synced(freshdesk)
    simulator.agent_does(ticket.freshdesk_id, "note", body="hm")
    simulator.account.clock.advance(3)
    simulator.agent_does(ticket.freshdesk_id, "change", responder_id=simulator.account.human["id"])
    sync.pull_changes(freshdesk)

    assert ticket.messages.get().author_user == freya
    assert Ticket.objects.get(pk=ticket.pk).assignee == freya


def test_an_agent_who_joins_the_desk_later_is_recognised_when_all_is_read_again(freshdesk, simulator):
    ticket = synced(freshdesk)
    simulator.account.clock.advance(3)
    simulator.agent_does(ticket.freshdesk_id, "change", responder_id=simulator.account.human["id"])
    run_pass(freshdesk)
    before = Ticket.objects.get(pk=ticket.pk)
    freya = staff(StaffGroup.SUPPORT_AGENT, email="freya@desk.example", name="Freya")
    SyncCursor.objects.filter(name="agents").delete()  # the list of agents is read again each day
    run_pass(freshdesk, full=True)

    after = Ticket.objects.get(pk=ticket.pk)
    assert (before.assignee, before.assignee_label, after.assignee) == (None, "Freya Lind", freya)
    assert simulator.store.tickets.get(ticket.freshdesk_id)["responder_id"] == simulator.account.human["id"]


def test_a_merge_is_seen_by_its_private_note_though_freshdesk_does_not_say_that_it_is_one(freshdesk, simulator):
    kept, closed = synced(freshdesk), synced(freshdesk)
    simulator.account.clock.advance(3)
    simulator.agent_does(kept.freshdesk_id, "merge", ticket_ids=[closed.freshdesk_id])
    for row in simulator.store.conversations.find("ticket_id = ?", closed.freshdesk_id):
        simulator.store.conversations.put({**row, "source": None})
    sync.pull_changes(freshdesk)

    closed.refresh_from_db()
    assert (closed.gone_reason, closed.merged_into, Ticket.objects.get(pk=kept.pk).gone_reason) == (GoneReason.MERGED, kept, "")


def test_a_mail_from_outside_becomes_a_ticket_of_nobodys_community(freshdesk, simulator):
    simulator.requester_writes(email="stranger@else.example", subject="Help", body="<p>Please</p>")
    walked = sync.pull_changes(freshdesk)

    ticket = Ticket.objects.get()
    assert walked.counts[Pulled.CREATED] == 1
    assert (ticket.subject, ticket.community, ticket.requester.email, ticket.sync_state) == (
        "Help",
        None,
        "stranger@else.example",
        SyncState.SYNCED,
    )
    assert (ticket.body_text, ticket.last_message_excerpt) == ("Please", "Please")


def test_a_ticket_that_was_over_when_it_came_is_not_left_open(freshdesk, simulator):
    simulator.requester_writes(email="stranger@else.example", subject="Help", body="<p>Please</p>")
    sync.pull_changes(freshdesk)
    came = Ticket.objects.get()
    simulator.account.clock.advance(3)
    simulator.agent_does(came.freshdesk_id, "change", status=5)
    came.delete()
    SyncCursor.objects.all().delete()
    sync.pull_changes(freshdesk)

    over = Ticket.objects.get()
    assert (over.status_id, over.solved_at, over.waiting_since) == (5, over.updated_at, None)


def test_a_mail_from_a_known_company_becomes_a_ticket_of_its_community(freshdesk, simulator):
    community = CommunityFactory(name="Ocean Lab")
    person = member(community, Role.REPRESENTATIVE, email="lena@ocean.example")
    run_pass(freshdesk)
    simulator.requester_writes(email="lena@ocean.example", subject="Help", body="Please")
    sync.pull_changes(freshdesk)

    ticket = Ticket.objects.get()
    assert (ticket.community, ticket.requester.user) == (community, person)


def test_our_own_writes_come_back_as_no_news(freshdesk, simulator):
    ticket = synced(freshdesk)
    sync.push_message(freshdesk, saying(ticket, "An answer").pk)
    simulator.account.clock.advance(10)  # the due times come, and bump the ticket
    before = Ticket.objects.get(pk=ticket.pk)
    walked = sync.pull_changes(freshdesk)

    after = Ticket.objects.get(pk=ticket.pk)
    assert (walked.counts[Pulled.CREATED], walked.counts[Pulled.UPDATED]) == (0, 0)
    assert (after.version, after.updated_at, ticket.events.count()) == (before.version, before.updated_at, 0)
    assert after.remote_updated_at > before.remote_updated_at


def test_an_edited_note_is_edited_and_a_deleted_one_marked(freshdesk, simulator, api):
    ticket = synced(freshdesk)
    kept = simulator.agent_does(ticket.freshdesk_id, "note", body="frist")
    doomed = simulator.agent_does(ticket.freshdesk_id, "note", body="second")
    sync.pull_ticket(freshdesk, ticket.freshdesk_id)
    api.put(f"conversations/{kept['id']}", json={"body": "first"})
    api.delete(f"conversations/{doomed['id']}")
    assert sync.pull_ticket(freshdesk, ticket.freshdesk_id) == Pulled.UPDATED

    first, second = ticket.messages.order_by("pk")
    assert (first.body_text, bool(first.edited_at), first.removed_at) == ("first", True, None)
    assert second.removed_at is not None


def test_an_older_answer_never_overwrites_a_newer_one(freshdesk, simulator):
    ticket = synced(freshdesk)
    older = freshdesk.ticket(ticket.freshdesk_id)
    simulator.account.clock.advance(3)
    simulator.agent_does(ticket.freshdesk_id, "change", status=5)
    sync.pull_ticket(freshdesk, ticket.freshdesk_id)
    taken(ticket, older)
    assert Ticket.objects.get(pk=ticket.pk).status_id == 5


def test_a_status_we_do_not_know_is_learned_with_its_word(freshdesk, simulator):
    ticket = synced(freshdesk)
    simulator.account.clock.advance(3)
    simulator.agent_does(ticket.freshdesk_id, "change", status=9000)
    sync.pull_changes(freshdesk)
    assert str(Ticket.objects.get(pk=ticket.pk).status) == "Assigned to AI Agent"


def test_spam_is_seen_and_a_restored_ticket_comes_back(freshdesk, simulator):
    ticket = synced(freshdesk)
    sync.pull_changes(freshdesk)
    simulator.account.clock.advance(5)
    simulator.agent_does(ticket.freshdesk_id, "spam")
    sync.pull_changes(freshdesk)
    assert Ticket.objects.get(pk=ticket.pk).gone_reason == GoneReason.SPAM

    simulator.account.clock.advance(5)
    simulator.agent_does(ticket.freshdesk_id, "restore")
    sync.pull_changes(freshdesk)
    ticket.refresh_from_db()
    assert (ticket.gone_reason, ticket.sync_state) == ("", SyncState.SYNCED)


def test_a_key_that_lost_its_scope_costs_few_credits_and_marks_nothing(freshdesk, simulator):
    sync.pull_changes(freshdesk)
    asked = timezone.now() - timedelta(hours=1)
    for number in range(1000, 1060):
        TicketFactory(freshdesk_id=number, sync_state=SyncState.SYNCED, missing_since=asked)
    used = freshdesk.credits_used
    sync.pull_changes(freshdesk)
    assert freshdesk.credits_used - used <= 8
    assert not Ticket.objects.exclude(gone_reason="").exists()


def test_a_ticket_that_the_key_may_not_see_stops_no_other(freshdesk, simulator):
    for subject in ("First", "Withheld", "Last"):
        simulator.requester_writes(email="ana@else.example", subject=subject, body="x")
        simulator.account.clock.advance(5)
    simulator.faults.arm("error", method="GET", path="tickets/2", times=0, status=403)
    sync.pull_changes(freshdesk)
    assert list(Ticket.objects.order_by("pk").values_list("subject", flat=True)) == ["First", "Last"]
    assert SyncEntry.objects.get(outcome="alert").note.startswith("Freshdesk lists tickets that it does not show us")


def test_a_pass_that_never_gets_its_turn_says_so(freshdesk):
    leases.take("tickets", lease=timedelta(minutes=5))
    with pytest.raises(Unavailable):
        leases.take_when_free("tickets", lease=timedelta(seconds=0.05))


def test_a_merge_brings_messages_and_their_files_along(freshdesk, simulator):
    kept = simulator.requester_writes(email="ana@else.example", subject="Kept", body="x")["id"]
    merged = simulator.requester_writes(email="ana@else.example", subject="Merged", body="x")["id"]
    simulator.requester_answers(merged, body="<p>see</p>", attachments=[("a.txt", "text/plain", b"abc")])
    sync.pull_changes(freshdesk)
    simulator.account.clock.advance(5)
    simulator.agent_does(kept, "merge", ticket_ids=[merged])
    for number in (kept, merged):
        sync.pull_ticket(freshdesk, number)

    ticket = Ticket.objects.get(freshdesk_id=kept)
    message = ticket.messages.get(body_text="see")
    assert [(file.name, file.ticket_id, file.message_id) for file in Attachment.objects.all()] == [("a.txt", ticket.pk, message.pk)]
    assert (ticket.file_count, message.removed_at) == (1, None)


def test_a_walk_over_many_pages_meets_every_ticket_once(freshdesk, simulator):
    simulator.account.knobs.limit = 10_000
    for number in range(230):
        simulator.requester_writes(email="a@else.example", subject=f"S{number}", body="x")
        if number % 40 == 0:
            simulator.account.clock.advance(1)
    walked = sync.pull_changes(freshdesk)
    assert (walked.counts[Pulled.CREATED], Ticket.objects.count()) == (230, 230)


def test_a_pass_with_nothing_changed_is_cheap(freshdesk, simulator):
    synced(freshdesk)
    run_pass(freshdesk)
    used = freshdesk.credits_used
    tally = run_pass(freshdesk)
    assert tally.pulled == tally.pushed == 0
    assert freshdesk.credits_used - used <= 8


def test_a_walk_that_breaks_off_goes_on_where_it_was(freshdesk, simulator):
    for number in range(5):
        simulator.requester_writes(email="a@else.example", subject=f"S{number}", body="x")
        simulator.account.clock.advance(1)
    simulator.faults.arm("error", path="tickets/3", times=2)
    with pytest.raises(Unavailable):
        sync.pull_changes(freshdesk)
    assert Ticket.objects.count() < 5
    sync.pull_changes(freshdesk)
    assert Ticket.objects.count() == 5


def test_a_change_dated_ahead_of_freshdesks_clock_hides_none_that_comes_after_it(freshdesk, simulator):
    simulator.account.clock.advance(3600)
    simulator.requester_writes(email="a@else.example", subject="From tomorrow", body="x")
    simulator.account.clock.advance(-3600)
    sync.pull_changes(freshdesk)
    simulator.requester_writes(email="a@else.example", subject="From today", body="x")
    sync.pull_changes(freshdesk)
    assert set(Ticket.objects.values_list("subject", flat=True)) == {"From tomorrow", "From today"}


def test_two_walks_at_once_are_one(freshdesk, simulator):
    SyncCursor.objects.create(name="tickets", leased_until=timezone.now() + timedelta(minutes=1))
    simulator.requester_writes(email="a@else.example", subject="S", body="x")
    assert sync.pull_changes(freshdesk).pulled == 0
    with time_machine.travel(timezone.now() + timedelta(minutes=3)):
        assert sync.pull_changes(freshdesk).pulled == 1
