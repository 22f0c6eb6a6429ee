"""Days with less capacity: whoever asks is told once, in their language, and it stops no clock."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from communities.roles import Role
from ground.actors import Actor
from ground.models import OutgoingMail
from support import defaults, replies, tickets
from support.asking import capacity
from support.asking.capacity.tasks import answer_newcomers
from support.models import CapacityAnswer, ReducedPeriod, Ticket, WorkingCalendar
from support.timing import calendars
from tests.factories import CommunityFactory, acting, member
from tests.support.factories import ContactFactory

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()
MONDAY = datetime(2026, 8, 3, 9, tzinfo=UTC)
WORDS = {"en": "We are few this week.", "es": "Esta semana somos pocos."}


@pytest.fixture
def community():
    held = CommunityFactory()
    defaults.ensure()
    return held


@pytest.fixture
def period(community):
    row = ReducedPeriod.objects.create(
        calendar=WorkingCalendar.objects.get(), name="Summer", begins_on=MONDAY.date(), ends_on=MONDAY.date() + timedelta(days=6),
        factor=200, message=WORDS, answers=True,
    )  # fmt: skip
    calendars.forget()
    return row


@pytest.fixture(autouse=True)
def _on_monday():
    with time_machine.travel(MONDAY, tick=False):
        yield


def ask(community, **more):
    return tickets.open_ticket(community, subject="No", body="It fails.", **{"by": SYSTEM, "requester": ContactFactory()} | more)


def test_whoever_asks_is_answered_once_in_a_period_with_when_to_expect_an_answer(community, period):
    contact = ContactFactory()
    first, second = ask(community, requester=contact), ask(community, requester=contact)
    answer_newcomers()
    answer_newcomers()
    (message,) = first.messages.all()
    assert message.body_text == "We are few this week.\nYou can expect an answer by Tue 4 Aug, 17:00."
    assert (message.is_automatic, second.messages.count(), CapacityAnswer.objects.count()) == (True, 0, 1)
    first.refresh_from_db()
    assert (first.next_due_at, first.first_replied_at) == (MONDAY + timedelta(days=1, hours=8), None)
    (mail,) = OutgoingMail.objects.filter(kind__contains="answered")
    assert (mail.to, mail.language) == ([contact.email], "en")


def test_who_was_told_takes_no_place_from_who_asks_after_them(community, period, monkeypatch):
    monkeypatch.setattr(capacity, "MOST", 2)
    contact = ContactFactory()
    for _ in range(3):
        ask(community, requester=contact)
    last = ask(community)
    assert [capacity.answer_newcomers() for _ in range(2)] == [1, 1]
    assert last.messages.count() == 1


def test_a_person_is_answered_in_their_language(community, period):
    ana = member(community, Role.REPRESENTATIVE, email="ana@example.org", name="Ana", language="es")
    ticket = ask(community, by=acting(ana), requester=None)
    answer_newcomers()
    assert ticket.messages.get().body_text.startswith("Esta semana somos pocos.")


@pytest.mark.parametrize(
    "more",
    [
        {"origin": "hub-request:1:2"},
        {"requester": None},
        {"requester": "no-reply@example.org"},
        {"requester": "mailer-daemon@example.org"},
    ],
)
def test_what_no_person_asked_gets_no_automatic_answer(community, period, more):
    if isinstance(more.get("requester"), str):
        more = {"requester": ContactFactory(email=more["requester"])}
    ticket = ask(community, **more)
    answer_newcomers()
    assert ticket.messages.count() == 0


def test_what_is_answered_awaits_approval_or_came_before_gets_none(community, period):
    answered, awaiting, old = ask(community), ask(community), ask(community)
    replies.reply(answered, body="Hello", by=SYSTEM)
    Ticket.objects.filter(pk=awaiting.pk).update(sync_state="awaiting_approval")
    Ticket.objects.filter(pk=old.pk).update(created_at=MONDAY - timedelta(hours=12))
    assert capacity.answer_newcomers() == 0


@pytest.mark.parametrize(("said", "number"), [(False, 0), (True, 1)])
def test_with_freshdesk_only_where_an_operator_says_so(community, period, said, number):
    ticket = ask(community)
    ReducedPeriod.objects.update(answers_through_freshdesk=said)
    with override_settings(FRESHDESK_URL="https://example.freshdesk.com", FRESHDESK_API_KEY="k"):
        assert capacity.answer_newcomers() == number
    assert (ticket.messages.filter(sync_state="queued").count(), OutgoingMail.objects.filter(kind__contains="answered").count()) == (
        number,
        0,
    )


def test_the_notice_is_in_the_readers_language_and_costs_nothing_on_other_days(community, period):
    calendars.rules()
    with translation.override("es"):
        assert capacity.notice_for(community) == capacity.Notice(WORDS["es"], period.ends_on)
    with CaptureQueriesContext(connection) as asked:
        assert capacity.notice_for(community, now=MONDAY - timedelta(days=1)) is None
    assert len(asked) == 0


def test_a_period_that_does_not_answer_shows_its_notice_alone(community, period):
    ReducedPeriod.objects.update(answers=False)
    ask(community)
    assert (capacity.answer_newcomers(), capacity.notice_for(community).text) == (0, WORDS["en"])
