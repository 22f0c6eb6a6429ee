"""Parts of pages that are written once: kept by what is named, filled in with the rest, and closed to everything else."""

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils import translation

HOSTILE = "\"><script>alert('x')</script>"


def written(template, **context):
    return template.render(Context(context))


def test_what_is_filled_in_is_escaped_each_time_and_never_kept():
    template = Template('{% load kept %}{% kept fills name=name %}<a title="{{ name }}">{{ name }}</a>{% endkept %}')

    assert written(template, name=HOSTILE) == (
        '<a title="&quot;&gt;&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;">&quot;&gt;&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;</a>'
    )
    assert written(template, name="Sam") == '<a title="Sam">Sam</a>'
    assert written(template, name="") == '<a title=""></a>'


def test_it_is_written_once_for_each_language_and_what_it_is_kept_by():
    template = Template(
        "{% load kept i18n %}{% kept is_on=is_on fills name=name %}{% translate 'Settings' %} {{ is_on }} {{ name }}{% endkept %}"
    )
    said = []
    for language, is_on in (("en", True), ("fr", True), ("en", False), ("en", True)):
        with translation.override(language):
            said.append(written(template, is_on=is_on, name="Sam"))

    assert said[0] == said[3] == "Settings True Sam"
    assert len(set(said)) == 3
    assert len(template.nodelist.get_nodes_by_type(type(template.nodelist[1]))[0].known) == 3


def test_nothing_else_of_the_page_gets_in():
    template = Template("{% load kept %}{% kept %}[{{ secret }}]{% endkept %}")

    assert written(template, secret="of one person") == "[]"


def test_each_page_has_its_own_token():
    template = Template("{% load kept %}{% kept fills csrf_token=csrf_token %}{% csrf_token %}{% endkept %}")

    assert [written(template, csrf_token=each) for each in ("one", "two", "")] == [
        '<input type="hidden" name="csrfmiddlewaretoken" value="one">',
        '<input type="hidden" name="csrfmiddlewaretoken" value="two">',
        "",
    ]


def test_a_word_out_of_place_is_refused():
    with pytest.raises(TemplateSyntaxError):
        Template("{% load kept %}{% kept name %}{% endkept %}")
