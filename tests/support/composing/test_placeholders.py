"""Placeholders: filled safely, unknown ones in sight."""

import pytest

from ground.sanitising import from_markdown
from support.composing import placeholders

VALUES = {"requester.name": "Ana Ruiz", "hub.url": "https://a_b.hubs.example", "community.name": "", "ticket.reference": "T-7K2F"}


@pytest.mark.parametrize(
    ("text", "filled", "unknown"),
    [
        ("Dear {{ requester.name }}, see {{hub.url}}", "Dear Ana Ruiz, see https://a_b.hubs.example", ()),
        ("{{ ticket.reference }}", "T-7K2F", ()),
        (
            "{{ community.name }} {{ nobody.knows }}",
            "{{ community.name }} {{ nobody.knows }}",
            ("{{ community.name }}", "{{ nobody.knows }}"),
        ),
        ("{% if x %}a{% endif %}", "{% if x %}a{% endif %}", ("{% if x %}", "{% endif %}")),
        ("`{{ values.image }}` and\n```\n{{ helm }}\n```\n", "`{{ values.image }}` and\n```\n{{ helm }}\n```\n", ()),
    ],
)
def test_known_are_filled_and_others_stay_in_sight(text, filled, unknown):
    found = placeholders.fill(text, VALUES)
    assert (found.text, found.unknown) == (filled, unknown)


@pytest.mark.parametrize("name", ["[click](https://evil.example)", "**bold**", "<b>x</b>", "{{ agent.name }}", "a\n\n# Title"])
def test_a_value_is_never_read_as_anything_but_words(name):
    filled = placeholders.fill("Dear {{ requester.name }}", {"requester.name": name, "agent.name": "Sam"})
    html = from_markdown(filled.text)
    assert not any(tag in html for tag in ("<a ", "<strong", "<b>", "<h1", "Sam"))


def test_freshdesks_placeholders_become_ours_where_they_mean_the_same():
    assert placeholders.of_freshdesk("Hi {{ticket.requester.firstname}}, {{ticket.id}} {{ticket.product_description}}") == (
        "Hi {{ requester.first_name }}, {{ ticket.reference }} {{ticket.product_description}}"
    )


def test_html_of_a_canned_response_becomes_markdown():
    html = '<div>Hi <strong>all</strong>,<br>see <a href="https://a.example/x">this</a></div><ul><li>one</li><li>two &amp; three</li></ul>'
    assert placeholders.markdown_of(html) == "Hi **all**,\nsee [this](https://a.example/x)\n\n- one\n- two & three"
