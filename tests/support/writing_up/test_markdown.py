"""The HTML of letters as Markdown and code."""

import time

import pytest

from ground.sanitising import from_markdown, from_plain, letter_html
from knowledgebase.markdown import Anchors, to_html
from support.writing_up.markdown import Passage, passages


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (
            from_markdown("Try **this**:\n\n1. open\n2. close\n\nThen `ls -l`."),
            [Passage("Try this:\n\n1. open\n2. close\n\nThen `ls -l`.")],
        ),
        (from_markdown("Run\n\n```bash\nls *\n```\n\nthen"), [Passage("Run"), Passage("ls *", is_code=True), Passage("then")]),
        (from_markdown("- a\n- b"), [Passage("- a\n- b")]),
        (from_markdown("[words](https://a.example/b)"), [Passage("[words](https://a.example/b)")]),
        ('<a href="https://a.example/b">https://a.example/b</a>', [Passage("<https://a.example/b>")]),
        ('<a href="mailto:a@b.example">write</a>', [Passage("write")]),
        ("<blockquote><p>before</p><p>again</p></blockquote><p>now</p>", [Passage("> before\n>\n> again\n\nnow")]),
        ("<h2>Head</h2><p>text</p>", [Passage("### Head\n\ntext")]),
        ("<table><tr><td>a</td><td>b</td></tr></table>", [Passage("a b")]),
        ('<p>see <img src="/files/x.png" alt="x"></p>', [Passage("see")]),
        ("", []),
    ],
)
def test_a_letter_becomes(html, expected):
    assert [Passage(each.text, each.is_code) for each in passages(html)] == expected


@pytest.mark.parametrize(
    "words", ["# a", "*a* _b_", "[x](javascript:alert(1))", "a\n---", "<b>x</b>", "`x`", "![x](https://evil.example/y.png)"]
)
def test_what_somebody_typed_plainly_is_read_plainly(words):
    """Nothing typed as plain words turns into a heading, a link, a picture or HTML."""
    markdown = passages(letter_html(from_plain(words)))[0].text
    html = to_html(markdown, Anchors())
    assert not any(tag in html for tag in ("<h", "<a ", "<img", "<b>", "<em>", "<code>", "<strong>"))


@pytest.mark.parametrize(
    "html", ["<ul>" * 3_000, "<blockquote>" * 3_000 + "x", "<a href='https://a.example'>" * 3_000, "<pre>" * 3_000, "</p>" * 9_000]
)
def test_a_hostile_letter_takes_no_longer(html):
    began = time.monotonic()
    passages(letter_html(html))
    assert time.monotonic() - began < 3
