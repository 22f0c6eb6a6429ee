"""A ticket changes in one place: fields with their history, messages with what lists show, and the version."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from communities.roles import StaffGroup
from ground.actors import Actor
from support import recording, replies, tickets
from support.clocks import OFFICE_HOURS
from support.composing import undoing
from support.files.contents import Refused
from support.models import HeldReply, Message, Ticket, TicketStatus
from support.recording import Letter, guard
from support.states import MessageKind, Status
from tests.factories import CommunityFactory, acting, staff
from tests.support.factories import MessageFactory, TicketFactory

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


def letter(kind, words, **more):
    return Letter(kind=kind, body_html=f"<p>{words}</p>", body_text=words, **more)


def test_change_writes_one_event_a_field_and_one_step_of_the_version():
    ticket = recording.locked(TicketFactory(kind="", priority=1).pk)

    events = recording.change(ticket, by=SYSTEM, kind="incident", priority=3, subject=ticket.subject)

    ticket.refresh_from_db()
    assert [(each.field, each.before, each.after, each.ticket_version) for each in events] == [
        ("kind", "", "incident", 2),
        ("priority", "1", "3", 2),
    ]
    assert (ticket.kind, ticket.priority, ticket.version) == ("incident", 3, 2)


def test_change_of_nothing_leaves_version_and_history_alone():
    ticket = recording.locked(TicketFactory().pk)

    assert recording.change(ticket, by=SYSTEM, priority=ticket.priority) == []
    assert (ticket.version, ticket.events.count()) == (1, 0)


def test_a_waiting_status_stops_the_clock_and_an_open_one_starts_it_again():
    written = TicketFactory(created_at=timezone.now())
    ticket = recording.locked(written.pk)
    recording.change(ticket, by=SYSTEM, at=written.created_at, status=TicketStatus.objects.get(code=Status.WAITING_ON_REQUESTER))
    assert (ticket.waiting_since, ticket.next_due_at) == (None, None)

    now = timezone.now()
    recording.change(ticket, by=SYSTEM, at=now, status=TicketStatus.objects.get(code=Status.OPEN))
    assert (ticket.waiting_since, ticket.next_due_at) == (now, OFFICE_HOURS.add(now, 480))


def test_a_reply_is_shown_on_the_ticket_and_ends_the_wait():
    ticket = recording.locked(TicketFactory().pk)

    message = recording.add(ticket, letter(MessageKind.REPLY, "Please  try\nagain"), by=SYSTEM)

    ticket.refresh_from_db()
    assert (ticket.last_message_kind, ticket.last_message_excerpt, ticket.last_public_excerpt) == (
        "reply",
        "Please try again",
        "Please try again",
    )
    assert (ticket.waiting_since, ticket.version, message.ticket_version) == (None, 2, 2)


def test_a_note_is_never_copied_to_what_a_community_reads():
    ticket = recording.locked(TicketFactory().pk)
    waiting_since = ticket.waiting_since

    recording.add(ticket, letter(MessageKind.NOTE, "their budget is used up"), by=SYSTEM)

    assert (ticket.last_message_excerpt, ticket.last_public_excerpt) == ("their budget is used up", "")
    assert ticket.waiting_since == waiting_since


def test_an_older_message_arriving_late_does_not_replace_the_newest():
    ticket = recording.locked(TicketFactory().pk)
    now = timezone.now()
    recording.add(ticket, letter(MessageKind.REPLY, "new", at=now), by=SYSTEM)

    recording.add(ticket, letter(MessageKind.INCOMING, "old", at=now - timedelta(hours=1)), by=SYSTEM)

    assert (ticket.last_message_excerpt, ticket.waiting_since) == ("new", None)


# What fails inside somebody's transaction


def refuse(ticket, by):
    replies.reply(ticket, body="x", by=by, files=[SimpleUploadedFile("run.exe", b"MZ\x90\x00" * 9, "text/plain")])


def refuse_note(ticket, by):
    replies.note(ticket, body="x", by=by, files=[SimpleUploadedFile("run.exe", b"MZ\x90\x00" * 9, "text/plain")])


def refuse_incoming(ticket, by):
    replies.add_incoming(ticket, body="x", by=by, files=[SimpleUploadedFile("run.exe", b"MZ\x90\x00" * 9, "text/plain")])


def refuse_held(ticket, by):
    undoing.hold(ticket, body="x", by=by, files=[SimpleUploadedFile("run.exe", b"MZ\x90\x00" * 9, "text/plain")])


def be_late(ticket, by):
    tickets.update(ticket, by=by, version=ticket.version + 5, priority=4)


def be_late_with_words(ticket, by):
    replies.add_incoming(ticket, body="Wait", by=Actor.system())
    replies.reply(ticket, body="x", by=by, version=0, status=TicketStatus.objects.get(code=4))


def come_twice(ticket, by):
    letter = replace(replies.letter_of(MessageKind.INCOMING, "x"), message_id="one@example.org")
    MessageFactory(ticket=TicketFactory(), message_id="one@example.org")
    replies.take(ticket, letter, by=by)


@pytest.mark.parametrize(
    ("fail", "error"),
    [
        (refuse, Refused),
        (refuse_note, Refused),
        (refuse_incoming, Refused),
        (refuse_held, Refused),
        (be_late, guard.Stale),
        (be_late_with_words, guard.Stale),
        (come_twice, IntegrityError),
    ],
)
def test_what_is_refused_leaves_the_transaction_around_it_as_it_was(fail, error):
    by, ticket = acting(staff(StaffGroup.SUPPORT_AGENT)), TicketFactory()
    with transaction.atomic():
        with pytest.raises(error):
            fail(ticket, by)
        assert not connection.needs_rollback
        before = Ticket.objects.get(pk=ticket.pk).version
        assert tickets.update(ticket, by=by, priority=3).version == before + 1
    assert Ticket.objects.get(pk=ticket.pk).priority == 3
    assert not Message.objects.filter(body_text="x").exists()
    assert not HeldReply.objects.exists()


def test_two_openings_of_one_origin_are_one_and_the_second_fails_nobody():
    community = CommunityFactory()
    opened = [tickets.open_ticket(community, subject="No", body="x", by=Actor.system(), origin="hub:1") for _ in range(2)]
    assert opened[0] == opened[1]
    opening = tickets.Opening(origin="hub:1")
    with transaction.atomic():
        with pytest.raises(IntegrityError):
            tickets.open_mailed(community, subject="No", body_html="x", by=Actor.system(), opening=opening)
        assert Ticket.objects.count() == 1
