"""A reply waits a moment: until a worker has it, it can be taken back whole; after that nothing pretends it can."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from communities.roles import Role, StaffGroup
from ground import sweep
from ground.actors import Actor
from ground.models import OutgoingMail
from ground.outbox import ATTEMPTS, claim
from support import history, recording, replies, search, tickets
from support.access import can_have, can_read
from support.composing import undoing
from support.following import performing
from support.models import Attachment, Draft, HeldReply, Macro, Message, Notice, Ticket, TicketStatus
from support.notices import watching
from support.recording import guard
from support.replies.changes import Changes
from support.states import Status
from tests.factories import CommunityFactory, acting, member, staff
from tests.support.factories import TicketFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ten_seconds(settings):
    settings.DESK_UNDO_SECONDS = 10


@pytest.fixture
def sam():
    return staff(StaffGroup.SUPPORT_AGENT, name="Sam")


@pytest.fixture
def ticket():
    return TicketFactory(requester__email="ana@example.org")


def its_time_has_come():
    HeldReply.objects.update(next_attempt_at=timezone.now() - timedelta(seconds=1))


def solved():
    return Changes(status=TicketStatus.objects.get(code=Status.SOLVED))


def test_ticket_knows_nothing_of_a_held_reply(ticket, sam):
    before = {name: value for name, value in vars(ticket).items() if not name.startswith("_")}

    message = undoing.hold(ticket, body="Please *restart*.", by=acting(sam), version=1, changes=solved(), cc=["lee@example.org"])

    ticket.refresh_from_db()
    assert {name: getattr(ticket, name) for name in before} == before
    assert (message.is_held, message.body_text, message.cc, OutgoingMail.objects.count()) == (
        True,
        "Please restart.",
        ["lee@example.org"],
        0,
    )
    assert sweep.perform_due() == 0


def test_held_reply_leaves_with_everything_it_changes_once_its_time_has_come(ticket, sam):
    macro = Macro.objects.create(name="Restart", text={"en": "Please restart."})
    message = undoing.hold(ticket, body="Please restart.", by=acting(sam), changes=solved(), cc=["lee@example.org"], macro=macro)
    its_time_has_come()

    sweep.perform_due()

    ticket.refresh_from_db()
    message = Message.objects.get(pk=message.pk)
    mail = OutgoingMail.objects.get()
    macro.refresh_from_db()
    assert (message.is_held, message.delivery, message.cc, message.ticket_version) == (False, "sent", ["lee@example.org"], 2)
    assert (ticket.status_id, ticket.waiting_since, ticket.last_public_excerpt, ticket.version) == (
        Status.SOLVED,
        None,
        "Please restart.",
        3,
    )
    assert (mail.to, macro.used, macro.used_at is not None, ticket.first_replied_at) == (["ana@example.org"], 1, True, message.created_at)


def test_a_reply_that_leaves_twice_leaves_once(ticket, sam):
    undoing.hold(ticket, body="Please restart.", by=acting(sam))
    row = HeldReply.objects.get()
    its_time_has_come()

    assert (undoing.let_go(row.pk), undoing.let_go(row.pk), OutgoingMail.objects.count()) == (True, False, 1)


def test_worker_that_died_with_the_row_leaves_it_to_the_next_one(ticket, sam):
    undoing.hold(ticket, body="Please restart.", by=acting(sam))
    its_time_has_come()
    claim(HeldReply, HeldReply.objects.get().pk)
    assert (sweep.perform_due(), OutgoingMail.objects.count()) == (0, 0)
    its_time_has_come()

    sweep.perform_due()

    assert (HeldReply.objects.count(), OutgoingMail.objects.count()) == (0, 1)


def test_undo_makes_the_words_a_draft_and_leaves_no_trace(ticket, sam):
    message = undoing.hold(
        ticket,
        body="Please *restart*.",
        by=acting(sam),
        changes=solved(),
        cc=["lee@example.org"],
        files=[SimpleUploadedFile("a.txt", b"x")],
    )

    undoing.undo(message)

    ticket.refresh_from_db()
    draft = Draft.objects.get()
    assert (draft.user, draft.kind, draft.body, draft.choices) == (
        sam,
        "reply",
        "Please *restart*.",
        {"cc": "lee@example.org", "status": "4", "macro": ""},
    )
    assert (Message.objects.count(), HeldReply.objects.count(), Attachment.objects.count()) == (0, 0, 0)
    assert (ticket.status_id, ticket.version, ticket.file_count, ticket.waiting_since is not None) == (Status.OPEN, 1, 0, True)


def test_undo_puts_the_words_before_what_was_begun_meanwhile(ticket, sam):
    message = undoing.hold(ticket, body="First", by=acting(sam))
    Draft.objects.create(ticket=ticket, user=sam, kind="reply", body="Second", ticket_version=1)

    undoing.undo(message)

    assert Draft.objects.get().body == "First\n\nSecond"


def test_undo_says_honestly_that_a_worker_has_it(ticket, sam):
    message = undoing.hold(ticket, body="Please restart.", by=acting(sam))
    its_time_has_come()
    claim(HeldReply, HeldReply.objects.get().pk)

    with pytest.raises(undoing.Left):
        undoing.undo(message)

    assert (Message.objects.count(), Draft.objects.count()) == (1, 0)


def test_undo_of_what_has_left_is_refused(ticket, sam):
    with pytest.raises(undoing.Left):
        undoing.undo(replies.reply(ticket, body="Please restart.", by=acting(sam)))


def test_no_member_sees_a_held_reply_or_its_file_until_it_left(sam):
    community = CommunityFactory()
    ana = acting(member(community, Role.REPRESENTATIVE))
    ticket = TicketFactory(community=community)
    message = undoing.hold(ticket, body="Please restart.", by=acting(sam), files=[SimpleUploadedFile("a.txt", b"x")])

    def seen():
        message = Message.objects.get()
        return (
            [Message.objects.visible_to(ana).count(), Attachment.objects.visible_to(ana).count()],
            [can_read(ana, message), can_have(ana, Attachment.objects.get())],
        )

    assert seen() == ([0, 0], [False, False])
    its_time_has_come()
    undoing.let_go(message.held.pk)
    assert seen() == ([1, 1], [True, True])


def test_requester_who_wrote_meanwhile_has_the_last_word(ticket, sam):
    undoing.hold(ticket, body="Please restart.", by=acting(sam))
    replies.add_incoming(ticket, body="Still broken", by=Actor.system())
    its_time_has_come()

    sweep.perform_due()

    ticket.refresh_from_db()
    assert (ticket.last_public_kind, ticket.waiting_since is not None) == ("incoming", True)


def test_reply_that_was_overtaken_closes_nothing_over_the_requesters_words(ticket, sam):
    changes = Changes(status=TicketStatus.objects.get(code=Status.SOLVED), tags_added=("restarted",))
    undoing.hold(ticket, body="Please restart.", by=acting(sam), changes=changes)
    replies.add_incoming(ticket, body="Still broken", by=Actor.system())
    its_time_has_come()

    sweep.perform_due()

    ticket.refresh_from_db()
    assert (ticket.status_id, ticket.waiting_since is not None, ticket.tags) == (Status.OPEN, True, ["restarted"])
    assert said_of(ticket) == ["did not set the status to “Solved”: the requester wrote before the reply left"]


def test_reply_that_was_overtaken_puts_the_requesters_words_not_off(ticket, sam):
    undoing.hold(ticket, body="Please restart.", by=acting(sam), changes=Changes(snooze_hours=4))
    replies.add_incoming(ticket, body="Still broken", by=Actor.system())
    its_time_has_come()

    sweep.perform_due()

    ticket.refresh_from_db()
    assert (ticket.snoozed_until, said_of(ticket)) == (None, ["did not snooze it: the requester wrote before the reply left"])


def test_reply_that_was_overtaken_and_changes_nothing_leaves_no_line(ticket, sam):
    undoing.hold(ticket, body="Please restart.", by=acting(sam))
    replies.add_incoming(ticket, body="Still broken", by=Actor.system())
    its_time_has_come()

    sweep.perform_due()

    assert (said_of(ticket), HeldReply.objects.count()) == ([], 0)


def said_of(ticket):
    """The lines that the ticket's page has for what did not come about."""
    rows = history.story(ticket, [], ticket.events.filter(field="overtaken"), {each.pk: each for each in TicketStatus.objects.all()})
    return [line.what for entry in rows for line in entry.lines]


def test_held_reply_stops_no_clock_until_it_leaves(sam):
    with time_machine.travel(datetime(2026, 5, 4, 9, tzinfo=UTC), tick=False) as clock:
        ticket = tickets.open_ticket(CommunityFactory(), subject="No server", body="It fails", by=Actor.system())
        clock.shift(timedelta(minutes=10))
        undoing.hold(ticket, body="Please restart.", by=acting(sam))
        tickets.update(ticket, by=acting(sam), priority=3)
        assert first_response(ticket) == ("", None)

        clock.shift(timedelta(minutes=5))
        its_time_has_come()
        undoing.let_go(HeldReply.objects.get().pk)
        assert first_response(ticket) == ("met", timezone.now())


def test_first_response_still_runs_when_the_reply_was_taken_back(sam):
    ticket = tickets.open_ticket(CommunityFactory(), subject="No server", body="It fails", by=Actor.system())
    message = undoing.hold(ticket, body="Please restart.", by=acting(sam))
    replies.add_incoming(ticket, body="Still broken", by=Actor.system())
    undoing.undo(message)
    ticket.refresh_from_db()
    assert (first_response(ticket), ticket.due_clock) == (("", None), "first")


def first_response(ticket):
    return ticket.clock_runs.values_list("outcome", "ended_at").get(clock="first")


def test_watchers_hear_of_a_held_reply_when_it_leaves_and_only_then(sam):
    ticket, luz = TicketFactory(followed_version=1), staff(StaffGroup.SUPPORT_AGENT, name="Luz")
    watching.watch(ticket, luz, by=acting(luz))
    undoing.hold(ticket, body="Please restart.", by=acting(sam))
    recording.happened(ticket, "seen", after="", note="", by=Actor.system())
    performing.follow(ticket.pk)
    assert Notice.objects.count() == 0

    its_time_has_come()
    sweep.perform_due()
    performing.follow(ticket.pk)
    assert list(Notice.objects.values_list("user", "kind")) == [(luz.pk, "message")]


def fails(message):
    """A row that no worker can read any more: its reply cannot leave."""
    HeldReply.objects.filter(message=message).update(changes={"unheard": True})
    its_time_has_come()
    undoing.let_go(message.held.pk)


def test_reply_that_cannot_leave_is_tried_again_later_and_in_the_end_no_more(ticket, sam):
    message = undoing.hold(ticket, body="Please restart.", by=acting(sam))
    fails(message)
    row = HeldReply.objects.get()
    assert (row.attempts, row.next_attempt_at > timezone.now(), "unheard" in row.last_error) == (1, True, True)

    for _ in range(ATTEMPTS - 1):
        fails(message)
    row.refresh_from_db()
    assert (row.attempts, row.next_attempt_at, row.has_given_up, OutgoingMail.objects.count()) == (ATTEMPTS, None, True, 0)


@pytest.mark.parametrize("times", [1, ATTEMPTS])
def test_reply_that_could_not_leave_can_be_taken_back(ticket, sam, times):
    message = undoing.hold(ticket, body="Please restart.", by=acting(sam))
    for _ in range(times):
        fails(message)
    assert HeldReply.objects.get().can_be_undone

    undoing.undo(message)

    assert (Draft.objects.get().body, Message.objects.count()) == ("Please restart.", 0)


def test_note_written_meanwhile_does_not_keep_the_reply_from_ending_the_wait(ticket, sam):
    undoing.hold(ticket, body="Please restart.", by=acting(sam))
    replies.note(ticket, body="They are in a hurry", by=acting(sam))
    its_time_has_come()

    sweep.perform_due()

    ticket.refresh_from_db()
    assert (ticket.last_public_kind, ticket.waiting_since) == ("reply", None)


def test_somebody_elses_held_reply_counts_as_written_once_seen_no_more(ticket, sam):
    first = undoing.hold(ticket, body="Please restart.", by=acting(sam))
    luz = acting(staff(StaffGroup.SUPPORT_AGENT, name="Luz"))

    with pytest.raises(guard.Stale) as stale:
        undoing.hold(ticket, body="Try again", by=luz, version=1, letter=0)

    assert stale.value.messages == [first]
    assert undoing.hold(ticket, body="Try again", by=luz, version=1, letter=first.pk).pk > first.pk


def test_held_reply_is_not_pulled_forward_by_its_tickets_push(ticket, sam):
    undoing.hold(ticket, body="Please restart.", by=acting(sam))
    assert list(Message.objects.values_list("sync_state", "next_attempt_at")) == [("local", None)]


@pytest.fixture
def desk(sam):
    client = Client()
    client.force_login(sam, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_page_says_until_when_and_the_button_takes_it_back(desk, ticket, sam):
    Draft.objects.create(ticket=ticket, user=sam, kind="reply", body="Please restart", ticket_version=1)
    data = {
        "reply-body": "Please restart",
        "reply-version": 1,
        "reply-letter": 0,
        "reply-revision": 1,
        "reply-cc": "",
        "reply-then": "solve",
    }

    sent = desk.post(reverse("support:desk_reply", args=[ticket.reference]), data, follow=True).content.decode()
    message, undo = Message.objects.get(), None
    undo = reverse("support:desk_undo", args=[message.pk])
    assert ("Not sent yet: it leaves at" in sent, f'formaction="{undo}"' in sent, Draft.objects.count()) == (True, True, 0)
    assert "leaves in 10 seconds" in sent

    back = desk.post(undo, follow=True).content.decode()
    assert ("Taken back" in back, ">Please restart</textarea>" in back.replace("\n", ""), Message.objects.count()) == (True, True, 0)
    late = desk.post(undo)
    assert late.status_code == 404


@pytest.mark.parametrize(("times", "words"), [(1, "it could not leave, and is tried again"), (ATTEMPTS, "Not sent: it could not leave")])
def test_page_says_that_a_reply_could_not_leave_and_offers_it_back(desk, ticket, sam, times, words):
    message = undoing.hold(ticket, body="Please restart.", by=acting(sam))
    for _ in range(times):
        fails(message)
    page = desk.get(ticket.get_absolute_url()).content.decode()
    undo = reverse("support:desk_undo", args=[message.pk])
    assert (words in page, "unheard" in page, f'formaction="{undo}"' in page, "data-leaves" in page) == (True, True, True, False)


def test_undo_too_late_is_said_on_the_page(desk, ticket, sam):
    message = undoing.hold(ticket, body="Please restart.", by=acting(sam))
    undoing.HeldReply.objects.update(attempts=1)
    page = desk.post(reverse("support:desk_undo", args=[message.pk]), follow=True).content.decode()
    assert "It had left already" in page


def test_sending_and_solving_costs_at_most_twelve_queries(desk, ticket):
    data = {
        "reply-body": "Please restart",
        "reply-version": 1,
        "reply-letter": 0,
        "reply-revision": 0,
        "reply-cc": "",
        "reply-then": "solve",
    }
    address = reverse("support:desk_reply", args=[ticket.reference])
    with CaptureQueriesContext(connection) as captured:
        desk.post(address, {**data, "reply-then-was": "solve"})
    asked = [each["sql"] for each in captured if "SAVEPOINT" not in each["sql"]]
    assert (len(asked) <= 12, Message.objects.count()) == (True, 1), asked


def test_nothing_is_held_where_the_site_gives_no_moment(ticket, sam, settings):
    settings.DESK_UNDO_SECONDS = 0
    message = undoing.send(ticket, body="Please restart.", by=acting(sam), cc=[], version=1)
    assert (message.is_held, OutgoingMail.objects.count()) == (False, 1)


def test_joining_keeps_the_history_of_the_row(ticket, sam):
    message = recording.draft(ticket, replies.letter_of("reply", "Hello"), by=acting(sam))
    message.save()
    recording.join(recording.locked(ticket.pk), message)
    ticket.refresh_from_db()
    assert (ticket.version, message.ticket_version, ticket.last_message_excerpt) == (2, 2, "Hello")


def test_words_of_a_reply_that_has_not_left_find_nothing(ticket, sam):
    undoing.hold(ticket, body="Remove the conda lock", by=acting(sam))

    search.index_many([ticket])

    assert list(search.match(Ticket.objects.all(), "conda", by=acting(sam))) == []


def test_the_api_lists_a_reply_once_it_has_left(ticket, sam):
    client = Client()
    client.force_login(sam, backend="django.contrib.auth.backends.ModelBackend")
    undoing.hold(ticket, body="Please restart.", by=acting(sam))

    def listed():
        return [row["body_text"] for row in client.get(f"/api/v1/tickets/{ticket.pk}/messages/").json()["results"]]

    assert listed() == []
    its_time_has_come()
    sweep.perform_due()
    assert listed() == ["Please restart."]
