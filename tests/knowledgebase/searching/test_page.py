"""The search page, through the client."""

import pytest
from django.test import Client

from knowledgebase.models import LanguageShelf
from tests.factories import CommunityFactory, member
from tests.knowledgebase.factories import bare, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def community():
    return CommunityFactory(slug="coastal", name="Coastal")


@pytest.fixture
def signed_in(community) -> Client:
    client = Client()
    client.force_login(member(community), backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(client: Client, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


def test_a_row_says_who_wrote_it_in_which_section_and_where_the_words_stand(signed_in, community):
    section = published(bare(), title="Files").article
    published(section, title="Quota", body="How large your **quota** is <b>today</b>.")
    published(bare(community), title="Our quota", audience="members")
    text = page(signed_in, "/c/coastal/kb/search/?q=quota")
    assert "<span>Written by Coastal</span>" in text
    assert '<span>Shared with every community</span> <span lang="en">Files</span>' in text
    assert '<p lang="en">How large your <mark>quota</mark> is' in text


def test_another_language_is_named(client):
    shelf = bare().add_child(instance=LanguageShelf(title="Español", slug="es"))
    published(shelf, title="Cuota")
    assert '<span lang="es">español</span>' in page(client, "/kb/search/?q=cuota")


def test_put_right_words_are_told_and_linked(client):
    published(bare(), title="Choose an environment")
    assert 'Showing results for <a href="/kb/search/?q=environment">environment</a>' in page(client, "/kb/search/?q=enviroment")


def test_where_nothing_fits_the_words_stay_and_lead_to_support(signed_in, client, community):
    published(bare(community), title="Public", audience="public")
    mine = page(signed_in, "/c/coastal/kb/search/?q=volcano")
    assert 'value="volcano"' in mine
    assert 'href="/c/coastal/tickets/new/?subject=volcano"' in mine
    assert "tickets/new" not in page(client, "/c/coastal/kb/search/?q=volcano")


def test_what_hardly_fits_is_shown_with_the_way_to_support(signed_in, community):
    published(bare(community), title="Kernels", audience="members")
    mine = page(signed_in, "/c/coastal/kb/search/?q=kernels+volcano+geyser")
    assert ("Kernels" in mine, "No article holds most of your words." in mine, "subject=kernels" in mine) == (True, True, True)


@pytest.mark.parametrize("query", ["<script>alert(1)</script>", "%00", "%22%27)(:*", "a" * 3000, "%F0%9F%92%A5", "AND OR NOT NEAR(", "%ff"])
def test_hostile_words_get_a_page(client, query):
    published(bare(), title="Anything")
    response = client.get(f"/kb/search/?q={query}")
    assert (response.status_code, "<script>alert" in response.content.decode()) == (200, False)


def test_queries_are_the_same_with_one_and_three_rows(signed_in, community, django_assert_num_queries, django_assert_max_num_queries):
    section = published(bare(), title="Files").article
    published(section, title="Quota 1", body="text")
    signed_in.get("/c/coastal/kb/search/?q=quota")
    with django_assert_max_num_queries(20) as few:
        signed_in.get("/c/coastal/kb/search/?q=quota")
    for number in (2, 3):
        section.refresh_from_db()
        published(section, title=f"Quota {number}", body="text")
    with django_assert_num_queries(len(few)):
        signed_in.get("/c/coastal/kb/search/?q=quota")
