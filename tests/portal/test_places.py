"""The places in the head of the page, by who reads it."""

import pytest

from communities.roles import Role, StaffGroup
from ground.actors import Actor
from portal.places import places_of
from tests.factories import CommunityFactory, acting, member, staff

pytestmark = pytest.mark.django_db


def urls(actor: Actor) -> list[str]:
    return [place.url for place in places_of(actor, "/status/")]


def test_a_stranger_finds_apply_and_what_is_public():
    assert urls(Actor.anonymous()) == ["/apply/", "/kb/", "/status/"]


def test_a_member_finds_their_communities_and_no_staff_rooms():
    assert urls(acting(member(CommunityFactory(), Role.MEMBER))) == ["/c/", "/kb/", "/status/"]


@pytest.mark.parametrize(
    ("group", "rooms"),
    [
        (StaffGroup.REVIEWER, ["/review/"]),
        (StaffGroup.COMMUNITY_GUIDE, ["/review/onboarding/", "/desk/", "/hubs/all/"]),
        (StaffGroup.SUPPORT_AGENT, ["/desk/", "/hubs/all/"]),
        (StaffGroup.ENGINEER, ["/desk/", "/hubs/"]),
        (StaffGroup.OPERATOR, ["/review/", "/desk/", "/hubs/"]),
    ],
)
def test_staff_find_their_own_rooms(group: StaffGroup, rooms: list[str]):
    assert urls(acting(staff(group))) == ["/c/", *rooms, "/kb/", "/status/"]


def test_the_place_one_stands_at_is_marked():
    assert [place.url for place in places_of(Actor.anonymous(), "/status/") if place.is_here] == ["/status/"]
