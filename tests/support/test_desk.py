"""The desk's pages: views and counts, a list whose cost does not grow, forms that lose no word."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from communities.roles import StaffGroup
from ground.actors import Actor
from ground.sanitising import letter_html, plain_text
from support import queue, recording, replies, search, tickets
from support.models import Message
from support.queue import Chosen
from support.recording import Letter
from support.states import MessageKind
from tests.factories import CommunityFactory, acting, staff
from tests.support.factories import MessageFactory, TicketFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def sam():
    return staff(StaffGroup.SUPPORT_AGENT, name="Sam")


@pytest.fixture
def desk(sam):
    client = Client()
    client.force_login(sam, backend="django.contrib.auth.backends.ModelBackend")
    return client


def queries(client, address):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        response = client.get(address)
    assert response.status_code == 200
    return len(captured)


def test_desk_lists_in_as_many_queries_with_three_hundred_tickets_as_with_one(desk, sam):
    TicketFactory(assignee=sam, kind="incident")
    desk.get(reverse("support:desk"))
    one = queries(desk, reverse("support:desk"))
    community = CommunityFactory()
    for _ in range(2):
        TicketFactory(assignee=sam)
    TicketFactory.create_batch(300, community=community)

    assert queries(desk, reverse("support:desk")) == one
    assert one <= 9


def test_desk_page_of_a_full_list_is_light(desk):
    TicketFactory.create_batch(45, community=CommunityFactory(), subject="Students cannot start a server with the R image this morning")

    assert len(desk.get(reverse("support:desk")).content) <= 60_000


def test_ticket_page_costs_the_same_with_one_and_twenty_messages(desk):
    ticket = TicketFactory()
    MessageFactory(ticket=ticket)
    address = reverse("support:desk_ticket", args=[ticket.reference])
    desk.get(address)
    one = queries(desk, address)
    MessageFactory.create_batch(19, ticket=ticket, author_user=staff(StaffGroup.SUPPORT_AGENT))

    assert queries(desk, address) == one
    assert one <= 12


def test_counts_are_those_of_the_views(sam):
    TicketFactory(assignee=sam, kind="incident")
    TicketFactory(waiting_since=None)
    tickets.solve(TicketFactory(), by=Actor.system())
    at = queue.moment(acting(sam))

    counted = queue.counts(at)

    assert counted == {key: queue.rows(Chosen(view=key), at).count() for key in queue.VIEWS}
    assert (counted["mine"], counted["waiting"], counted["solved"], counted["all"]) == (1, 1, 1, 3)


def test_keyset_pages_show_every_ticket_once(sam):
    made = {ticket.pk for ticket in TicketFactory.create_batch(5)}
    at, seen, cursor = queue.moment(acting(sam)), [], ""
    for _ in range(3):
        page = queue.page(Chosen(view="all"), at, cursor=cursor, size=2)
        seen += [row.pk for row in page.rows]
        cursor = page.next

    assert (sorted(seen), cursor) == (sorted(made), "")


@pytest.mark.parametrize("query", ["?view=nonsense&status=999&cursor=%00&q=%22'", "?status=waiting", "?status=2&kind=x", "?q=T-"])
def test_desk_answers_whatever_the_address_says(desk, query):
    TicketFactory()
    assert desk.get(reverse("support:desk") + query).status_code == 200


def test_search_finds_by_words_and_by_reference(desk):
    found, other = TicketFactory(subject="Raster image"), TicketFactory(subject="Python image")
    search.index(found)
    search.index(other)

    by_words = desk.get(reverse("support:desk"), {"q": "raster"}).content.decode()
    by_reference = desk.get(reverse("support:desk"), {"q": other.reference}).content.decode()

    assert (found.reference in by_words, other.reference in by_words) == (True, False)
    assert (found.reference in by_reference, other.reference in by_reference) == (False, True)


def test_watched_list_answers_304_until_something_moves(desk):
    ticket = TicketFactory()
    address = reverse("support:desk_list")
    etag = desk.get(address)["ETag"]
    assert desk.get(address, headers={"If-None-Match": etag}).status_code == 304

    replies.note(ticket, body="news", by=Actor.system())

    assert desk.get(address, headers={"If-None-Match": etag}).status_code == 200


def test_watched_conversation_marks_what_is_newer_than_was_seen(desk):
    ticket = TicketFactory()
    address = reverse("support:desk_conversation", args=[ticket.reference]) + "?seen=1"
    etag = desk.get(address)["ETag"]
    assert desk.get(address, headers={"If-None-Match": etag}).status_code == 304

    replies.add_incoming(ticket, body="It works again", by=Actor.system())

    page = desk.get(address, headers={"If-None-Match": etag}).content.decode()
    assert ("It works again" in page, "New since you opened" in page) == (True, True)


def test_reply_is_sent_and_leads_back_to_the_ticket(desk):
    ticket = TicketFactory()
    response = desk.post(
        reverse("support:desk_reply", args=[ticket.reference]) + "?view=mine",
        {"reply-body": "Please restart", "reply-version": 1, "reply-status": ""},
    )

    assert (response.status_code, response["Location"]) == (302, reverse("support:desk_ticket", args=[ticket.reference]) + "?view=mine")
    assert Message.objects.get().body_text == "Please restart"


def test_reply_at_a_stale_version_keeps_every_word_and_shows_what_came(desk):
    ticket = TicketFactory()
    replies.add_incoming(ticket, body="Never mind", by=Actor.system())

    response = desk.post(
        reverse("support:desk_reply", args=[ticket.reference]), {"reply-body": "Please restart", "reply-version": 1, "reply-status": "4"}
    )

    page = response.content.decode()
    assert response.status_code == 409
    assert all(words in page for words in ("Please restart", "Never mind", "changed since you opened it", 'name="reply-version" value="2"'))
    assert Message.objects.count() == 1


def test_empty_reply_gets_the_page_again_with_the_reason(desk):
    ticket = TicketFactory()
    response = desk.post(reverse("support:desk_reply", args=[ticket.reference]), {"reply-body": "", "reply-version": 1})

    assert response.status_code == 422
    assert "This field is required" in response.content.decode()


def test_triage_form_decides_and_a_stale_one_is_shown_again(desk, sam):
    ticket = TicketFactory()
    choices = {"kind": "incident", "impact": "hub", "responsible": "provider", "assignee": sam.pk, "status": 3, "priority": 4}
    address = reverse("support:desk_triage", args=[ticket.reference])

    done = desk.post(address, {f"triage-{name}": value for name, value in {**choices, "version": 1}.items()})
    stale = desk.post(address, {f"triage-{name}": value for name, value in {**choices, "priority": 1, "version": 1}.items()})

    ticket.refresh_from_db()
    assert (done.status_code, stale.status_code) == (302, 409)
    assert (ticket.kind, ticket.impact, ticket.responsible, ticket.assignee, ticket.status_id, ticket.priority) == (
        "incident",
        "hub",
        "provider",
        sam,
        3,
        4,
    )


def test_foreign_html_in_a_subject_stays_text(desk):
    ticket = TicketFactory(subject="<script>alert(1)</script>")
    page = desk.get(reverse("support:desk_ticket", args=[ticket.reference])).content.decode()

    assert "<script>alert(1)" not in page


LETTER = letter_html(
    '<p>It works <img src="https://cdn.example.org/shot.png" alt="Screen"></p><p>On Monday Sam wrote:</p><blockquote type="cite">'
    'Restart <img src="https://cdn.example.org/logo.png"></blockquote>'
)


def img_src(response):
    policy = dict(part.strip().split(" ", 1) for part in response["Content-Security-Policy"].split(";"))
    return policy.pop("img-src"), policy


def test_quoted_text_is_folded_and_images_from_outside_stand_as_words(desk):
    ticket = MessageFactory(body_html=LETTER).ticket
    response = desk.get(reverse("support:desk_ticket", args=[ticket.reference]) + "?view=mine")

    page = response.content.decode()
    assert '<details class="quoted"><summary>Show quoted text</summary><p>On Monday Sam wrote:' in page
    assert ("Screen: image from cdn.example.org, not shown" in page, "Show images from outside (2)" in page) == (True, True)
    assert f'href="{ticket.get_absolute_url()}?view=mine&amp;images=1"' in page
    assert ("https://cdn.example.org" in page, img_src(response)[0]) == (False, "'self' data:")


def test_images_asked_for_are_shown_and_let_in_by_that_page_alone(desk):
    ticket = MessageFactory(body_html=LETTER).ticket
    blocked = desk.get(ticket.get_absolute_url())
    response = desk.get(ticket.get_absolute_url() + "?view=mine&images=1")

    page = response.content.decode()
    assert '<img alt="Screen" loading="lazy" referrerpolicy="no-referrer" src="https://cdn.example.org/shot.png">' in page
    assert (f"{reverse('support:desk_conversation', args=[ticket.reference])}?seen=1&amp;images=1" in page, "not shown" in page) == (
        True,
        False,
    )
    assert f'href="{ticket.get_absolute_url()}?view=mine"' in page
    assert img_src(response) == ("'self' data: https:", img_src(blocked)[1])


def test_a_ticket_swapped_into_a_page_whose_policy_is_older_shows_no_images(desk):
    ticket = MessageFactory(body_html=LETTER).ticket
    response = desk.get(ticket.get_absolute_url() + "?images=1", headers={"HX-Request": "true"})

    assert ("not shown" in response.content.decode(), img_src(response)[0]) == (True, "'self' data:")


def test_watched_conversation_keeps_the_choice_and_says_when_there_is_one(desk):
    ticket = TicketFactory()
    address = reverse("support:desk_conversation", args=[ticket.reference]) + "?seen=1"
    etag = desk.get(address)["ETag"]
    MessageFactory(ticket=ticket, body_html=LETTER)

    blocked, asked = (desk.get(address + more, headers={"If-None-Match": etag}).content.decode() for more in ("", "&images=1"))

    assert ["https://cdn.example.org" in page for page in (blocked, asked)] == [False, True]
    assert ["seen=1&amp;images=1" in page for page in (blocked, asked)] == [False, True]
    assert '<div id="outside" hx-swap-oob="true">' in blocked
    assert ("Show images from outside (2)" in blocked, "Hide images from outside" in asked) == (True, True)


def test_what_came_meanwhile_is_shown_with_its_images_in_words(desk):
    ticket = TicketFactory(version=2)
    MessageFactory(ticket=ticket, body_html=LETTER, ticket_version=2)

    page = desk.post(reverse("support:desk_reply", args=[ticket.reference]), {"reply-body": "x", "reply-version": 1}).content.decode()

    assert page.count("Screen: image from cdn.example.org, not shown") == 2


def test_list_shows_the_new_words_of_a_letter_and_not_its_history(desk):
    ticket = TicketFactory()
    letter = Letter(kind=MessageKind.INCOMING, body_html=LETTER, body_text=plain_text(LETTER))
    recording.add(recording.locked(ticket.pk), letter, by=Actor.system())

    ticket.refresh_from_db()
    assert (ticket.last_message_excerpt, ticket.last_public_excerpt) == ("It works", "It works")
    assert "Restart" in Message.objects.get().body_text


@pytest.mark.parametrize(
    ("delivery", "note", "words"),
    [
        ("queued", "", "Waiting to be mailed"),
        ("sent", "", "Mailed 14:02"),
        ("sent", "a@x.example: 4.4.1 timed out", "Mailed 14:02: a@x.example: 4.4.1 timed out"),
        ("bounced", "550 <b>no</b> such user", "Could not be delivered: 550 &lt;b&gt;no&lt;/b&gt; such user"),
        ("failed", "554 spam", "Could not be mailed: 554 spam"),
    ],
)
def test_a_letter_says_what_became_of_its_mail(desk, delivery, note, words):
    at = datetime(2026, 3, 3, 14, 2, tzinfo=UTC)
    message = MessageFactory(delivery=delivery, delivery_note=note, mailed_at=at)
    assert words in desk.get(message.ticket.get_absolute_url()).content.decode()


def test_a_letter_that_was_never_mailed_says_nothing_of_mail(desk):
    message = MessageFactory()
    assert "ailed" not in desk.get(message.ticket.get_absolute_url()).content.decode()


def test_a_watched_conversation_tells_of_a_bounce(desk):
    message = MessageFactory(delivery="sent", mailed_at=timezone.now())
    address = reverse("support:desk_conversation", args=[message.ticket.reference]) + "?seen=1"
    first = desk.get(address)
    assert desk.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304

    Message.objects.update(delivery="bounced", delivery_note="550 no such user")

    assert "Could not be delivered: 550 no such user" in desk.get(address, headers={"If-None-Match": first["ETag"]}).content.decode()


def test_triage_calls_who_runs_the_hubs_by_name_as_the_list_does(desk, settings):
    settings.OPERATOR_NAME = "Example Hubs"
    page = desk.get(reverse("support:desk_ticket", args=[TicketFactory().reference])).content.decode()
    assert '<option value="provider">Example Hubs</option>' in page
