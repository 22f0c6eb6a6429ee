"""The palette finds what its reader may open, and nothing else."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from communities.roles import Role, StaffGroup
from ground.actors import Actor
from portal import palette
from support import search
from tests.factories import CommunityFactory, acting, member, staff
from tests.support.factories import TicketFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def kelp():
    return CommunityFactory(slug="kelp-watch", name="Kelp Watch")


def found(actor, query):
    return {str(group.word): [entry.words for entry in group.entries] for group in palette.find(actor, query)}


def indexed(**values):
    ticket = TicketFactory(**values)
    search.index(ticket)
    return ticket


def test_staff_find_communities_and_tickets_by_words_and_by_reference(kelp):
    ticket = indexed(community=kelp, subject="Kelp image is old")
    sam = acting(staff(StaffGroup.SUPPORT_AGENT))
    assert found(sam, "kelp") == {"Communities": ["Kelp Watch"], "Tickets": ["Kelp image is old"]}
    assert found(sam, ticket.reference)["Tickets"] == ["Kelp image is old"]


def test_member_finds_their_own_and_nothing_of_another_community(kelp):
    other = CommunityFactory(slug="other", name="Kelp Other")
    indexed(community=other, subject="Kelp secret")
    mine = indexed(community=kelp, subject="Kelp question", opened_by=member(kelp, Role.MEMBER))
    assert found(acting(mine.opened_by), "kelp") == {"Communities": ["Kelp Watch"], "Tickets": ["Kelp question"]}
    assert found(acting(member(other, Role.REPRESENTATIVE)), "question") == {}


def test_nobody_finds_nothing_of_anybody(kelp):
    indexed(community=kelp, subject="Kelp secret")
    assert found(Actor.anonymous(), "kelp") == {}


def test_places_are_those_of_the_reader(kelp):
    assert found(acting(staff(StaffGroup.SUPPORT_AGENT)), "desk") == {"Go to": ["Desk", "Keys of the desk"]}
    assert found(acting(member(kelp, Role.MEMBER)), "desk") == {}


def test_one_letter_finds_places_alone(kelp):
    assert set(found(acting(member(kelp, Role.MEMBER)), "k")) == {"Go to"}


@pytest.mark.parametrize("query", ["%", "'\"", "\x00", "T-", "a" * 900])
def test_palette_answers_whatever_is_typed(kelp, query):
    client = Client()
    client.force_login(member(kelp, Role.MEMBER), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("portal:palette"), {"q": query, "list": 1}).status_code == 200


def test_palette_costs_the_same_with_one_ticket_and_many(kelp):
    client = Client()
    client.force_login(staff(StaffGroup.SUPPORT_AGENT), backend="django.contrib.auth.backends.ModelBackend")

    def count():
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("portal:palette"), {"q": "kelp", "list": 1})
        return len(captured)

    indexed(community=kelp, subject="Kelp one")
    count()
    one = count()
    for number in range(4):
        indexed(community=CommunityFactory(name=f"Kelp {number}"), subject=f"Kelp {number}")
    assert count() == one


def test_member_finds_their_own_ticket_that_waits_for_approval_and_the_desk_does_not(kelp):
    mine = indexed(community=kelp, subject="Reef question", opened_by=member(kelp, Role.MEMBER), sync_state="awaiting_approval")
    assert found(acting(mine.opened_by), "reef") == {"Tickets": ["Reef question"]}
    assert found(acting(staff(StaffGroup.SUPPORT_AGENT)), "reef") == {}
