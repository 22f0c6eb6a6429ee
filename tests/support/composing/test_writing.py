"""To whom a reply goes, what it points at, whom a note calls, and where one goes next."""

import pytest
from django.test import Client
from django.urls import reverse

from communities.roles import Role, StaffGroup
from ground.actors import Actor
from ground.models import OutgoingMail
from knowledgebase import opening
from knowledgebase.models import Edition
from support import replies
from support.models import Citation, DeskPreferences, Message
from support.replies import mentions, recipients
from support.states import Status
from tests.factories import CommunityFactory, acting, member, staff
from tests.support.factories import MessageFactory, TicketFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def sam():
    return staff(StaffGroup.SUPPORT_AGENT, name="Sam", email="sam@hubs.example")


@pytest.fixture
def desk(sam):
    client = Client()
    client.force_login(sam, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def community():
    return CommunityFactory(slug="kelp", name="Kelp Watch")


def said(found):
    return [(warning.address, str(warning.words)) for warning in found.warnings]


def test_copies_come_from_the_thread_and_strangers_are_pointed_out(community):
    member(community, Role.REPRESENTATIVE, email="ana@example.org")
    member(community, Role.MEMBER, email="lee@example.org")
    ticket = TicketFactory(community=community, requester__email="ana@example.org")
    MessageFactory(ticket=ticket, kind="incoming", message_id="a@b", cc=["lee@example.org", "eve@other.example", "support@hubs.example"])

    found = recipients.of(ticket)

    assert (found.to, found.cc, said(found)) == (
        "ana@example.org",
        ["lee@example.org", "eve@other.example"],
        [("eve@other.example", "is not in Kelp Watch")],
    )


def test_our_own_address_and_machines_are_pointed_out(community, sam):
    ticket = TicketFactory(community=community, requester__email="")
    found = recipients.of(ticket, cc=["support@hubs.example", "no-reply@x.example", "sam@hubs.example"])
    assert (found.is_mailed, said(found)) == (
        False,
        [("support@hubs.example", "is our own address; it will be left out"), ("no-reply@x.example", "is read by nobody")],
    )


@pytest.mark.parametrize("state", ["awaiting_approval", "local"])
def test_nobody_is_said_to_be_mailed_who_is_not(community, desk, state):
    ticket = TicketFactory(community=community, sync_state=state, requester__email="ana@example.org" if state != "local" else "")
    page = desk.get(ticket.get_absolute_url()).content.decode()
    assert ("No mail: they read it on the page of Kelp Watch" in page, 'name="reply-cc"' in page) == (True, False)


@pytest.mark.parametrize("text", ["lee@example.org, nonsense", "a@b", ", ".join(f"a{n}@example.org" for n in range(21))])
def test_what_is_no_address_sends_nothing(desk, text):
    ticket = TicketFactory()
    response = desk.post(reverse("support:desk_reply", args=[ticket.reference]), {"reply-body": "Hi", "reply-version": 1, "reply-cc": text})
    assert (response.status_code, Message.objects.count()) == (422, 0)


def test_copies_that_were_taken_away_get_no_mail_and_added_ones_do(desk):
    ticket = TicketFactory(requester__email="ana@example.org")
    MessageFactory(ticket=ticket, kind="incoming", message_id="a@b", cc=["lee@example.org"])
    desk.post(
        reverse("support:desk_reply", args=[ticket.reference]), {"reply-body": "Hi", "reply-version": 1, "reply-cc": "Kim@example.org"}
    )
    assert (Message.objects.get(kind="reply").cc, OutgoingMail.objects.get().to) == (["kim@example.org"], ["ana@example.org"])


def test_addressed_fragment_says_who_gets_it(desk, community):
    ticket = TicketFactory(community=community)
    page = desk.post(reverse("support:desk_recipients", args=[ticket.reference]), {"reply-cc": "eve@other.example"}).content.decode()
    assert ("eve@other.example" in page, "is not in Kelp Watch" in page, "<html" in page) == (True, True, False)


def test_articles_are_found_only_if_the_community_may_read_them_and_citing_is_recorded(desk, community, sam, settings):
    opening.open_shared(by=Actor.system())
    edition = Edition.objects.filter(audience="public").first() or Edition.objects.first()
    hidden = Edition.objects.exclude(pk=edition.pk).first()
    Edition.objects.filter(pk=hidden.pk).update(audience="staff")
    ticket = TicketFactory(community=community)

    def options(words):
        return desk.get(reverse("support:desk_articles", args=[ticket.reference]), {"q": words}, headers={"X-Lookup": "1"}).content.decode()

    assert (f">{edition.title} <" in options(edition.title), f">{hidden.title} <" in options(hidden.title)) == (True, False)
    link = f"[{edition.title}]({settings.SITE_URL}/c/kelp/kb/{edition.address}/)"
    reply = replies.reply(ticket, body=f"See {link} and [that](https://elsewhere.example/kb/x/)", by=acting(sam))
    assert list(Citation.objects.values_list("ticket", "message", "article")) == [(ticket.pk, reply.pk, edition.pk)]


def test_note_calls_people_by_whole_name_or_address(sam):
    luz, luzia = (staff(StaffGroup.ENGINEER, name=name, email=f"{name[:3].lower()}{len(name)}@hubs.example") for name in ("Luz", "Luz Ia"))
    member(CommunityFactory(), Role.MEMBER, name="Outsider")
    note = replies.note(TicketFactory(), body="@Luz Ia look; @sam@hubs.example too; mail x@Luz; @Outsider; @Luzern", by=acting(sam))
    assert (mentions.of(note), luz in mentions.of(note)) == ([luzia, sam], False)


def test_two_of_one_name_are_called_by_address():
    one, two = (staff(StaffGroup.ENGINEER, name="Luz", email=f"luz{n}@hubs.example") for n in (1, 2))
    assert (mentions.name_for(one, [one, two]), mentions.name_for(one, [one])) == ("luz1@hubs.example", "Luz")


def test_a_reply_calls_nobody(sam):
    assert mentions.of(replies.reply(TicketFactory(), body="@Sam look", by=acting(sam))) == []


def test_sending_on_opens_the_next_of_the_view_and_is_remembered(desk, sam):
    tickets = [TicketFactory(assignee=sam) for _ in range(3)]
    newest, middle = tickets[2], tickets[1]
    address = reverse("support:desk_reply", args=[newest.reference]) + "?view=mine"

    response = desk.post(address, {"reply-body": "Hi", "reply-version": 1, "reply-then": "next", "reply-then-was": "stay"})

    assert response["Location"] == reverse("support:desk_ticket", args=[middle.reference]) + "?view=mine"
    assert DeskPreferences.objects.get().after_send == "next"
    assert '<option value="next" selected>' in desk.get(middle.get_absolute_url()).content.decode()


@pytest.mark.parametrize(("then", "status"), [("wait", Status.WAITING_ON_REQUESTER), ("solve", Status.SOLVED), ("stay", Status.OPEN)])
def test_what_comes_next_sets_the_status_it_stands_for(desk, then, status):
    ticket = TicketFactory()
    desk.post(reverse("support:desk_reply", args=[ticket.reference]), {"reply-body": "Hi", "reply-version": 1, "reply-then": then})
    ticket.refresh_from_db()
    assert ticket.status_id == status


@pytest.mark.parametrize(("body", "letters"), [("", 0), ("All done", 1)])
def test_solving_sends_what_is_written_and_nothing_else(desk, body, letters):
    ticket = TicketFactory()
    desk.post(reverse("support:desk_solve", args=[ticket.reference]), {"reply-body": body, "reply-version": 1})
    ticket.refresh_from_db()
    assert (ticket.status_id, Message.objects.count(), DeskPreferences.objects.count()) == (Status.SOLVED, letters, 0)


def test_solving_past_an_unseen_letter_is_stale(desk):
    ticket = TicketFactory()
    replies.add_incoming(ticket, body="It broke again", by=Actor.system())
    response = desk.post(reverse("support:desk_solve", args=[ticket.reference]), {"reply-body": "", "reply-version": 1})
    assert (response.status_code, "It broke again" in response.content.decode()) == (409, True)
