"""Replies, notes and posts: who is told, whose turn it is, and that nobody answers past a message they have not seen."""

import pytest

from communities.roles import Role, StaffGroup
from ground import mail
from ground.actors import Actor
from ground.models import OutgoingMail
from ground.outbox import ATTEMPTS
from support import replies
from support.models import Message, TicketStatus
from support.recording import guard
from support.states import Status
from tests.factories import CommunityFactory, acting, member, staff
from tests.support.factories import TicketFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def sam():
    return acting(staff(StaffGroup.SUPPORT_AGENT, name="Sam"))


def test_reply_is_written_ends_the_wait_and_is_mailed_where_freshdesk_is_not(sam):
    ticket = TicketFactory(requester__email="ana@example.org")

    message = replies.reply(ticket, body="Please *restart*.", by=sam, version=ticket.version)

    ticket.refresh_from_db()
    assert (message.kind, message.author, message.body_text, ticket.waiting_since) == ("reply", "Sam", "Please restart.", None)
    assert [(mail.kind, mail.to) for mail in OutgoingMail.objects.all()] == [("support/answered.txt", ["ana@example.org"])]


def test_reply_with_a_status_moves_the_ticket_too(sam):
    ticket = TicketFactory()

    replies.reply(ticket, body="Done.", by=sam, status=TicketStatus.objects.get(code=Status.SOLVED))

    ticket.refresh_from_db()
    assert (ticket.status_id, ticket.version) == (Status.SOLVED, 3)


def test_reply_past_an_unseen_message_sends_nothing_and_returns_it(sam):
    ticket = TicketFactory()
    came = replies.add_incoming(ticket, body="Never mind, it works", by=Actor.system())

    with pytest.raises(guard.Stale) as stale:
        replies.reply(ticket, body="Please restart", by=sam, version=1)

    assert stale.value.messages == [came]
    assert list(Message.objects.values_list("kind", flat=True)) == ["incoming"]


def test_reply_past_somebody_elses_note_or_triage_is_sent(sam):
    ticket = TicketFactory()
    replies.note(ticket, body="I know them", by=sam)

    assert replies.reply(ticket, body="Please restart", by=sam, version=1).kind == "reply"


def test_note_tells_nobody_outside_and_ends_no_wait(sam):
    ticket = TicketFactory(requester__email="ana@example.org")

    replies.note(ticket, body="Their cloud bill", by=sam)

    ticket.refresh_from_db()
    assert (ticket.waiting_since is not None, ticket.last_public_excerpt, OutgoingMail.objects.count()) == (True, "", 0)


def test_a_members_post_opens_a_solved_ticket_again():
    community = CommunityFactory()
    ana = member(community, Role.MEMBER)
    ticket = TicketFactory(community=community, status=TicketStatus.objects.get(code=Status.SOLVED), waiting_since=None)

    message = replies.add_incoming(ticket, body="It came back", by=acting(ana))

    ticket.refresh_from_db()
    assert (message.kind, message.author_contact.user, ticket.status_id, ticket.waiting_since is not None) == (
        "incoming",
        ana,
        Status.OPEN,
        True,
    )


def test_a_reply_says_that_its_mail_waits_and_then_why_it_never_left(sam, settings):
    message = replies.reply(TicketFactory(requester__email="ana@example.org"), body="Please restart", by=sam)
    assert (message.delivery, message.message_id) == ("queued", f"{message.ticket.reference}.{message.external_key}@127.0.0.1")

    settings.EMAIL_TRANSPORT, settings.EMAIL_PORT = "django.core.mail.backends.smtp.EmailBackend", 1
    OutgoingMail.objects.update(attempts=ATTEMPTS - 1)
    mail.send(OutgoingMail.objects.get().pk)

    message.refresh_from_db()
    assert (message.delivery, message.delivery_note != "", message.mailed_at) == ("failed", True, None)


@pytest.mark.parametrize("address", ["", "support@hubs.example"])
def test_nobody_is_mailed_who_has_no_address_or_the_desks_own(sam, address):
    message = replies.reply(TicketFactory(requester__email=address), body="Please restart", by=sam)
    assert (message.delivery, message.message_id, OutgoingMail.objects.count()) == ("", "", 0)


@pytest.mark.parametrize("sync_state", ["synced", "gone", "awaiting_approval", "local"])
def test_nobody_is_mailed_from_here_when_freshdesk_is_connected(sam, settings, sync_state):
    settings.FRESHDESK_URL, settings.FRESHDESK_API_KEY = "http://acme.freshdesk.test", "key"
    ticket = TicketFactory(requester__email="ana@example.org", sync_state=sync_state, freshdesk_id=7)
    message = replies.reply(ticket, body="Please restart", by=sam)
    assert (message.delivery, OutgoingMail.objects.count()) == ("", 0)
