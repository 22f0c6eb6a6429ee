"""Names of facts in articles: where they are found, and that whatever a fact holds stays in its place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledgebase import placeholders
from knowledgebase.blocks import BODY
from knowledgebase.placeholders import NAMES, Fact
from knowledgebase.rendering import render
from knowledgebase.sections import TAG

HUB = {
    "hub.url": Fact("https://coast.example/", "https://coast.example/"),
    "hub.name": Fact("Coast & <Sea>", "Coast & <Sea>"),
    "hub.domain": Fact("coast.example", "coast.example"),
    "support.email": Fact("help@hubs.example", "help@hubs.example"),
}
TWO_HUBS = {"hub.url": Fact("https://a.example/ (A), https://b.example/ (B)")}


def rendered(*blocks):
    return render(BODY.to_python([{"type": kind, "value": value} for kind, value in blocks]))


def filled(*blocks, facts=HUB) -> str:
    html = "".join(part["html"] for part in rendered(*blocks).parts)
    return placeholders.filled(html, lambda name: facts.get(name, Fact()), elsewhere="/c/").strip()


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("Open {{ hub.url }} now.", "<p>Open https://coast.example/ now.</p>"),
        ("{{hub.name}}", "<p>Coast &amp; &lt;Sea&gt;</p>"),
        ("**{{ hub.name }}**", "<p><strong>Coast &amp; &lt;Sea&gt;</strong></p>"),
        ("`ssh {{ hub.domain }}`", "<p><code>ssh coast.example</code></p>"),
        ("[x]({{ hub.url }})", '<p><a href="https://coast.example/" rel="noopener noreferrer nofollow">x</a></p>'),
        (
            "[x]({{hub.url}}hub/home?a=1&b=2)",
            '<p><a href="https://coast.example/hub/home?a=1&amp;b=2" rel="noopener noreferrer nofollow">x</a></p>',
        ),
        ("[x]({{ hub.url }}/hub/home)", '<p><a href="https://coast.example/hub/home" rel="noopener noreferrer nofollow">x</a></p>'),
        ("[x](https://{{ hub.domain }}/a)", '<p><a href="https://coast.example/a" rel="noopener noreferrer nofollow">x</a></p>'),
        ("[x](mailto:{{ support.email }})", '<p><a href="mailto:help@hubs.example" rel="noopener noreferrer nofollow">x</a></p>'),
        (
            "[x](https://a.example/?h={{ hub.name }})",
            '<p><a href="https://a.example/?h=Coast%20%26%20%3CSea%3E" rel="noopener noreferrer nofollow">x</a></p>',
        ),
    ],
)
def test_a_fact_is_escaped_for_where_it_stands(markdown, html):
    assert filled(("text", markdown)) == html


def test_a_missing_fact_reads_as_neutral_words_and_its_link_leads_elsewhere():
    assert filled(("text", "Open {{ hub.url }}."), facts={}) == "<p>Open your hub’s address.</p>"
    assert filled(("text", "`git clone {{ hub.url }}x`"), facts={}) == "<p><code>git clone &lt;your hub’s address&gt;x</code></p>"
    assert 'href="/c/"' in filled(("text", "[x]({{ hub.url }}hub/)"), facts={})


def test_with_several_hubs_words_name_each_and_code_and_links_name_none():
    assert "(A), https://b.example/ (B)" in filled(("text", "{{ hub.url }}"), facts=TWO_HUBS)
    assert "&lt;your hub’s address&gt;" in filled(("code", {"language": "", "code": "curl {{ hub.url }}"}), facts=TWO_HUBS)
    assert 'href="/c/"' in filled(("text", "[x]({{ hub.url }})"), facts=TWO_HUBS)


def test_a_fact_in_coloured_code_titles_captions_cells_and_alternative_texts_is_filled():
    html = filled(
        ("code", {"language": "python", "code": 'url = "{{ hub.url }}"'}),
        ("callout", {"tone": "note", "title": "{{ hub.name }}", "text": "in {{ hub.name }}"}),
        ("table", {"caption": "{{ hub.name }}", "rows": "a | {{ hub.name }}"}),
        ("steps", {"steps": [{"title": "Open {{ hub.name }}", "text": "[x](<{{ hub.url }}>)"}]}),
        ("text", "![{{ hub.name }}](/files/images/x/)"),
    )
    assert (html.count("https://coast.example/"), html.count("Coast &amp; &lt;Sea&gt;"), "zqf" in html) == (2, 6, False)


def test_an_unknown_name_is_shown_as_it_was_typed():
    assert filled(("text", "{{ hub.adress }} {{ 7*7 }} {{ hub.url.title }} {% x %}")) == (
        "<p>{{ hub.adress }} {{ 7*7 }} {{ hub.url.title }} {% x %}</p>"
    )


@pytest.mark.parametrize("value", ["javascript:alert(1)", "data:text/html,x", '" onclick="x', "//evil.example/", "</a><script>x</script>"])
def test_a_fact_that_is_no_address_never_becomes_one(value):
    facts = {"hub.url": Fact(value, value), "hub.name": Fact(value, value)}
    html = filled(("text", "[x]({{ hub.url }}) [y]({{ hub.name }}) {{ hub.url }} ![{{ hub.name }}](/a/)"), facts=facts)
    assert not any(bad in html for bad in ('href="javascript:', 'href="data:', 'href="//', '" onclick', "<script"))


def test_letters_of_ours_typed_by_an_editor_mark_nothing():
    typed = '\ue000Uhub" onclick="x\ue001 \ue000Thub.name\ue001'
    assert filled(("text", typed)) == '<p>Uhub" onclick="x Thub.name</p>'
    assert "onclick=&quot;" in placeholders.of_live(f"<p>{typed.replace(chr(34), '&quot;')} {{{{ hub.name }}}}</p>")


def test_the_plain_text_and_the_contents_hold_neutral_words():
    article = rendered(("text", "## Open {{ hub.name }}\n\nGo to {{ hub.url }}."))
    assert article.text == "Open your hub\nGo to your hub’s address."
    assert article.contents == [{"level": 2, "id": "open-hub-name", "title": "Open your hub", "typed": "Open {{ hub.name }}"}]
    assert '<h2 id="open-hub-name">' in article.parts[0]["html"]


def test_the_facts_an_article_names_are_told_those_of_live_blocks_too():
    article = rendered(
        ("text", "[x]({{ hub.url }}) {{ hub.nme }}"),
        ("code", {"language": "", "code": "{{ hub.domain }}"}),
        ("ask_support", {"words": "Trouble with {{ hub.name }}?", "subject": ""}),
    )
    assert article.facts == {"hub.url", "hub.domain", "hub.name"}


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("{{ hub.url }} {{ hub.adress }} {{ Hub.URL }}", ["hub.adress", "Hub.URL"]),
        ("{{ name }}", ["name"]),
        ("`{{ .Values.x }}` and ```\n{{ name }}\n```", []),
        ("`{{ hub.adress }}`", ["hub.adress"]),
        ([{"type": "code", "value": {"code": "{{ release }} {{ hub.urll }}"}}], ["hub.urll"]),
        ([{"type": "callout", "value": {"title": "{{ communty.name }}", "text": ""}}], ["communty.name"]),
    ],
)
def test_what_looks_like_a_name_and_is_none_is_told(value, names):
    assert placeholders.unknown(value) == names


@given(st.text(max_size=60), st.sampled_from(sorted(NAMES)), st.text(max_size=40))
def test_whatever_is_typed_and_whatever_a_fact_holds_the_tags_stay_the_same(typed, name, value):
    html = "".join(part["html"] for part in rendered(("text", f"a {{{{ {name} }}}} {typed} [x]({{{{ {name} }}}})")).parts)
    known = placeholders.filled(html, lambda _name: Fact(value, value), elsewhere="/c/")
    missing = placeholders.neutral(html)
    assert [tag[1] for tag in TAG.findall(known)] == [tag[1] for tag in TAG.findall(missing)]
    assert "\ue000" not in known
