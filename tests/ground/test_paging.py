"""Paging by key."""

import base64
import json

import pytest

from communities.models import Community
from ground.paging import keyset
from tests.factories import CommunityFactory

pytestmark = pytest.mark.django_db


def pages(order, size):
    cursor, seen = "", []
    while True:
        page = keyset(Community.objects.all(), order=order, cursor=cursor, size=size)
        seen.append([community.name for community in page.rows])
        if not page.next:
            return seen
        cursor = page.next


@pytest.mark.parametrize("order", [("name", "pk"), ("-created_at", "-pk"), ("-name", "pk")])
def test_keyset_shows_every_row_once_whatever_the_order(order):
    for name in "baacb":
        CommunityFactory(name=name)
    assert [name for page in pages(order, 2) for name in page] == list(Community.objects.order_by(*order).values_list("name", flat=True))


def test_keyset_asks_once_a_page(django_assert_num_queries):
    CommunityFactory.create_batch(3)
    with django_assert_num_queries(1):
        keyset(Community.objects.all(), order=("name", "pk"), size=2)


@pytest.mark.parametrize("cursor", ["nonsense", "%%%", "W10", "eyJhIjoxfQ", "W1tdLFtdXQ", "WyJhIiwieCJd", "WyJhIiwxZTk5OV0"])
def test_a_cursor_that_nobody_gave_out_is_the_first_page(cursor):
    CommunityFactory(name="a")
    assert [row.name for row in keyset(Community.objects.all(), order=("name", "pk"), cursor=cursor).rows] == ["a"]


@pytest.mark.parametrize("value", ["x", "0001-01-01T00:00:00+14:00", 7, "\0", "\ud800", "2026-02-30T00:00:00Z"])
def test_a_moment_that_no_row_has_is_the_first_page(value):
    CommunityFactory(name="a")
    cursor = base64.urlsafe_b64encode(json.dumps([value, 1]).encode()).decode().rstrip("=")
    assert [row.name for row in keyset(Community.objects.all(), order=("-created_at", "-pk"), cursor=cursor).rows] == ["a"]


def test_a_cursor_of_the_api_that_nobody_gave_out_is_not_found(client):
    assert client.get("/api/v1/articles/", {"cursor": base64.b64encode(b"p=x").decode()}).status_code == 404
