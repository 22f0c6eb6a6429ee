"""What an operator says of Freshdesk's words, and what follows for the tickets that carry them."""

import pytest
from django.utils import timezone
from wagtail.models import ModelLogEntry

from communities.roles import StaffGroup
from support import vocabulary
from support.clocks import OFFICE_HOURS
from support.models import Ticket, TicketPriority, TicketStatus, TicketType
from support.states import Kind, StatusGroup
from support.timing.tasks import recompute_status
from tests.factories import acting, staff
from tests.support.factories import TicketFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def olu():
    return acting(staff(StaffGroup.OPERATOR, name="Olu"))


def test_explain_type_gives_its_kind_to_tickets_that_have_none(olu):
    type_ = TicketType.objects.create(word="Workshop")
    new, decided, other = (
        TicketFactory(remote_raw={"type": "Workshop"}),
        TicketFactory(remote_raw={"type": "Workshop"}, kind="guidance"),
        TicketFactory(remote_raw={"type": "Workshops"}),
    )

    assert vocabulary.explain_type(type_, kind=Kind.EVENT, is_said=False, by=olu) == 1

    new.refresh_from_db()
    assert (new.kind, new.agreed_kind, new.version) == ("event", "event", 2)
    assert list(new.events.values_list("field", "before", "after", "actor_label")) == [("kind", "", "event", "Olu")]
    assert set(Ticket.objects.exclude(pk=new.pk).values_list("pk", "kind")) == {(decided.pk, "guidance"), (other.pk, "")}
    assert ModelLogEntry.objects.get().data == {"word": "Workshop", "by": "Olu", "kind": "event", "tickets": 1}


def test_explain_type_as_said_takes_that_from_the_type_that_was(olu):
    before = TicketType.objects.get(kind=Kind.INCIDENT, is_said=True)
    type_ = TicketType.objects.create(word="Outage")

    vocabulary.explain_type(type_, kind=Kind.INCIDENT, is_said=True, by=olu)

    assert list(TicketType.objects.filter(kind=Kind.INCIDENT, is_said=True)) == [type_]
    before.refresh_from_db()
    assert (before.kind, before.is_said) == ("incident", False)


def test_explain_type_as_nothing_takes_kind_and_saying_away(olu):
    type_ = TicketType.objects.get(kind=Kind.INCIDENT, is_said=True)
    ticket = TicketFactory(remote_raw={"type": type_.word})

    assert vocabulary.explain_type(type_, kind="", is_said=True, by=olu) == 0

    type_.refresh_from_db()
    ticket.refresh_from_db()
    assert (type_.kind, type_.is_said, ticket.kind) == ("", False, "")


def test_explain_status_keeps_words_and_ends_the_learning(olu):
    status = vocabulary.learn(21, word="On hold")

    vocabulary.explain_status(status, word={"en": "Parked"}, customer_word={"en": "We paused"}, group=StatusGroup.OPEN, by=olu)

    assert list(TicketStatus.objects.filter(code=21).values_list("word", "customer_word", "group", "is_learned")) == [
        ({"en": "Parked"}, {"en": "We paused"}, "open", False)
    ]
    assert ModelLogEntry.objects.get().action == "support.explain_word"


def test_explain_status_as_waiting_stops_the_clocks_of_its_tickets(olu):
    status = vocabulary.learn(21, word="On hold")
    ticket, other = TicketFactory(status=status, next_due_at=timezone.now()), TicketFactory(next_due_at=timezone.now())

    vocabulary.explain_status(status, word=status.word, customer_word=status.customer_word, group=StatusGroup.WAITING, by=olu)

    ticket.refresh_from_db()
    other.refresh_from_db()
    assert (ticket.waiting_since, ticket.next_due_at) == (None, None)
    assert (other.waiting_since is not None, other.next_due_at is not None) == (True, True)


def test_explain_status_as_open_starts_the_clocks_of_whom_we_have_not_answered(olu):
    status = vocabulary.learn(21, word="On hold", group=StatusGroup.WAITING)
    asked = TicketFactory(status=status, waiting_since=None, last_public_kind="incoming", priority=4)
    answered = TicketFactory(status=status, waiting_since=None, last_public_kind="reply")

    vocabulary.explain_status(status, word=status.word, customer_word=status.customer_word, group=StatusGroup.OPEN, by=olu)

    asked.refresh_from_db()
    answered.refresh_from_db()
    assert (asked.waiting_since is not None, answered.waiting_since) == (True, None)

    recompute_status(status.pk)
    asked.refresh_from_db()
    assert (asked.next_due_at, asked.due_clock) == (OFFICE_HOURS.add(asked.created_at, 120), "first")


def test_explain_priority_keeps_its_word(olu):
    vocabulary.meet_priorities({9: "Blocker"})

    vocabulary.explain_priority(TicketPriority.objects.get(code=9), word={"en": "Blocker", "fr": "Bloquant"}, by=olu)

    assert list(TicketPriority.objects.filter(code=9).values_list("word", "is_learned")) == [({"en": "Blocker", "fr": "Bloquant"}, False)]
