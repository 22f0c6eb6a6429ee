"""Mails arrive: each ends in one outcome, is written down with its reason, and a thread stays one ticket."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.core import mail as mails
from django.db import connection
from django.utils import timezone

from communities.models import Membership
from communities.roles import Role, StaffGroup
from ground import sweep
from ground.models import OutgoingMail
from support import replies, threads
from support.history import say
from support.mailing import arriving
from support.mailing.arriving import Arrived, take_in
from support.models import CompanyLink, Contact, IncomingMail, Message, SupportTerms, Ticket, TicketStatus
from support.states import MailOutcome, Status, SyncState
from tests.factories import CommunityFactory, UserFactory, acting, member, staff
from tests.support.factories import ContactFactory, MessageFactory, TicketFactory
from tests.support.mailing.letters import NAMES, eml, written

pytestmark = pytest.mark.django_db
ANA = "ana.reyes@coastal.example"


@pytest.fixture
def sam():
    return acting(staff(StaffGroup.SUPPORT_AGENT, name="Sam"))


@pytest.fixture
def asked():
    """Ana's ticket, as it came by mail."""
    return take_in(eml("plain_new")).ticket


@pytest.fixture
def answer(asked, sam):
    """Sam's answer, mailed."""
    message = replies.reply(asked, body="Please try once more.", by=sam)
    sweep.perform_due()
    message.refresh_from_db()
    return message


def reply(name, answer):
    return take_in(eml(name, answer=answer.message_id, reference=answer.ticket.reference))


def rows():
    return list(IncomingMail.objects.order_by("pk").values_list("outcome", "reason"))


def test_a_mail_opens_a_ticket_with_its_words_people_and_id(asked):
    asked.refresh_from_db()
    assert (asked.subject, asked.requester.email, asked.requester.name, asked.community, asked.message_id, asked.cc) == (
        "The hub does not start",
        ANA,
        "Ana Reyes",
        None,
        "20260303091240.4711@coastal.example",
        ["bruno@coastal.example"],
    )
    assert asked.body_text.startswith("Hello,\n")
    assert "<p>Hello,</p>" in asked.body_html
    row = IncomingMail.objects.get()
    assert (row.message_id, row.from_address, row.subject, row.outcome, row.reason, row.ticket, row.letter) == (
        asked.message_id,
        ANA,
        "The hub does not start",
        "opened",
        "",
        asked,
        None,
    )


def test_the_acknowledgement_is_automatic_in_the_thread_and_repeats_no_words(asked):
    sweep.perform_due()

    [sent] = mails.outbox
    message = sent.message()
    assert (sent.to, sent.cc, sent.subject) == ([ANA], [], f"Re: The hub does not start [{asked.reference}]")
    assert {name: message[name] for name in ("Auto-Submitted", "X-Auto-Response-Suppress", "Precedence", "In-Reply-To", "References")} == {
        "Auto-Submitted": "auto-replied",
        "X-Auto-Response-Suppress": "All",
        "Precedence": "bulk",
        "In-Reply-To": "<20260303091240.4711@coastal.example>",
        "References": "<20260303091240.4711@coastal.example>",
    }
    assert message["Message-ID"] == f"<{threads.root_id(asked)}>"
    assert "pulling image" not in sent.body
    assert asked.reference in sent.body


def test_the_answer_to_a_mail_stands_in_its_thread(asked, answer):
    sent = mails.outbox[-1]
    message = sent.message()
    assert (sent.to, sent.cc, sent.subject, sent.from_email) == (
        [ANA],
        ["bruno@coastal.example"],
        f"Re: The hub does not start [{asked.reference}]",
        "Example Hubs <support@hubs.example>",
    )
    assert [message[name] for name in ("Message-ID", "In-Reply-To", "References", "Auto-Submitted", "Precedence")] == [
        f"<{asked.reference}.{answer.external_key}@127.0.0.1>",
        f"<{asked.message_id}>",
        f"<{asked.message_id}>",
        "no",
        None,
    ]
    assert (answer.delivery, answer.mailed_at is not None, answer.in_reply_to, answer.references, answer.cc) == (
        "sent",
        True,
        asked.message_id,
        [asked.message_id],
        ["bruno@coastal.example"],
    )


@pytest.mark.parametrize("name", ["gmail_reply", "outlook_reply", "apple_mail_reply", "mobile_plain_reply"])
def test_every_mail_programs_answer_joins_its_ticket(name, asked, answer):
    arrived = reply(name, answer)

    asked.refresh_from_db()
    letter = arrived.letter
    assert (arrived.outcome, arrived.ticket, Ticket.objects.count()) == ("answered", asked, 1)
    assert (letter.kind, letter.author, letter.author_contact, asked.last_message_kind) == (
        "incoming",
        "Ana Reyes",
        asked.requester,
        "incoming",
    )


def test_a_thread_goes_back_and_forth_in_one_ticket(asked, answer, sam):
    first = reply("gmail_reply", answer).letter

    second = replies.reply(asked, body="Good.", by=sam)
    sweep.perform_due()

    message = mails.outbox[-1].message()
    assert message["In-Reply-To"] == f"<{first.message_id}>"
    assert message["References"].split() == [f"<{each}>" for each in (asked.message_id, answer.message_id, first.message_id)]
    again = written(
        body="Thanks", Message_ID="<a.2@coastal.example>", Subject="Re: x", References=f"<unknown@x.example> <{second.message_id}>"
    )
    assert take_in(again).ticket == asked


def test_an_answer_to_the_acknowledgement_joins_its_ticket(asked):
    raw = written(Message_ID="<a.3@coastal.example>", In_Reply_To=f"<{threads.root_id(asked)}>", Subject="Re: something else")
    assert (take_in(raw).outcome, Ticket.objects.count()) == ("answered", 1)


def test_a_solved_ticket_opens_again_when_it_is_answered(asked, answer):
    Ticket.objects.update(status=TicketStatus.objects.get(code=Status.SOLVED), waiting_since=None)

    reply("gmail_reply", answer)

    asked.refresh_from_db()
    assert (asked.status_id, asked.waiting_since is not None) == (Status.OPEN, True)


def test_the_same_mail_twice_is_one_ticket_and_is_told_what_came_of_it(asked):
    assert take_in(eml("plain_new")) == Arrived(MailOutcome.IGNORED, "this mail came before", asked, None)
    assert (Ticket.objects.count(), rows()) == (1, [("opened", "")])


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite writes one transaction at a time")
@pytest.mark.django_db(transaction=True)
def test_the_same_mail_by_two_ways_at_once_is_one_ticket():
    start = threading.Barrier(4)

    def take(_number):
        start.wait()
        try:
            return take_in(eml("plain_new")).outcome
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        outcomes = sorted(pool.map(take, range(4)))
    assert (outcomes, Ticket.objects.count(), OutgoingMail.objects.count()) == (["ignored"] * 3 + ["opened"], 1, 1)


def test_a_mail_without_an_id_twice_is_one_ticket():
    first = take_in(eml("without_message_id"))
    second = take_in(b"Received: by another way\r\n" + eml("without_message_id"))
    assert (first.outcome, first.ticket.message_id, second.outcome, second.ticket) == ("opened", "", "ignored", first.ticket)


@pytest.mark.parametrize("name", ["away_exchange", "away_gmail", "away_without_headers", "read_receipt", "mailing_list", "our_own"])
def test_what_no_person_wrote_changes_nothing(name, asked, answer):
    Ticket.objects.update(status=TicketStatus.objects.get(code=Status.SOLVED))
    before = Ticket.objects.get().version

    arrived = reply(name, answer)

    assert (arrived.outcome, arrived.reason != "", Message.objects.count(), Ticket.objects.get().version) == ("ignored", True, 1, before)
    assert (Ticket.objects.get().status_id, rows()[-1]) == (Status.SOLVED, ("ignored", arrived.reason))


def test_our_own_words_under_another_id_are_ours_all_the_same():
    assert take_in(written(From="support+x@hubs.example", Message_ID="<list.copy@x.example>")).reason == "our own mail come back"


@pytest.mark.parametrize("name", ["bounce_postfix", "bounce_exchange", "bounce_qmail", "bounce_exim"])
def test_a_bounce_is_shown_on_the_message_and_in_the_history(name, asked, answer):
    arrived = reply(name, answer)

    answer.refresh_from_db()
    event = asked.events.last()
    assert (arrived.outcome, arrived.ticket, arrived.letter) == ("bounced", asked, answer)
    assert (answer.delivery, answer.delivery_note.startswith(f"{ANA}: "), "550" in answer.delivery_note) == ("bounced", True, True)
    assert say(event, {}) == f"could not be delivered to {ANA}: {event.note}"
    assert (Ticket.objects.count(), Message.objects.count()) == (1, 1)


def test_a_delay_is_noted_and_the_mail_still_counts_as_sent(asked, answer):
    assert reply("delayed_postfix", answer).reason == "delayed"

    answer.refresh_from_db()
    assert (answer.delivery, answer.delivery_note) == (
        "sent",
        f"{ANA}: connect to mx1.coastal.example[192.0.2.10]:25: Connection timed out",
    )
    assert say(asked.events.last(), {}).startswith(f"has not been delivered to {ANA} yet: connect to")


def test_a_bounce_of_the_acknowledgement_is_in_the_history_alone(asked):
    arrived = take_in(eml("bounce_postfix", answer=threads.root_id(asked), reference=asked.reference))
    assert (arrived.outcome, arrived.ticket, arrived.letter, asked.events.last().field) == ("bounced", asked, None, "bounced")


def test_a_bounce_of_a_strangers_mail_is_left_out():
    arrived = take_in(eml("bounce_postfix", answer="other@elsewhere.example", reference="T-NONE"))
    assert arrived == Arrived(MailOutcome.IGNORED, "tells of a mail that is none of ours")


def test_who_was_copied_joins_signed_with_their_address_and_gets_the_next_answer(asked, answer, sam):
    raw = written(
        From="Bruno Lima <bruno@coastal.example>",
        Message_ID="<b.1@coastal.example>",
        In_Reply_To=f"<{answer.message_id}>",
        Cc=f"{ANA}, dora@coastal.example",
    )
    letter = take_in(raw).letter
    assert (letter.kind, letter.author, letter.cc) == ("incoming", "Bruno Lima <bruno@coastal.example>", [ANA, "dora@coastal.example"])

    second = replies.reply(asked, body="Thanks, both.", by=sam)
    assert second.cc == ["bruno@coastal.example", "dora@coastal.example"]


@pytest.mark.parametrize("by_id", [True, False])
def test_a_stranger_who_answers_a_thread_opens_a_ticket_that_names_it(by_id, asked, answer):
    where = {"In_Reply_To": f"<{answer.message_id}>"} if by_id else {"Subject": f"Re: x [{asked.reference}]"}

    arrived = take_in(written(From="Eve <eve@else.example>", Message_ID="<e.1@else.example>", **where))

    assert (arrived.outcome, arrived.ticket != asked, Message.objects.filter(kind="incoming").count()) == ("opened", True, 0)
    assert say(arrived.ticket.events.get(field="answers"), {}) == (
        f"opened this for a mail that answers {asked.reference}, because eve@else.example takes no part there"
    )


def test_who_writes_of_what_waits_for_approval_is_told_so(mailoutbox):
    community = CommunityFactory()
    person = member(community, Role.REPRESENTATIVE)
    for opens, sentence in (("members", "A person will read it"), ("representatives", "A representative of your community reads it first")):
        SupportTerms.objects.update_or_create(community=community, defaults={"who_opens": opens})
        ticket = take_in(written(From=person.email, Message_ID=f"<{opens}@x.example>")).ticket
        sweep.perform_due()
        mail = next(mail for mail in mailoutbox if f"is now ticket {ticket.reference}" in mail.body)
        assert (sentence in mail.body, mail.body.count("reads it first") + mail.body.count("A person will")) == (True, 1)


def test_a_representative_joins_a_ticket_of_their_community_by_its_subject_and_a_member_does_not():
    community = CommunityFactory()
    champion, other = member(community, Role.HUB_CHAMPION), member(community, Role.MEMBER)
    ticket = TicketFactory(community=community)

    joined = take_in(written(From=champion.email, Subject=f"Re: [{ticket.reference}] x", Message_ID="<c.1@x.example>"))
    opened = take_in(written(From=other.email, Subject=f"Re: [{ticket.reference}] x", Message_ID="<c.2@x.example>"))

    assert (joined.outcome, joined.letter.author_user, opened.outcome, opened.ticket.community) == (
        "answered",
        champion,
        "opened",
        community,
    )


def test_a_representative_stays_out_of_a_confidential_ticket():
    champion = member(CommunityFactory(), Role.REPRESENTATIVE)
    ticket = TicketFactory(community=champion.memberships.get().community, confidential=True)
    assert take_in(written(From=champion.email, Subject=f"[{ticket.reference}]", Message_ID="<c.1@x.example>")).outcome == "opened"


def test_staff_who_answer_by_mail_leave_a_note_and_nothing_is_mailed(asked, answer, sam):
    queued = OutgoingMail.objects.count()

    letter = take_in(written(From=sam.user.email, Message_ID="<s.1@hubs.example>", In_Reply_To=f"<{answer.message_id}>")).letter

    assert (letter.kind, letter.author_user, OutgoingMail.objects.count()) == ("note", sam.user, queued)


def test_a_ticket_gone_from_freshdesk_is_joined_by_nobody():
    ticket = TicketFactory(requester__email=ANA, sync_state=SyncState.GONE, gone_reason="spam")
    message = MessageFactory(ticket=ticket, message_id="old@hubs.example")
    arrived = take_in(written(In_Reply_To=f"<{message.message_id}>", Subject=f"Re: [{ticket.reference}]", Message_ID="<g.1@x.example>"))
    assert (arrived.outcome, arrived.ticket != ticket) == ("opened", True)


@pytest.mark.parametrize(
    ("memberships", "company", "expected"), [(1, None, 0), (2, None, None), (2, 1, 1), (2, 2, None), (0, 0, 0), (0, None, None)]
)
def test_a_tickets_community_is_the_only_one_or_the_companys_or_none(memberships, company, expected):
    communities = CommunityFactory.create_batch(3)
    person = UserFactory(email=ANA) if memberships else None
    for community in communities[:memberships]:
        Membership.objects.create(community=community, user=person, role=Role.MEMBER)
    if company is not None:
        ContactFactory(email=ANA, user=person, company=CompanyLink.objects.create(name="x", community=communities[company]))

    ticket = take_in(eml("plain_new")).ticket

    assert ticket.community == (None if expected is None else communities[expected])
    assert ticket.opened_by == person


def test_who_left_is_a_contact_and_no_member_any_more():
    person = UserFactory(email=ANA, is_active=False)
    Membership.objects.create(community=CommunityFactory(), user=person, role=Role.MEMBER)
    ticket = take_in(eml("plain_new")).ticket
    assert (ticket.community, ticket.opened_by, ticket.requester.email) == (None, None, ANA)


def test_files_are_kept_with_what_the_mail_became(asked, answer):
    ticket = take_in(eml("attachment_rfc2231")).ticket
    assert list(ticket.files.values_list("name", "content_type", "size", "message")) == [
        ("pré-inscrição dos alunos 100%.pdf", "application/pdf", 17, None)
    ]
    letter = reply("apple_mail_reply", answer).letter
    assert list(letter.files.values_list("name", "content_type", "size")) == [("Screenshot.png", "image/png", 70)]


def test_an_alias_under_which_the_desk_is_reached_gets_no_copy():
    raw = written(To="help@hubs.example, dora@coastal.example", Delivered_To="help@hubs.example", Message_ID="<x.1@coastal.example>")
    assert take_in(raw).ticket.cc == ["dora@coastal.example"]


@pytest.mark.parametrize(("name", "reason"), [("empty", "it is empty"), ("deep_multipart", "its parts are nested too deeply or too many")])
def test_what_is_no_mail_is_refused_and_written_down(name, reason):
    assert [take_in(eml(name)) for _ in range(2)] == [Arrived(MailOutcome.REFUSED, reason)] * 2
    assert rows() == [("refused", reason)]


def test_a_mail_without_a_sender_is_left_out():
    assert take_in(written(From="undisclosed", Message_ID="<n.1@x.example>")).reason == "no sender"
    assert (Contact.objects.count(), Ticket.objects.count()) == (0, 0)


def test_one_address_opens_only_so_many_tickets_an_hour_and_is_acknowledged_fewer_times():
    def write(number):
        return take_in(written(Message_ID=f"<m.{number}@coastal.example>", Subject=f"Loop {number}")).outcome

    outcomes = [write(number) for number in range(arriving.MOST_FROM_ONE + 2)]

    assert outcomes == ["opened"] * arriving.MOST_FROM_ONE + ["ignored"] * 2
    assert rows()[-1] == ("ignored", "more than 20 mails from this address within an hour")
    assert OutgoingMail.objects.filter(kind="support/opened.txt").count() == arriving.MOST_ACKNOWLEDGED
    with time_machine.travel(timezone.now() + timedelta(hours=1, seconds=1)):
        assert write("later") == "opened"


def test_a_ticket_takes_only_so_many_mails_an_hour(asked, answer):
    IncomingMail.objects.bulk_create(
        IncomingMail(
            message_id=f"l.{number}", from_address=f"{number}@x.example", outcome="answered", ticket=asked, received_at=timezone.now()
        )
        for number in range(arriving.MOST_IN_ONE_TICKET - 1)
    )
    arrived = reply("gmail_reply", answer)
    assert (arrived.outcome, arrived.reason, arrived.ticket) == ("ignored", "more than 30 mails in this ticket within an hour", asked)


@pytest.mark.parametrize("address", ["no-reply@shop.example", "noreply@shop.example", "DoNotReply@shop.example"])
def test_who_reads_no_answer_gets_no_acknowledgement(address):
    assert (take_in(written(From=address, Message_ID="<r.1@shop.example>")).outcome, OutgoingMail.objects.count()) == ("opened", 0)


def test_a_bounce_that_is_quicker_than_we_are_stays(asked, sam):
    message = replies.reply(asked, body="Please try once more.", by=sam)
    take_in(eml("bounce_postfix", answer=message.message_id, reference=asked.reference))
    sweep.perform_due()
    message.refresh_from_db()
    assert (message.delivery, message.delivery_note != "") == ("bounced", True)


def test_a_subject_that_is_only_a_prefix_is_made_of_the_words():
    assert take_in(written(Subject="Re: ", body="My disk\r\nis full", Message_ID="<p.1@x.example>")).ticket.subject == "My disk is full"


@pytest.mark.parametrize("name", [name for name in NAMES if name != "empty"])
def test_every_shape_ends_in_one_written_outcome(name):
    arrived = reply(name, MessageFactory(ticket__reference="T-ABCD-1234", message_id="T-ABCD-1234.k3y@127.0.0.1"))
    assert rows() == [(arrived.outcome, arrived.reason)]
