"""Batches written down: what they cost the database, and that they come in whole or not at all."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from demo.freshdesk.filling import fill
from support.models import Message, SyncEntry, Ticket
from support.sync import pulling, refreshing
from support.sync.writing import Fetched, Pulled, write
from support.timing import calendars
from tests.support.factories import TicketFactory

pytestmark = pytest.mark.django_db
FEW, MANY = 1, 10  # as many as SQLite takes in one statement


@pytest.fixture
def filled(freshdesk, simulator):
    """A full account, whose people and words are known here."""
    simulator.account.knobs.limit = 100_000
    filled = fill(simulator, tickets=FEW + MANY, conversations_each=2, contacts=5, companies=2, attachments_each=1)
    refreshing.refresh(freshdesk)
    pulling.people.ours(freshdesk)
    return filled


def fetched(freshdesk, numbers):
    return [Fetched(freshdesk.ticket_with_conversations(number), timezone.now()) for number in numbers]


def queries(batch):
    with CaptureQueriesContext(connection) as captured:
        outcomes = write(batch)
    return len(captured), outcomes


def change_all(simulator, numbers):
    """The agent changes the status, answers, and edits the note of each."""
    for number in numbers:
        status = simulator.store.tickets.get(number)["status"]
        simulator.agent_does(number, "change", status=3 if status != 3 else 4)
        simulator.agent_does(number, "reply", body="<p>A new answer</p>")
        note = simulator.store.conversations.find("ticket_id = ?", number)[0]
        simulator.store.conversations.put({**note, "body": "<p>Edited</p>", "body_text": "Edited"})


def test_writing_many_new_tickets_asks_the_database_as_often_as_one(freshdesk, filled):
    few, many = fetched(freshdesk, filled.tickets[:FEW]), fetched(freshdesk, filled.tickets[FEW:])
    calendars.rules()  # read once for everybody
    with time_machine.travel(timezone.now() + timedelta(days=30)):  # all of it is history that an import brings in
        (of_few, said_of_few), (of_many, said_of_many) = queries(few), queries(many)
    assert (said_of_few, said_of_many) == ([Pulled.CREATED] * FEW, [Pulled.CREATED] * MANY)
    assert of_many == of_few


def test_writing_many_changed_tickets_asks_the_database_as_often_as_one(freshdesk, simulator, filled):
    write(fetched(freshdesk, filled.tickets))
    simulator.account.clock.advance(5)
    change_all(simulator, filled.tickets)
    few, many = fetched(freshdesk, filled.tickets[:FEW]), fetched(freshdesk, filled.tickets[FEW:])
    (of_few, said_of_few), (of_many, said_of_many) = queries(few), queries(many)
    assert (said_of_few, said_of_many) == ([Pulled.UPDATED] * FEW, [Pulled.UPDATED] * MANY)
    assert of_many == of_few
    assert Message.objects.filter(body_text="A new answer").count() == FEW + MANY
    assert Message.objects.filter(body_text="Edited").count() == FEW + MANY


def test_a_batch_with_one_that_cannot_be_written_leaves_nothing(freshdesk, filled):
    one, other = fetched(freshdesk, filled.tickets[:2])
    with pytest.raises(IntegrityError):
        write([one, other, other])
    assert (Ticket.objects.count(), Message.objects.count()) == (0, 0)
    assert write([one, other]) == [Pulled.CREATED, Pulled.CREATED]


class QuickerWorker:
    """Another worker's ticket of the same number, which the database lets us see only once ours has been refused."""

    def __init__(self, number):
        self.number, self.is_refused, self.ticket = number, False, None

    def __call__(self, execute, sql, params, many, context):
        if not self.is_refused and sql.startswith('INSERT INTO "support_ticket" '):
            self.is_refused = True
            raise IntegrityError("duplicate key value violates unique constraint")
        if self.is_refused and self.ticket is None and sql.startswith("SELECT"):
            self.ticket = False
            self.ticket = TicketFactory(freshdesk_id=self.number, subject="As the quicker worker wrote it")
        return execute(sql, params, many, context)


def test_a_ticket_that_another_worker_wrote_first_is_taken_as_it_stands(freshdesk, filled):
    [one] = fetched(freshdesk, filled.tickets[:1])
    quicker = QuickerWorker(one.ticket.id)
    with connection.execute_wrapper(quicker):
        assert write([one]) == [Pulled.UPDATED]
    ticket = Ticket.objects.get()
    assert (ticket.pk, ticket.freshdesk_id, ticket.messages.count()) == (quicker.ticket.pk, one.ticket.id, 2)


def test_history_is_counted_with_its_pass_and_news_is_a_line_of_the_ledger(freshdesk, simulator, filled):
    new = simulator.requester_writes(email="a@else.example", subject="S", body="x")
    old = fetched(freshdesk, filled.tickets[:1])
    changed_at = old[0].ticket.updated_at
    write([*old, *fetched(freshdesk, [new["id"]])])
    expected = {new["id"]} | ({filled.tickets[0]} if timezone.now() - changed_at < timedelta(days=1) else set())
    assert set(SyncEntry.objects.values_list("number", flat=True)) == expected
