"""The desk's pure rules: which row of a matrix, which words for a time."""

from datetime import UTC, datetime, timedelta

import pytest

from ground.sanitising import from_markdown, letter_html, plain_text
from support.freshdesk.shapes import Conversation
from support.recording.external_keys import content_hash, new_external_key, tag_of
from support.sync.looking import fingerprint
from support.timing.words import Clock, clock, span
from support.triage.responsibility import Row, likeliest

NOW = datetime(2026, 3, 3, 14, tzinfo=UTC)
IMAGES = Row(key="images", party="community", text="Software images: choose and update packages")
CLOUD = Row(key="cloud", party="provider", text="Cloud account: keep the cluster running")


@pytest.mark.parametrize(
    ("words", "row"),
    [("Please update the package of our image", IMAGES), ("the cluster is not running", CLOUD), ("hello", None), ("", None)],
)
def test_likeliest_row_shares_most_words(words, row):
    assert likeliest([IMAGES, CLOUD], text=words) == row


def test_of_rows_that_share_as_much_the_first_is_taken():
    assert likeliest([IMAGES, CLOUD], text="packages of the cluster") == IMAGES


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(seconds=20), "under a minute"),
        (timedelta(minutes=89), "89 min"),
        (timedelta(minutes=90), "1 h"),
        (timedelta(hours=47), "47 h"),
        (timedelta(days=3), "3 days"),
    ],
)
def test_span_is_said_in_the_largest_unit_that_says_enough(length, words):
    assert span(length) == words


def test_clock_warns_before_and_says_how_late():
    assert clock(None, NOW) is None
    assert clock(NOW + timedelta(hours=5), NOW) == Clock("wait", "reply in 5 h")
    assert clock(NOW + timedelta(hours=2), NOW, "next") == Clock("act", "reply in 2 h")
    assert clock(NOW - timedelta(minutes=40), NOW, "first") == Clock("bad", "first reply overdue 40 min")
    assert clock(NOW + timedelta(days=3), NOW, "resolution") == Clock("wait", "resolution in 3 days")
    assert clock(None, NOW, is_paused=True) == Clock("paused", "paused")


def test_external_key_fits_freshdesks_tag():
    assert (len(new_external_key()), len(tag_of(new_external_key())) <= 32) == (26, True)


def test_content_hash_survives_reflow_and_nothing_else():
    assert content_hash("Hello  there\n you") == content_hash("hello there you") != content_hash("hello you")


@pytest.mark.parametrize(
    "words",
    ["Try this:\n\n> restart it", "It is mended.\n\nOn Monday Ana wrote:\n\n> broken", "See ![plot](https://x.example/a.png) there"],
)
def test_a_reply_that_quotes_comes_back_from_freshdesk_with_the_same_fingerprint(words):
    sent = from_markdown(words)
    back = Conversation.read({"id": 1, "body": f'<div style="font-size:14px">{sent}</div>', "body_text": "  "})

    assert content_hash(plain_text(sent)) == fingerprint(back) == content_hash(plain_text(letter_html(back.body)))
