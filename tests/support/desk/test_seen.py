"""What each person has read, and who is at a ticket now."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from communities.roles import Role, StaffGroup
from ground.actors import Actor
from support import queue, replies
from support.desk import presence, seen
from support.models import Seen, Ticket
from support.queue import Chosen
from tests.factories import acting, member, staff
from tests.support.factories import TicketFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def sam():
    return staff(StaffGroup.SUPPORT_AGENT, name="Sam")


@pytest.fixture
def robin():
    return staff(StaffGroup.SUPPORT_AGENT, name="Robin")


def signed_in(user):
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def unread(user):
    at = queue.moment(acting(user))
    page = queue.page(Chosen(view="all"), at)
    bold = {row.pk for row in page.rows if queue.is_unread(row, at)}
    assert bold == set(queue.rows(Chosen(view="all", unread="1"), at).values_list("pk", flat=True)), "the filter finds what is bold"
    return bold


def test_opening_a_ticket_reads_it_for_that_person_alone(sam, robin):
    ticket = TicketFactory()
    assert (unread(sam), unread(robin)) == ({ticket.pk}, {ticket.pk})

    signed_in(sam).get(ticket.get_absolute_url())

    assert (unread(sam), unread(robin)) == (set(), {ticket.pk})


def test_news_makes_it_unread_and_the_watched_conversation_reads_it_again(sam):
    ticket = TicketFactory()
    client = signed_in(sam)
    client.get(ticket.get_absolute_url())
    replies.add_incoming(ticket, body="One more thing", by=Actor.system())
    assert unread(sam) == {ticket.pk}

    address = reverse("support:desk_conversation", args=[ticket.reference]) + "?seen=1"
    etag = client.get(address)["ETag"]
    assert unread(sam) == set()
    seen.forget(Ticket.objects.get(), by=acting(sam))
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 304
    assert unread(sam) == {ticket.pk}


def test_what_one_writes_oneself_is_read(sam, robin):
    ticket = TicketFactory()
    for user in (sam, robin):
        seen.read(ticket, by=acting(user))

    replies.reply(ticket, body="Try again", by=acting(sam))
    replies.note(ticket, body="It is the image", by=acting(sam))

    assert (unread(sam), unread(robin)) == (set(), {ticket.pk})


def test_a_ticket_is_marked_unread_again(sam):
    ticket = TicketFactory()
    client = signed_in(sam)
    client.get(ticket.get_absolute_url())

    response = client.post(reverse("support:desk_unread", args=[ticket.reference]) + "?view=mine")

    assert (response["Location"], unread(sam)) == ("/desk/?view=mine", {ticket.pk})


def test_what_moved_last_a_month_ago_is_no_news_to_who_never_opened_it(sam):
    TicketFactory(created_at=timezone.now() - timedelta(days=31))
    assert unread(sam) == set()


def test_rows_of_what_was_not_read_say_so_in_words(sam):
    read, _new = TicketFactory(), TicketFactory(subject="Fresh")
    client = signed_in(sam)
    client.get(read.get_absolute_url())

    page = client.get("/desk/").content.decode()

    assert (page.count("is-unread"), "Not read: </b>Fresh" in page) == (1, True)


def test_who_looks_and_who_writes_is_on_the_row_and_in_the_head_of_others(sam, robin):
    ticket = TicketFactory()
    here = reverse("support:desk_here", args=[ticket.reference])
    signed_in(robin).get(ticket.get_absolute_url())

    assert "Robin is looking" in signed_in(sam).get("/desk/").content.decode()
    signed_in(robin).post(here, {"writing": "1"})
    assert "Robin is writing" in signed_in(sam).get("/desk/").content.decode()
    assert "Robin is writing" in signed_in(sam).post(here).content.decode()
    own = signed_in(robin)
    assert ("Robin is" in own.get("/desk/").content.decode(), "Sam is looking" in own.post(here).content.decode()) == (False, True)


def test_who_has_been_quiet_for_a_minute_is_gone(sam, robin):
    ticket = TicketFactory()
    presence.here(ticket, by=acting(robin), is_writing=True)
    now = timezone.now()
    assert [person.is_writing for person in presence.others(ticket, by=acting(sam))] == [True]

    Seen.objects.update(here_at=now - timedelta(seconds=40), writing_at=now - timedelta(seconds=40))
    assert [person.is_writing for person in presence.others(ticket, by=acting(sam))] == [False]
    Seen.objects.update(here_at=now - timedelta(seconds=61))
    assert (presence.others(ticket, by=acting(sam)), queue.pulse(queue.moment(acting(sam))).people) == ([], [])


def test_a_ping_does_not_read_what_came_meanwhile(sam):
    ticket = TicketFactory()
    client = signed_in(sam)
    client.get(ticket.get_absolute_url())
    replies.add_incoming(ticket, body="News", by=Actor.system())

    client.post(reverse("support:desk_here", args=[ticket.reference]))

    assert unread(sam) == {ticket.pk}


def test_a_members_page_never_tells_who_of_the_staff_is_at_the_ticket(robin):
    ticket = TicketFactory()
    rep = member(ticket.community, Role.REPRESENTATIVE, name="Ana")
    presence.here(ticket, by=acting(robin), is_writing=True)

    page = signed_in(rep).get(reverse("support:ticket", args=[ticket.community.slug, ticket.reference])).content.decode()

    assert (ticket.subject in page, "Robin" in page) == (True, False)
