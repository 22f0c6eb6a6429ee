"""Rendering a body into what is kept for readers."""

import pytest

from knowledgebase.blocks import BODY
from knowledgebase.rendering import render


def rendered(*blocks):
    return render(BODY.to_python([{"type": kind, "value": value} for kind, value in blocks]))


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
