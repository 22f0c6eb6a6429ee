"""A stored letter as it is shown: the fold's words, pictures in words or loaded, never more than was stored."""

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from ground.quoting import FOLD
from ground.sanitising import letter_html
from support.history.showing import images_in, shown

LOGO = '<p><img data-remote-src="http://cdn.example.org/a?b=1&amp;c=2" alt="Our &lt;logo&gt;" width="90"></p>'


def test_a_fold_says_in_the_readers_language_what_is_in_it():
    with translation.override("en"):
        assert shown(f"a{FOLD}b</details>", images=False) == 'a<details class="quoted"><summary>Show quoted text</summary>b</details>'


@pytest.mark.parametrize(
    ("images", "page"),
    [
        (False, '<p><span class="unshown">Our &lt;logo&gt;: image from cdn.example.org, not shown</span></p>'),
        (
            True,
            '<p><img alt="Our &lt;logo&gt;" loading="lazy" referrerpolicy="no-referrer" src="https://cdn.example.org/a?b=1&amp;c=2" width="90"></p>',
        ),
    ],
)
def test_a_picture_from_outside_stands_as_words_until_it_is_asked_for(images, page):
    assert (shown(LOGO, images=images), images_in(LOGO)) == (page, 1)


def test_a_picture_without_words_names_its_host_and_loads_as_decoration():
    text = '<img data-remote-src="https://x.example/a">'
    assert shown(text, images=False) == '<span class="unshown">Image from x.example, not shown</span>'
    assert shown(text, images=True) == '<img alt="" loading="lazy" referrerpolicy="no-referrer" src="https://x.example/a">'


@pytest.mark.parametrize(
    "text", ['<p><img src="/files/1.png" alt="x"></p>', '<p>&lt;img data-remote-src="https://x.example/a"></p>', "", "<p>a</p>"]
)
@pytest.mark.parametrize("images", [False, True])
def test_what_holds_no_picture_from_outside_is_shown_as_it_stands(text, images):
    assert (shown(text, images=images), images_in(text)) == (text, 0)


@given(st.text(), st.text())
def test_no_address_and_no_words_of_a_stranger_leave_their_place(path, alt):
    escaped = alt.replace("&", "&amp;").replace('"', "&quot;")
    stored = letter_html(f'<img src="https://x.example/{path.replace("&", "&amp;").replace(chr(34), "&quot;")}" alt="{escaped}">')

    for images in (False, True):
        page = shown(stored, images=images)
        assert page.count("<") <= 2
        assert page.startswith(("<img alt=", "<span class=")) or page == ""
