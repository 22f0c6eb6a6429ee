"""The ground's pure rules."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ground.references import new_reference
from ground.sanitising import clean_html, from_markdown, from_plain, plain_text
from ground.texts import pick

HOSTILE = [
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    '<a href="javascript:alert(1)">x</a>',
    '<p style="position:fixed">x</p>',
    "<iframe src='//evil.example'></iframe>",
    '<img src="https://tracker.example/1.gif">',
    "<svg onload=alert(1)>",
    '<form action="/x"><input name=a></form>',
    "\x00<b>bold</b>",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_clean_html_keeps_nothing_that_runs_or_calls_home(text):
    cleaned = clean_html(text)
    assert not re.search(r"script|onerror|onload|javascript|style=|iframe|svg|form|tracker|\x00", cleaned)


@given(st.text())
def test_clean_html_is_the_same_done_twice(text):
    once = clean_html(text)
    assert clean_html(once) == once


def test_clean_html_gives_links_away_to_nobody():
    assert (
        clean_html('<a href="https://example.org" target="_blank">x</a>')
        == '<a href="https://example.org" rel="noopener noreferrer nofollow">x</a>'
    )


def test_from_markdown_leaves_raw_html_as_text():
    assert from_markdown("a <b>b</b> **c**") == "<p>a &lt;b&gt;b&lt;/b&gt; <strong>c</strong></p>\n"


def test_from_plain_keeps_lines_and_paragraphs():
    assert from_plain("a\nb\n\n<c>") == "<p>a<br>b</p><p>&lt;c&gt;</p>"


@given(st.text(alphabet=st.characters(blacklist_categories=["C", "Z"]), min_size=1))
def test_plain_text_gives_back_what_from_plain_was_given(text):
    assert plain_text(from_plain(text)) == text


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ({"en": "Name", "es": "Nombre"}, "es", "Nombre"),
        ({"en": "Name", "es": "Nombre"}, "pt-br", "Name"),
        ({"fr": "Nom"}, "en", "Nom"),
        ({}, "en", ""),
    ],
)
def test_pick_falls_back_to_english_then_to_whatever_there_is(text, language, expected):
    assert pick(text, language) == expected


def test_new_reference_can_be_read_out():
    assert re.fullmatch(r"CI-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", new_reference("CI"))
