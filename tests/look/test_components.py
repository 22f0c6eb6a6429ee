"""The components every page draws with."""

from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from django import forms
from django.contrib.auth.password_validation import MinimumLengthValidator, password_validators_help_text_html
from django.template.loader import render_to_string
from django.test import RequestFactory


class Form(forms.Form):
    name = forms.CharField(label="Name", help_text="As on your papers")
    why = forms.CharField(label="Why", required=False, widget=forms.Textarea)
    size = forms.ChoiceField(label="Size", choices=[("s", "Small"), ("l", "Large")], widget=forms.RadioSelect)
    agree = forms.BooleanField(label="I agree")


def draw(component: str, **context: object) -> BeautifulSoup:
    return BeautifulSoup(render_to_string(f"components/{component}.html", context), "html.parser")


def test_field_joins_label_hint_and_error_to_the_control():
    html = draw("field", field=Form({})["name"])
    control = html.find("input")
    assert html.find("label")["for"] == control["id"]
    assert control["aria-invalid"] == "true"
    described = [html.find(id=key).get_text(strip=True) for key in control["aria-describedby"].split()]
    assert described == ["As on your papers", "This field is required."]


def test_hint_is_text_unless_it_is_marked_as_html():
    hinted = forms.Form()
    hinted.fields["name"] = forms.CharField(help_text="At <most> & least")
    hinted.fields["password"] = forms.CharField(help_text=password_validators_help_text_html([MinimumLengthValidator()]))
    assert draw("hint", field=hinted["name"]).get_text(strip=True) == "At <most> & least"
    assert draw("hint", field=hinted["password"]).find("li") is not None


def test_field_says_optional_where_it_is():
    assert "(optional)" in draw("field", field=Form()["why"]).label.get_text()
    assert "(optional)" not in draw("field", field=Form()["name"]).label.get_text()


def test_field_of_radios_is_a_group_with_a_legend():
    html = draw("field", field=Form({})["size"])
    group = html.find("fieldset")
    assert group.legend.get_text(strip=True) == "Size"
    assert html.find(id=group["aria-describedby"]).get_text(strip=True) == "This field is required."
    assert [label.get_text(strip=True) for label in group.find_all("label")] == ["Small", "Large"]


def test_field_of_one_checkbox_has_its_label_beside_it():
    html = draw("field", field=Form()["agree"])
    assert html.label.input["id"] == html.label["for"]


def test_errors_link_to_every_field_that_needs_another_look():
    form = Form({"name": "Ana"})
    summary, fields = draw("errors", form=form), draw("form", form=form)
    targets = [link["href"].removeprefix("#") for link in summary.find_all("a")]
    assert targets == ["id_size_group", "id_agree"]
    assert all(fields.find(id=target) for target in targets)
    assert summary.section["tabindex"] == "-1"


def test_errors_is_nothing_where_nothing_is_wrong():
    assert draw("errors", form=Form()).get_text(strip=True) == ""


def test_form_keeps_every_typed_word():
    assert draw("form", form=Form({"name": "Ana", "why": "Because"})).textarea.get_text().strip() == "Because"


def test_steps_say_their_state_in_words():
    steps = [SimpleNamespace(title=f"Step {state}", state=state, detail="", url="") for state in ("done", "now", "next")]
    items = draw("steps", steps=steps).find_all("li")
    assert [item.get_text(" ", strip=True) for item in items] == ["Step done (done)", "Step now (now)", "Step next (not yet)"]
    assert [item.get("aria-current") for item in items] == [None, "step", None]


def test_badge_carries_its_word():
    assert draw("badge", tone="good", word="Live").span.get_text() == "Live"


def test_pagination_leads_on_and_keeps_what_was_searched_for():
    html = draw("pagination", page=SimpleNamespace(next="abc"), request=RequestFactory().get("/c/?q=reef"))
    assert html.find("a", rel="next")["href"] == "?q=reef&cursor=abc"


def test_pagination_is_nothing_on_the_only_page():
    assert draw("pagination", page=SimpleNamespace(next=""), request=RequestFactory().get("/c/")).get_text(strip=True) == ""


def test_dialog_can_be_opened_without_script():
    html = draw("dialog", id="end", title="End it?", text="", action="/x/", label="End it", tone="danger", csrf_token="t")
    assert html.dialog["id"] == "end"
    assert html.form["action"] == "/x/"
    assert html.find("input", attrs={"name": "csrfmiddlewaretoken"})["value"] == "t"


@pytest.mark.parametrize("component", ["empty", "timeline", "table", "card", "button", "copy", "crumbs", "messages"])
def test_component_draws_with_nothing_given(component: str):
    assert draw(component) is not None
