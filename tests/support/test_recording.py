"""A ticket changes in one place: fields with their history, messages with what lists show, and the version."""

from datetime import timedelta

import pytest
from django.utils import timezone

from ground.actors import Actor
from support import recording
from support.models import TicketStatus
from support.recording import Letter
from support.states import MessageKind, Status
from tests.support.factories import TicketFactory

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
    ticket = recording.locked(TicketFactory().pk)
    recording.change(ticket, by=SYSTEM, status=TicketStatus.objects.get(code=Status.WAITING_ON_REQUESTER))
    assert (ticket.waiting_since, ticket.next_due_at) == (None, None)

    now = timezone.now()
    recording.change(ticket, by=SYSTEM, at=now, status=TicketStatus.objects.get(code=Status.OPEN))
    assert (ticket.waiting_since, ticket.next_due_at) == (now, now + timedelta(hours=24))


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
