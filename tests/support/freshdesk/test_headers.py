"""What is said beside the answers."""

from datetime import UTC, datetime

import pytest

from support.freshdesk import headers
from support.freshdesk.headers import Credits


@pytest.mark.parametrize(
    ("said", "credits_"),
    [
        ({}, Credits()),
        (
            {"x-ratelimit-total": "50.0", "x-ratelimit-remaining": "45.0", "x-ratelimit-used-currentrequest": "1"},
            Credits(used=1.0, remaining=45.0, total=50.0),
        ),
        ({"x-ratelimit-total": "400", "x-ratelimit-remaining": "0", "x-ratelimit-used-currentrequest": "3"}, Credits(3.0, 0.0, 400.0)),
        ({"x-ratelimit-total": "inf", "x-ratelimit-remaining": "-3", "x-ratelimit-used-currentrequest": "nan"}, Credits()),
        ({"x-ratelimit-total": "many", "x-ratelimit-remaining": "", "x-ratelimit-used-currentrequest": "-1"}, Credits()),
    ],
)
def test_credits(said, credits_):
    assert headers.credits_in(said) == credits_


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ({}, None),
        ({"retry-after": "30"}, 30.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "Sun, 22 Nov 2026 10:00:45 GMT", "date": "Sun, 22 Nov 2026 10:00:00 GMT"}, 45.0),
        ({"retry-after": "Sun, 22 Nov 2026 09:00:00 GMT", "date": "Sun, 22 Nov 2026 10:00:00 GMT"}, 0.0),
    ],
)
def test_retry_after(said, seconds):
    assert headers.retry_after(said) == seconds


@pytest.mark.parametrize(
    ("said", "moment"),
    [({"date": "Sun, 22 Nov 2026 10:00:00 GMT"}, datetime(2026, 11, 22, 10, tzinfo=UTC)), ({"date": "today"}, None), ({}, None)],
)
def test_the_servers_clock(said, moment):
    assert headers.answered_at(said) == moment


@pytest.mark.parametrize(
    ("link", "has_next"),
    [
        ('<https://acme.freshdesk.com/api/v2/tickets?page=2&per_page=100>; rel="next"', True),
        ('< https://acme.freshdesk.com/api/v2/tickets?page=2>;rel="next"', True),
        ("<https://acme.freshdesk.com/api/v2/tickets?page=2>; rel=next", True),
        ('<https://acme.freshdesk.com/api/v2/tickets?page=1>; rel="prev"', False),
        ("", False),
    ],
)
def test_another_page(link, has_next):
    assert headers.has_next_page({"link": link}) is has_next
