"""How often the desk's pages and deciders ask the database: the promises that `make bench` measures at their size."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from communities.roles import StaffGroup
from support import queue, replies, search, tickets, vocabulary
from support.composing import undoing
from support.models import HeldReply
from tests.factories import CommunityFactory, acting, staff
from tests.support.factories import MessageFactory, TicketFactory

pytestmark = pytest.mark.django_db
TRANSACTIONS = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")


@pytest.fixture
def sam():
    return staff(StaffGroup.SUPPORT_AGENT, name="Sam")


@pytest.fixture
def desk(sam):
    """With the words of priorities at hand, which all pages share for a minute."""
    vocabulary.priority_words()
    client = Client()
    client.force_login(sam, backend="django.contrib.auth.backends.ModelBackend")
    return client


def cost(ask):
    with CaptureQueriesContext(connection) as captured:
        ask()
    return sum(not each["sql"].startswith(TRANSACTIONS) for each in captured.captured_queries)


@pytest.mark.parametrize("view", sorted(queue.VIEWS))
def test_a_view_of_the_queue_takes_ten_queries_at_most(desk, sam, view):
    TicketFactory.create_batch(3, assignee=sam, kind="incident")

    assert cost(lambda: desk.get(reverse("support:desk"), {"view": view})) <= 10


@pytest.mark.parametrize("words", ["server", "kelp", "nothing of the kind", "serv"])
def test_a_search_takes_as_many_queries_with_one_found_as_with_five(desk, words):
    found = [TicketFactory(subject="No server") for _ in range(5)]
    search.index(found[0])
    one = cost(lambda: desk.get(reverse("support:desk"), {"q": words}))
    search.index_many(found)

    assert cost(lambda: desk.get(reverse("support:desk"), {"q": words})) == one <= 14


def test_a_ticket_of_twenty_messages_takes_twelve_queries_at_most(desk):
    ticket = TicketFactory()
    MessageFactory.create_batch(20, ticket=ticket)

    assert cost(lambda: desk.get(ticket.get_absolute_url(), headers={"HX-Request": "true"})) <= 12


def test_creating_and_replying_take_twelve_queries_at_most(sam):
    community, ticket = CommunityFactory(), TicketFactory(requester__email="ana@example.org")

    assert cost(lambda: tickets.open_ticket(community, subject="No server", body="It fails", by=acting(sam))) <= 12
    assert cost(lambda: replies.reply(ticket, body="Please restart.", by=acting(sam))) <= 12


def test_holding_a_reply_takes_twelve_queries_at_most_and_its_leaving_twenty(sam, settings):
    settings.DESK_UNDO_SECONDS = 10
    ticket = TicketFactory(requester__email="ana@example.org")

    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        assert cost(lambda: undoing.send(ticket, cc=None, body="Please restart.", by=acting(sam))) <= 12
        row = HeldReply.objects.get()
        clock.shift(11)
        assert cost(lambda: undoing.let_go(row.pk)) <= 20
    assert not HeldReply.objects.exists()
