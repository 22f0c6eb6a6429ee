"""How it went: three faces, once, changeable for a week; by page, by link, never by a scanner of mail."""

from datetime import timedelta

import pytest
import time_machine
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from communities.roles import Role, StaffGroup
from ground.models import OutgoingMail
from ground.states import WrongState
from ground.sweep import perform_due
from support import tickets
from support.asking import rating, surveys
from support.emails import SURVEY_SALT
from support.models import SatisfactionRating, Survey, Ticket
from support.states import Face
from tests.factories import CommunityFactory, acting, member, staff
from tests.support.asking.factories import waiting_ticket
from tests.support.factories import TicketFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def community():
    return CommunityFactory(slug="coastal", name="Coastal")


@pytest.fixture
def bo(community):
    return member(community, Role.MEMBER, name="Bo", email="bo@example.org")


@pytest.fixture
def solved(community, bo):
    ticket = tickets.open_ticket(community, subject="No server", body="It fails", by=acting(bo))
    return tickets.solve(ticket, by=acting(staff(StaffGroup.SUPPORT_AGENT)))


def signed_in(user):
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_said_on_the_page_it_shows_at_the_desk_and_in_the_history(solved, bo):
    page = signed_in(bo).get(f"/c/coastal/tickets/{solved.reference}/").content.decode()
    assert all(word in page for word in ("How did we help?", "Good", "Okay", "Not good"))
    signed_in(bo).post(f"/c/coastal/tickets/{solved.reference}/rate/", {"face": "-103", "feedback": "It broke again"})

    solved.refresh_from_db()
    event = solved.events.get(field="rated")
    assert (solved.satisfaction, solved.version, event.after, event.note, event.actor) == (-103, 3, "-103", "It broke again", bo)
    desk = signed_in(staff(StaffGroup.SUPPORT_AGENT)).get(f"/desk/tickets/{solved.reference}/").content.decode()
    assert "Not good" in desk
    assert "It broke again" in desk
    assert solved.is_over, "a bad rating opens nothing"


def test_an_open_ticket_is_not_rated(community, bo):
    ticket = tickets.open_ticket(community, subject="No server", body="It fails", by=acting(bo))
    with pytest.raises(WrongState):
        rating.rate(ticket, face=Face.GOOD, feedback="", by=acting(bo))
    assert not SatisfactionRating.objects.exists()


def test_a_merged_ticket_is_rated_when_the_one_it_is_answered_in_is_solved(solved, community, bo):
    primary = TicketFactory(community=community)
    Ticket.objects.filter(pk=solved.pk).update(merged_into=primary)
    with pytest.raises(WrongState):
        rating.rate(solved, face=Face.GOOD, feedback="", by=acting(bo))
    tickets.solve(primary, by=acting(staff(StaffGroup.SUPPORT_AGENT)))
    assert rating.rate(solved, face=Face.GOOD, feedback="", by=acting(bo)).rating == Face.GOOD


def test_it_may_change_for_seven_days_and_then_stands(solved, bo):
    first = rating.rate(solved, face=Face.GOOD, feedback="", by=acting(bo))
    with time_machine.travel(first.created_at + timedelta(days=6, hours=23)):
        rating.rate(solved, face=Face.OKAY, feedback="Slow", by=acting(bo))
    with time_machine.travel(first.created_at + timedelta(days=7, minutes=1)), pytest.raises(WrongState):
        rating.rate(solved, face=Face.BAD, feedback="", by=acting(bo))
    assert list(SatisfactionRating.objects.values_list("rating", "feedback")) == [(100, "Slow")]


def test_the_same_again_writes_nothing(solved, bo):
    for _twice in range(2):
        rating.rate(solved, face=Face.GOOD, feedback="", by=acting(bo))
    assert solved.events.filter(field="rated").count() == 1


def test_without_a_face_the_page_comes_again_with_the_words(solved, bo):
    response = signed_in(bo).post(f"/c/coastal/tickets/{solved.reference}/rate/", {"feedback": "Thank you"})
    assert (response.status_code, "Thank you" in response.content.decode()) == (422, True)


def link(ticket):
    return reverse("support:rate_by_link", args=[signing.dumps(ticket.pk, salt=SURVEY_SALT)])


def test_opening_the_link_says_nothing_and_sending_does(solved):
    stranger = Client()
    for _scanner in range(3):
        assert stranger.get(link(solved) + "?face=103").status_code == 200
        assert stranger.head(link(solved)).status_code == 200
    assert not SatisfactionRating.objects.exists()
    assert stranger.post(link(solved), {"face": "103", "feedback": ""}).status_code == 200
    solved.refresh_from_db()
    assert (solved.satisfaction, solved.events.get(field="rated").actor_role) == (103, "link")


@pytest.mark.parametrize("spoil", [lambda token: token[:-2] + "xx", lambda _token: "1", lambda _token: signing.dumps(1, salt="other")])
def test_a_link_that_is_not_ours_opens_nothing(solved, spoil):
    token = signing.dumps(solved.pk, salt=SURVEY_SALT)
    assert Client().get(reverse("support:rate_by_link", args=[spoil(token)])).status_code == 404


def test_an_old_link_opens_nothing(solved):
    address = link(solved)
    with time_machine.travel(timezone.now() + timedelta(days=61)):
        assert Client().get(address).status_code == 404


def test_who_asked_is_asked_once_an_hour_after(solved, mailoutbox):
    assert surveys.ask() == 0
    with time_machine.travel(solved.solved_at + timedelta(minutes=61)):
        assert (surveys.ask(), surveys.ask()) == (1, 0)
        perform_due()
    asked = [mail for mail in mailoutbox if "How did it go?" in mail.subject]
    assert [mail.to for mail in asked] == [["bo@example.org"]]
    path = next(word for word in asked[0].body.split() if "/rate/" in word).split("://")[1].split("/", 1)[1]
    assert "No server" in Client().get(f"/{path}").content.decode()


@pytest.mark.parametrize("case", ["rated", "opened again", "long ago", "nobody to ask", "waits", "merged"])
def test_who_is_not_asked(case, solved, community, bo):
    later = solved.solved_at + timedelta(hours=2)
    match case:
        case "rated":
            rating.rate(solved, face=Face.GOOD, feedback="", by=acting(bo))
        case "opened again":
            tickets.reopen(solved, by=acting(bo))
        case "long ago":
            later = solved.solved_at + timedelta(days=4)
        case "nobody to ask":
            Ticket.objects.update(requester=None)
        case "waits":
            Ticket.objects.update(sync_state="awaiting_approval")
        case "merged":
            Ticket.objects.filter(pk=solved.pk).update(merged_into=TicketFactory(community=community))
    with time_machine.travel(later):
        assert surveys.ask() == 0
    assert not Survey.objects.exists()


def test_when_freshdesk_is_connected_it_asks(solved, settings):
    settings.FRESHDESK_URL = "http://acme.freshdesk.test"
    settings.FRESHDESK_API_KEY = "key"
    with time_machine.travel(solved.solved_at + timedelta(hours=2)):
        assert surveys.ask() == 0
    assert not OutgoingMail.objects.filter(kind="support/survey.txt").exists()


def test_a_solved_ticket_of_somebody_else_is_not_theirs_to_rate(community, bo):
    ticket = TicketFactory(community=community, status_id=4)
    ana = member(community, Role.REPRESENTATIVE)
    assert signed_in(ana).post(f"/c/coastal/tickets/{ticket.reference}/rate/", {"face": "103"}).status_code == 404


def test_reopened_from_the_page(solved, bo):
    signed_in(bo).post(f"/c/coastal/tickets/{solved.reference}/reopen/")
    solved.refresh_from_db()
    assert not solved.is_over
    declined = waiting_ticket(community=solved.community, by=acting(bo))
    assert not declined.is_over
