"""Rendering a body into what is kept for readers."""

import pytest

from ground.sanitising import article_html
from knowledgebase.blocks import BODY
from knowledgebase.rendering import render
from tests.knowledgebase.factories import bare, picture


def rendered(*blocks):
    return render(BODY.to_python([{"type": kind, "value": value} for kind, value in blocks]))


def parts(*blocks) -> list[dict]:
    return rendered(*blocks).parts


def html(*blocks) -> str:
    return "".join(part.get("html", "") for part in rendered(*blocks).parts)


def test_headings_begin_at_two_and_keep_unique_anchors_through_the_article():
    article = rendered(("text", "# Same\n\n## Same `code`\n\n#### Deep"), ("text", "## Same"))
    assert article.contents == [
        {"level": 2, "id": "same", "title": "Same"},
        {"level": 2, "id": "same-code", "title": "Same code"},
        {"level": 2, "id": "same-2", "title": "Same"},
    ]
    assert '<h2 id="same-2">Same</h2>' in article.parts[0]["html"]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("text", "<script>x</script><img src=x onerror=y> [a](javascript:x) [b](data:text/html,x)"),
        ("callout", {"tone": "note", "title": "<b onclick=x>", "text": "<script>x</script>"}),
        ("code", {"language": '"><script>', "code": "</code><script>x</script>"}),
        ("table", {"caption": "<script>", "rows": "<script>x</script> | b\n<img onerror=x> | d"}),
        ("steps", {"steps": [{"title": "<script>x</script>", "text": "<script>x</script>"}]}),
    ],
)
def test_nothing_that_runs_survives(kind, value):
    found = html((kind, value)).lower()
    assert not any(danger in found for danger in ("<script", "<img", 'href="javascript', 'href="data', "<b onclick"))


def test_live_blocks_stay_unfilled_between_the_html():
    article = rendered(("text", "a"), ("request", {"kind": "event", "words": "Soon"}), ("text", "b"))
    assert article.parts == [{"html": "<p>a</p>\n"}, {"live": "request", "kind": "event", "words": "Soon"}, {"html": "<p>b</p>\n"}]
    assert article.text == "a\nSoon\nb"


def test_code_is_coloured_in_a_known_language_and_plain_in_another():
    assert '<span class="kn">import</span>' in html(("text", "```python\nimport os\n```"))
    assert '<pre><code class="language-nosuch">import os' in html(("code", {"language": "nosuch", "code": "import os"}))


def test_a_table_has_a_heading_row_and_skips_rules():
    found = html(("table", {"caption": "Sizes", "rows": "| Size | Memory |\n|---|---|\n| small | **2 GB** |"}))
    assert (found.count("<th "), found.count("<td>"), "<strong>2 GB</strong>" in found) == (2, 2, True)


class TestMyst:
    def test_footnotes_are_numbered_through_the_article_and_said_at_its_end(self):
        found = parts(
            ("text", "A[^x] and[^y]."),
            ("hub_facts", {"title": ""}),
            ("text", "B[^x].\n\n[^x]: Said <b>so</b>.\n[^y]: [Out](https://example.org).\n[^z]: Unused."),
        )
        first, _live, last = found
        assert '<sup><a href="#note-1" id="from-note-1" rel="noopener noreferrer nofollow">1</a></sup>' in first["html"]
        assert 'href="#note-2"' in first["html"]
        assert last["html"].count("<li") == 2
        assert '<li id="note-1"><p>Said &lt;b&gt;so&lt;/b&gt;.</p>' in last["html"]
        assert "Unused" not in last["html"]

    def test_words_that_look_like_a_footnote_stay_words(self):
        assert parts(("text", "A [^x] without one."))[0]["html"] == "<p>A [^x] without one.</p>\n"

    def test_tasks_keys_and_line_breaks_are_shown(self):
        html = parts(
            ("text", "- [ ] open\n- [x] done\n- [y] none\n\nPress {kbd}`Ctrl<C`, H{sub}`2`O, {guilabel}`Stop`<br>now `<br>` <b>.")
        )[0]["html"]
        assert "<li>☐ open</li>\n<li>☑ done</li>\n<li>[y] none</li>" in html
        assert "Press <kbd>Ctrl&lt;C</kbd>, H<sub>2</sub>O, Stop<br>now <code>&lt;br&gt;</code> &lt;b&gt;." in html

    def test_terms_have_anchors_and_no_other_ids_get_in(self):
        html = parts(("text", "Kernel, Engine\n: Runs.\n\n[x](#note-1)"))[0]["html"]
        assert '<dt id="term-kernel-engine">Kernel, Engine</dt>' in html
        assert article_html('<a id="search" href="/x">a</a><li id="note-1">b</li><dt id="top">c</dt>') == (
            '<a rel="noopener noreferrer nofollow" href="/x">a</a><li id="note-1">b</li><dt>c</dt>'
        )

    def test_a_folded_callout_opens_by_its_title(self):
        html = parts(("callout", {"tone": "tip", "title": "More", "text": "Inside.", "folded": True}))[0]["html"]
        assert "<details" in html
        assert '<summary class="callout__title">More</summary>' in html

    @pytest.mark.django_db
    def test_captions_are_markdown_and_cells_may_hold_a_bar(self):
        image = picture(bare())
        figure, table = (
            {"image": image.pk, "alt": "a", "caption": "See **it**.", "width": "small"},
            {"caption": "*C*", "rows": r"| a | b \| c |"},
        )
        html = parts(("figure", figure), ("table", table))[0]["html"]
        assert '<figure class="figure--small">' in html
        assert "<figcaption>See <strong>it</strong>.</figcaption>" in html
        assert "<caption><em>C</em></caption>" in html
        assert '<th scope="col">b | c</th>' in html

    def test_a_document_linked_in_a_text_is_a_file_of_the_article(self):
        key = "0b5bdc53-6a51-4e31-9a2c-2f8b2a1f1f11"
        rendered = render(BODY.to_python([{"type": "text", "value": f"[plan](/files/documents/{key}/)"}]))
        assert {str(one) for one in rendered.documents} == {key}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (":::{note}\nSave **often**.\n:::", "<blockquote><p><strong>Note</strong></p>\n<p>Save <strong>often</strong>.</p>\n</blockquote>"),
        (
            "```{warning} Mind the gap\n:class: x\nStop.\n```",
            "<blockquote><p><strong>Mind the gap</strong></p>\n<p>Stop.</p>\n</blockquote>",
        ),
        (":::{nothing}\n<b>x</b>\n:::", "&lt;b&gt;x&lt;/b&gt;"),
        ("::::{tip}\n:::{note}\nInner.\n:::\n::::", "<p>Inner.</p>"),
        (":::{note} <script>x</script>\ny\n:::", "&lt;script&gt;x&lt;/script&gt;"),
    ],
)
def test_notes_as_myst_writes_them_are_quotations_with_their_kind(text, shown):
    assert shown in html(("text", text)).replace("<blockquote>\n", "<blockquote>")


def test_a_heading_inside_a_note_has_its_anchor():
    assert rendered(("text", ":::{note}\n## Inside\n:::")).contents == [{"level": 2, "id": "inside", "title": "Inside"}]
