"""The thread of a ticket in people's mailboxes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from support import threads
from support.states import MessageKind
from support.threads import Place
from tests.support.factories import ContactFactory, MessageFactory, TicketFactory


@pytest.mark.parametrize(
    ("subject", "bare", "reference"),
    [
        ("The hub stops", "The hub stops", ""),
        ("Re: AW: Fwd: The hub stops [T-7K3F-29QD]", "The hub stops", "T-7K3F-29QD"),
        ("RE[2]: [t-7k3f-29qd] The hub stops", "The hub stops", "T-7K3F-29QD"),
        ("[T-AAAA-AAAA] then [T-BBBB-BBBB]", "then", "T-BBBB-BBBB"),
        ("Regarding: T-7K3F-29QD", "Regarding: T-7K3F-29QD", ""),
        ("Re: ", "", ""),
    ],
)
def test_a_subject_without_what_was_put_around_it(subject, bare, reference):
    assert (threads.bare_subject(subject), threads.reference_in_subject(subject)) == (bare, reference)


@pytest.mark.parametrize(
    ("address", "ours"),
    [
        ("support@hubs.example", True),
        ("Support+x@HUBS.example", True),
        ("support@else.example", False),
        ("ana@hubs.example", False),
        ("", False),
    ],
)
def test_the_desks_own_address_is_known_with_and_without_a_tag(address, ours):
    assert threads.is_ours(address) is ours


@pytest.mark.parametrize(
    ("message_id", "reference"),
    [
        ("T-7K3F-29QD.abc234@127.0.0.1", "T-7K3F-29QD"),
        ("t-7k3f-29qd.abc234@127.0.0.1", "T-7K3F-29QD"),
        ("T-7K3F-29QD.abc234@else.example", ""),
        ("20260303.4711@127.0.0.1", ""),
    ],
)
def test_an_id_of_ours_names_its_ticket_and_nobody_elses_does(message_id, reference):
    assert threads.reference_in_id(message_id) == reference


def test_addresses_are_kept_once_without_ours_and_those_left_out():
    addresses = ["B@x.example", "b@x.example", "support@hubs.example", "a@x.example", "", "c@x.example"]
    assert threads.distinct(addresses, without=["A@X.example"]) == ["b@x.example", "c@x.example"]


@pytest.mark.django_db
def test_the_first_mail_of_a_ticket_from_the_portal_answers_nothing():
    assert threads.next_place(TicketFactory()) == Place(in_reply_to="", references=[], cc=[])


@pytest.mark.django_db
def test_a_second_answer_in_a_row_stands_behind_the_first():
    ticket = TicketFactory()
    MessageFactory(ticket=ticket, message_id="one@x")
    assert threads.next_place(ticket) == Place(in_reply_to="one@x", references=["one@x"], cc=[])


@pytest.mark.django_db
def test_the_next_mail_answers_the_last_that_came_and_knows_every_one_before():
    ticket = TicketFactory(message_id="root@x", cc=["left@x.example"], requester__email="ana@x.example")
    at = timezone.now()
    MessageFactory(ticket=ticket, message_id="one@x", created_at=at)
    MessageFactory(
        ticket=ticket,
        kind=MessageKind.INCOMING,
        message_id="two@x",
        references=["elsewhere@x", "root@x"],
        cc=["ana@x.example", "dora@x.example"],
        author_contact=ContactFactory(email="bruno@x.example"),
        created_at=at + timedelta(minutes=1),
    )
    MessageFactory(ticket=ticket, message_id="three@x", created_at=at + timedelta(minutes=2))
    MessageFactory(ticket=ticket, kind=MessageKind.NOTE, message_id="note@x", cc=["secret@x.example"], created_at=at + timedelta(minutes=3))

    assert threads.next_place(ticket) == Place(
        in_reply_to="two@x",
        references=["elsewhere@x", "root@x", "one@x", "three@x", "two@x"],
        cc=["bruno@x.example", "dora@x.example"],
    )


@pytest.mark.django_db
def test_a_long_chain_keeps_its_first_and_its_newest():
    ticket = TicketFactory(message_id="root@x")
    at = timezone.now()
    for number in range(30):
        MessageFactory(ticket=ticket, message_id=f"{number}@x", created_at=at + timedelta(minutes=number))
    references = threads.next_place(ticket).references
    assert (len(references), references[0], references[1], references[-1]) == (20, "0@x", "12@x", "root@x")
