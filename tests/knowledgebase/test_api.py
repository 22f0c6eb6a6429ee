"""Articles in the API."""

import pytest

from communities.tokens import mint
from tests.factories import CommunityFactory, member
from tests.knowledgebase.factories import bare, published

pytestmark = pytest.mark.django_db


def test_a_stranger_gets_public_articles_with_the_promised_fields(client):
    published(bare(), title="Storage", summary="Where files are.")
    published(bare(), title="Inner storage", audience="members")
    results = client.get("/api/v1/articles/?q=storage").json()["results"]
    assert [{**one, "id": 0, "score": 0} for one in results] == [
        {"id": 0, "title": "Storage", "url": "/kb/storage/", "excerpt": "Where files are.", "score": 0, "shared": True, "language": "en"}
    ]


def test_a_members_token_opens_the_own_community_and_no_other(client):
    ours, theirs = CommunityFactory(slug="ours"), CommunityFactory(slug="theirs")
    for community in (ours, theirs):
        published(bare(community), title=f"Data of {community.slug}", audience="members")
    token = {"headers": {"Authorization": f"Token {mint(member(ours), name='test')}"}}
    assert [one["url"] for one in client.get("/api/v1/articles/", **token).json()["results"]] == ["/c/ours/kb/data-of-ours/"]
    assert [one["url"] for one in client.get("/api/v1/articles/?q=data&community=ours", **token).json()["results"]] == [
        "/c/ours/kb/data-of-ours/"
    ]
    refused = client.get("/api/v1/articles/?community=theirs", **token)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, "/community")
    assert client.get("/api/v1/articles/?community=nobody", **token).json() == refused.json()


def test_suggestions_put_the_own_article_first(client):
    ours = CommunityFactory(slug="ours")
    published(bare(), title="Server does not start")
    published(bare(ours), title="Our server", body="When it does not start.", audience="members")
    token = {"headers": {"Authorization": f"Token {mint(member(ours), name='test')}"}}
    results = client.get("/api/v1/articles/suggest/?q=server start&community=ours", **token).json()["results"]
    assert [(one["title"], one["shared"]) for one in results] == [("Our server", False), ("Server does not start", True)]


def test_pages_follow_a_cursor(client):
    for number in range(3):
        published(bare(), title=f"A{number}")
    first = client.get("/api/v1/articles/?page_size=2").json()
    second = client.get(first["next"]).json()
    assert ([one["title"] for one in first["results"] + second["results"]], second["next"]) == (["A0", "A1", "A2"], None)


def test_found_articles_follow_a_cursor_and_come_once(client):
    for number in range(3):
        published(bare(), title=f"Storage {number}")
    first = client.get("/api/v1/articles/?q=storage&page_size=2").json()
    second = client.get(first["next"]).json()
    assert [len(first["results"]), len(second["results"]), second["next"]] == [2, 1, None]
    assert {one["title"] for one in first["results"] + second["results"]} == {"Storage 0", "Storage 1", "Storage 2"}


@pytest.mark.parametrize("query", ["language=xx", "q=storage&language=xx"])
def test_an_unknown_language_is_named(client, query):
    response = client.get(f"/api/v1/articles/?{query}")
    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (400, "/language")
