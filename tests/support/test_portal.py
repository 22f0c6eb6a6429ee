"""A community's tickets: open, follow, answer, solve; never a note, never another community's."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from communities.roles import Role, StaffGroup
from ground.actors import Actor
from ground.models import OutgoingMail
from ground.sanitising import letter_html
from ground.sweep import perform_due
from knowledgebase import opening
from support import defaults, incidents, replies, tickets
from support.models import Message, ReducedPeriod, Ticket, WorkingCalendar
from support.states import Status
from support.timing import calendars
from support.working import spending
from tests.factories import CommunityFactory, acting, member, staff
from tests.support.factories import MessageFactory, TicketFactory
from tests.support.incidents.factories import a_hub, declared

pytestmark = pytest.mark.django_db


@pytest.fixture
def community():
    return CommunityFactory(slug="coastal", name="Coastal")


@pytest.fixture
def ana(community):
    return member(community, Role.REPRESENTATIVE, name="Ana", email="ana@example.org")


@pytest.fixture
def portal(ana):
    client = Client()
    client.force_login(ana, backend="django.contrib.auth.backends.ModelBackend")
    return client


def address(name, ticket=None):
    return reverse(f"support:{name}", args=["coastal", *([ticket.reference] if ticket else [])])


def test_a_ticket_sent_is_kept_and_shown(portal, community, ana):
    response = portal.post(address("new_ticket"), {"subject": "No server", "body": "It **fails** since Monday"}, follow=True)

    ticket = Ticket.objects.get()
    assert response.redirect_chain == [(address("ticket", ticket), 302)]
    assert (ticket.community, ticket.requester.user) == (community, ana)
    assert "<strong>fails</strong>" in response.content.decode()


def test_an_empty_subject_keeps_every_typed_word(portal):
    response = portal.post(address("new_ticket"), {"subject": "", "body": "It fails since Monday"})

    assert (response.status_code, "It fails since Monday" in response.content.decode(), Ticket.objects.count()) == (422, True, 0)


def test_the_exchange_shows_replies_and_never_a_note(portal, community):
    ticket = TicketFactory(community=community)
    sam = acting(staff(StaffGroup.SUPPORT_AGENT, name="Sam"))
    replies.reply(ticket, body="We restart it", by=sam)
    replies.note(ticket, body="They broke it again", by=sam)

    pages = [portal.get(address(name, ticket)).content.decode() for name in ("ticket", "ticket_conversation")]
    pages.append(portal.get(address("tickets")).content.decode())

    assert ["We restart it" in page for page in pages] == [True, True, True]
    assert ["They broke it again" in page for page in pages] == [False, False, False]


def test_staff_read_the_communitys_page_as_the_community_does(community):
    ticket = TicketFactory(community=community)
    MessageFactory(ticket=ticket, kind="note", body_text="They broke it again")
    client = Client()
    client.force_login(staff(StaffGroup.SUPPORT_AGENT), backend="django.contrib.auth.backends.ModelBackend")

    assert "They broke it again" not in client.get(address("ticket", ticket)).content.decode()


def test_an_answer_reaches_the_desk(portal, community, ana):
    ticket = TicketFactory(community=community)

    portal.post(address("answer", ticket), {"body": "Still broken"})

    assert [(message.kind, message.author, message.body_text) for message in Message.objects.all()] == [("incoming", "Ana", "Still broken")]


def test_solve_moves_it_among_the_solved(portal, community):
    ticket = TicketFactory(community=community, subject="Kelp")

    portal.post(address("solve", ticket))

    ticket.refresh_from_db()
    listed = [("Kelp" in portal.get(address("tickets") + query).content.decode()) for query in ("", "?show=solved")]
    assert (ticket.status_id, listed) == (Status.SOLVED, [False, True])


def test_a_ticket_of_another_community_is_not_found_under_this_ones_address(portal, community):
    assert portal.get(address("ticket", TicketFactory())).status_code == 404


def test_list_costs_as_many_queries_with_three_tickets_as_with_one(portal, community):
    def cost():
        with CaptureQueriesContext(connection) as captured:
            portal.get(address("tickets"))
        return len(captured)

    TicketFactory(community=community)
    cost()
    one = cost()
    TicketFactory.create_batch(2, community=community)
    assert cost() == one


def test_watched_exchange_answers_304_until_somebody_writes(portal, community, ana):
    ticket = tickets.open_ticket(community, subject="x", body="y", by=acting(ana))
    watched = address("ticket_conversation", ticket)
    etag = portal.get(watched)["ETag"]
    assert portal.get(watched, headers={"If-None-Match": etag}).status_code == 304

    replies.reply(ticket, body="Try again", by=acting(staff(StaffGroup.SUPPORT_AGENT)))

    assert portal.get(watched, headers={"If-None-Match": etag}).status_code == 200


def test_answer_is_mailed_with_the_address_of_the_ticket(community, ana, mailoutbox):
    ticket = tickets.open_ticket(community, subject="No server", body="y", by=acting(ana))

    replies.reply(ticket, body="Try again", by=acting(staff(StaffGroup.SUPPORT_AGENT, name="Sam")))
    perform_due()

    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == (["ana@example.org"], f"Re: No server [{ticket.reference}]")
    assert all(words in mail.body for words in ("Try again", "Sam", address("ticket", ticket)))
    assert OutgoingMail.objects.get().state == "sent"


@pytest.fixture
def article(community):
    opening.open_shared(by=Actor.system())
    return opening.open_knowledge_base(community, by=Actor.system())


def test_articles_that_may_answer_are_offered_as_a_fragment_while_typing(portal, article):
    response = portal.post(
        address("new_ticket_answers"), {"subject": "How do I start a server", "body": ""}, headers={"HX-Request": "true"}
    )

    page = response.content.decode()
    assert (response.status_code, "<html" in page, "This may already answer it" in page) == (200, False, True)
    assert page.count("<li>") == page.count("/kb/")


def test_without_script_the_answers_come_with_the_form_and_every_typed_word(portal, article):
    page = portal.post(address("new_ticket_answers"), {"subject": "How do I start a server", "body": "It is Monday"}).content.decode()

    assert all(words in page for words in ("This may already answer it", "How do I start a server", "It is Monday", "Send ticket"))
    assert not Ticket.objects.exists()


def test_words_that_no_article_holds_lead_to_a_person(portal, article):
    assert "a person answers" in portal.post(address("new_ticket_answers"), {"subject": "zzyzx qwfp"}).content.decode()


def test_an_articles_door_fills_in_the_subject(portal):
    assert 'value="More memory"' in portal.get(address("new_ticket") + "?subject=More+memory").content.decode()


@pytest.mark.parametrize(
    ("query", "shows", "says"),
    [
        ("", False, "Show images from outside (1)"),
        ("?images=1", True, "Hide images from outside"),
    ],
)
def test_images_from_outside_load_on_the_page_that_asks_for_them(portal, community, query, shows, says):
    ticket = TicketFactory(community=community, body_html=letter_html('<p>Look <img src="https://cdn.example.org/a.png" alt="Plot"></p>'))

    response = portal.get(address("ticket", ticket) + query)

    page = response.content.decode()
    assert ('src="https://cdn.example.org/a.png"' in page, "Plot: image from cdn.example.org, not shown" in page) == (shows, not shows)
    assert (says in page, "img-src 'self' data: https:" in response["Content-Security-Policy"]) == (True, shows)
    assert f'hx-get="{address("ticket_conversation", ticket)}{query}"' in page


def test_watched_exchange_keeps_the_choice(portal, community):
    ticket = TicketFactory(community=community, body_html=letter_html('<img src="https://cdn.example.org/a.png">'))
    watched = address("ticket_conversation", ticket)
    blocked, asked = portal.get(watched), portal.get(watched + "?images=1")

    assert blocked["ETag"] != asked["ETag"]
    assert ["https://cdn.example.org" in response.content.decode() for response in (blocked, asked)] == [False, True]


def test_a_folded_letter_opens_with_a_word_on_the_communitys_page(portal, community):
    ticket = TicketFactory(community=community, body_html=letter_html("<p>Still broken<br>&gt; It is mended</p>"))

    assert "<summary>Show quoted text</summary><p>&gt; It is mended</p></details>" in portal.get(address("ticket", ticket)).content.decode()


def test_who_asks_reads_first_what_is_broken_and_by_when_we_answer(portal, community):
    hub = a_hub(community)
    incident = declared(hubs=[hub])
    incidents.say(incident, text={"en": "We found the cause."}, state="identified", by=Actor.system())
    there = [address("tickets"), address("new_ticket"), address("ticket", TicketFactory(community=community))]
    pages = [portal.get(each).content.decode() for each in there]

    assert [("Servers start slowly" in page, "We found the cause." in page) for page in pages] == [(True, True)] * 3
    assert [bool(re.search(r"We answer within \d+ working hours", page)) for page in pages] == [True, True, False]


def test_days_of_less_capacity_are_announced_where_people_ask(portal, community):
    today = timezone.localdate()
    defaults.ensure()
    calendar = WorkingCalendar.objects.get()
    period = {"name": "Retreat", "begins_on": today, "ends_on": today, "message": {"en": "We meet this week."}}
    ReducedPeriod.objects.create(calendar=calendar, **period)
    calendars.forget()

    assert ["We meet this week." in portal.get(address(name)).content.decode() for name in ("tickets", "new_ticket")] == [True, True]


def test_support_time_of_the_month_is_for_those_who_speak_for_the_community(portal, community):
    spending.add(TicketFactory(community=community), minutes=75, by=Actor.system())
    client = Client()
    client.force_login(member(community, Role.MEMBER), backend="django.contrib.auth.backends.ModelBackend")

    assert "Support time used this month: 1 h 15 min." in portal.get(address("tickets")).content.decode()
    assert "Support time" not in client.get(address("tickets")).content.decode()
