"""The start, the communities and a community's home, through the client."""

import pytest
from django.test import Client
from django.urls import reverse

from communities.roles import Role, StaffGroup
from tests.factories import CommunityFactory, UserFactory, member, staff

pytestmark = pytest.mark.django_db


def test_start_tells_a_stranger_what_this_is_and_how_to_apply(client: Client) -> None:
    page = client.get("/").content.decode()
    assert "Apply for a hub" in page
    assert 'href="/apply/"' in page


def test_start_greets_who_is_signed_in(client: Client) -> None:
    client.force_login(UserFactory(name="Ana Lopes"))
    assert "Hello, Ana" in client.get("/").content.decode()


@pytest.mark.parametrize("name", ["portal:communities", "portal:community"])
def test_pages_of_communities_send_a_stranger_to_the_login(client: Client, name: str) -> None:
    args = [CommunityFactory().slug] if name == "portal:community" else []
    response = client.get(reverse(name, args=args))
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/accounts/login/")


def test_communities_lists_only_those_a_person_belongs_to(client: Client) -> None:
    own, other = CommunityFactory(name="Reef watch"), CommunityFactory(name="Glacier school")
    client.force_login(member(own, Role.MEMBER))
    page = client.get("/c/").content.decode()
    assert own.name in page
    assert other.name not in page


def test_home_of_another_community_is_not_found(client: Client) -> None:
    client.force_login(member(CommunityFactory(), Role.REPRESENTATIVE))
    assert client.get(CommunityFactory().get_absolute_url()).status_code == 404


def test_status_is_open_to_everybody(client: Client) -> None:
    assert client.get("/status/").status_code == 200


@pytest.mark.parametrize("path", ["/", "/c/"])
def test_pages_take_the_same_queries_with_three_and_with_three_hundred_communities(
    client: Client, django_assert_max_num_queries: object, path: str
) -> None:
    counts = []
    for number in (3, 297):
        CommunityFactory.create_batch(number)
        client.force_login(staff(StaffGroup.COMMUNITY_GUIDE))
        with django_assert_max_num_queries(12) as queries:
            client.get(path)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_host_that_is_not_ours_gets_the_page_of_a_bad_request(client: Client) -> None:
    response = client.get("/", headers={"host": "evil.com"})
    assert (response.status_code, "We could not read that request" in response.content.decode()) == (400, True)
