"""What a search page says of itself is counted: which articles were found, and which was opened."""

import pytest
from django.test import Client

from communities.roles import Role
from support.asking import deflecting
from support.models import Suggested
from tests.factories import CommunityFactory, member
from tests.knowledgebase.factories import bare, published

pytestmark = pytest.mark.django_db
HERE = {"Origin": "http://testserver"}


def rows():
    return list(Suggested.objects.order_by("pk").values_list("step", "place", "article", "community"))


def test_found_and_opened_articles_are_counted_without_a_cookie(client):
    first, second, form = published(bare(), title="One"), published(bare(), title="Two"), deflecting.new_form()
    answers = [
        client.post("/kb/found/shown/", {"form": form, "article": [first.pk, second.pk]}, headers=HERE),
        client.post("/kb/found/opened/", {"form": form, "article": [second.pk]}, headers=HERE),
        client.post("/kb/found/opened/", {"form": form, "article": [second.pk]}, headers=HERE),
    ]
    assert [(answer.status_code, dict(answer.cookies)) for answer in answers] == [(204, {})] * 3
    assert sorted(rows(), key=str) == sorted(
        [
            *(("shown", "search", article, None) for article in (None, first.pk, second.pk)),
            *(("opened", "search", article, None) for article in (None, second.pk)),
        ],
        key=str,
    )


@pytest.mark.parametrize("articles", [["0"], ["x"], ["9" * 40], ["-1"], ["²"], ["1 OR 1"], []])
def test_what_names_no_article_counts_none(client, articles):
    published(bare(), title="One")
    assert client.post("/kb/found/opened/", {"form": deflecting.new_form(), "article": articles}, headers=HERE).status_code == 204
    assert [article for _step, _place, article, _community in rows()] == [None]


def test_an_article_one_may_not_read_is_not_counted(client):
    hidden = published(bare(CommunityFactory()), title="Hidden", audience="members")
    client.post("/kb/found/opened/", {"form": deflecting.new_form(), "article": [hidden.pk]}, headers=HERE)
    assert [article for _step, _place, article, _community in rows()] == [None]


def test_a_word_that_no_page_of_ours_made_counts_nothing(client):
    client.post("/kb/found/shown/", {"form": "ana@example.org", "article": []}, headers=HERE)
    assert rows() == []


def test_another_site_counts_nothing_and_a_flood_is_dammed(client):
    form = deflecting.new_form()
    assert client.post("/kb/found/shown/", {"form": form}, headers={"Origin": "https://evil.example"}).status_code == 403
    codes = [client.post("/kb/found/shown/", {"form": form}, headers=HERE).status_code for _ in range(121)]
    assert (codes[0], codes[-1], len(rows())) == (204, 429, 1)


def test_the_search_page_names_what_it_found_and_where_to_count_and_to_ask():
    community = CommunityFactory(slug="coastal")
    edition = published(bare(community), title="Storage quota", audience="members")
    client = Client()
    client.force_login(member(community, Role.MEMBER), backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/c/coastal/kb/search/?q=storage").content.decode()
    assert ('data-found="/c/coastal/kb/found/"' in page, f'data-article="{edition.pk}"' in page, "data-found-ask" in page) == (
        True,
        True,
        True,
    )
    form = deflecting.new_form()
    assert f'name="form" value="{form}"' in client.get(f"/c/coastal/tickets/new/?form={form}").content.decode()


def test_searches_are_one_insert(client, django_assert_max_num_queries):
    published(bare(), title="One")
    with django_assert_max_num_queries(4):
        client.post("/kb/found/shown/", {"form": deflecting.new_form(), "article": []}, headers=HERE)
