"""The mirror, both ways and under faults: nothing lost, nothing doubled."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from communities.roles import Role, StaffGroup
from ground import sweep
from ground.actors import Actor
from ground.errors import Unavailable
from support import recording, sync, tasks
from support.external_keys import content_hash, tag_of
from support.models import CompanyLink, Contact, Message, SyncCursor, Ticket, TicketEvent, TicketStatus
from support.recording import Letter
from support.states import GoneReason, MessageKind, Status, SyncState
from support.sync.outcomes import Outcome, Taken, send
from support.sync.passes import run_pass
from support.sync.pulling import Pulled
from support.sync.reconciling import reconcile
from tests.factories import CommunityFactory, member, staff
from tests.support.factories import ContactFactory, MessageFactory, TicketFactory

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


def waiting(**fields):
    """A ticket that somebody just opened here."""
    return TicketFactory(sync_state=SyncState.QUEUED, next_attempt_at=timezone.now(), **fields)


def saying(ticket, words, kind=MessageKind.REPLY, **fields):
    """A message that somebody just wrote here."""
    message = MessageFactory(
        ticket=ticket, kind=kind, body_text=words, sync_state=SyncState.QUEUED, next_attempt_at=timezone.now(), **fields
    )
    assert message.content_hash == content_hash(words)
    return message


def synced(freshdesk, **fields):
    ticket = waiting(**fields)
    assert sync.push_ticket(freshdesk, ticket.pk) == Outcome.PUSHED
    ticket.refresh_from_db()
    return ticket


def due(row):
    """As if the row's pause were over."""
    type(row).objects.filter(pk=row.pk).update(next_attempt_at=timezone.now())


def later(row, seconds):
    """As if the row had left so long ago, and its next look had come."""
    type(row).objects.filter(pk=row.pk).update(attempted_at=timezone.now() - timedelta(seconds=seconds), next_attempt_at=timezone.now())


def there(simulator):
    return simulator.store.tickets.find()


def said(simulator, **where):
    return [(row["body_text"], bool(row.get("private")), bool(row.get("incoming"))) for row in simulator.store.conversations.find()]


# Tickets, out


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
    clash = TicketEvent.objects.get(ticket=ticket, note="clash")
    assert (clash.field, clash.before, clash.after) == ("priority", "3", "4")


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


# Messages, out


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


# In


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
    sync.applying.apply(recording.locked(ticket.pk), older)
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


def test_two_walks_at_once_are_one(freshdesk, simulator):
    SyncCursor.objects.create(name="tickets", leased_until=timezone.now() + timedelta(minutes=1))
    simulator.requester_writes(email="a@else.example", subject="S", body="x")
    assert sync.pull_changes(freshdesk).pulled == 0
    with time_machine.travel(timezone.now() + timedelta(minutes=3)):
        assert sync.pull_changes(freshdesk).pulled == 1


# People and companies


def test_a_community_becomes_a_company_with_those_who_speak_for_it(freshdesk, simulator):
    community = CommunityFactory(name="Ocean Lab")
    member(community, Role.REPRESENTATIVE, email="lena@ocean.example", name="Lena")
    member(community, Role.MEMBER, email="quiet@ocean.example")
    link = sync.link_of(community)
    assert sync.push_company(freshdesk, link.pk) == Outcome.PUSHED

    [company] = simulator.store.companies.find()
    assert [(row["email"], row["company_id"]) for row in simulator.store.contacts.find()] == [("lena@ocean.example", company["id"])]
    assert CompanyLink.objects.get().freshdesk_company_id == company["id"]


def test_a_company_made_without_an_answer_is_adopted(freshdesk, simulator):
    link = sync.link_of(CommunityFactory(name="Ocean Lab"))
    simulator.faults.arm("drop", method="POST", path="companies")
    assert sync.push_company(freshdesk, link.pk) == Outcome.WAITING
    due(link)
    assert sync.push_company(freshdesk, link.pk) == Outcome.PUSHED
    assert len(simulator.store.companies.find()) == 1


def test_a_requester_who_is_an_agent_there_may_still_ask(freshdesk, simulator):
    ticket = synced(freshdesk, requester=ContactFactory(email="ben@desk.example", name="Ben"))
    assert there(simulator)[0]["requester_id"] == simulator.store.agents.find("email = ?", "ben@desk.example")[0]["id"]
    message = saying(ticket, "Me again", MessageKind.INCOMING, author_contact=ticket.requester)
    assert sync.push_message(freshdesk, message.pk) == Outcome.PUSHED


# Whole passes


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
    simulator.account.clock.advance(1)

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


# Races and odd turns


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
    assert sync.applying.apply(recording.locked(ticket.pk), older).there == {"priority": 4}


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
