"""Widgets that are written without the template engine look to the byte as Django's templates write them."""

from datetime import date

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from ground.widgets import WRITTEN, Renderer

CHOICES = [("", "None <yet>"), ("a&b", gettext_lazy("Status")), (3, 1234567), ("Group's", [("x", '"x"'), ("y", mark_safe("<i>y</i>"))])]


@pytest.mark.parametrize(
    ("widget", "value"),
    [
        (forms.TextInput(attrs={"placeholder": 'say "hi" <b>', "data-n": 3, "hidden": False}), "a <b> & 'c'"),
        (forms.TextInput(), None),
        (forms.HiddenInput(), 1234567),
        (forms.NumberInput(attrs={"required": True}), 1234.5),
        (forms.EmailInput(), "ana@example.org"),
        (forms.URLInput(), "https://example.org/?a=1&b=2"),
        (forms.PasswordInput(), "secret"),
        (forms.CheckboxInput(), True),
        (forms.CheckboxInput(), False),
        (forms.FileInput(), None),
        (forms.Textarea(attrs={"rows": 4}), "\n<p>&"),
        (forms.Textarea(), ""),
        (forms.Select(choices=CHOICES), "a&b"),
        (forms.Select(choices=CHOICES), "y"),
        (forms.SelectMultiple(choices=CHOICES), ["3", "x"]),
        (forms.DateInput(), date(2026, 11, 28)),
        (forms.RadioSelect(choices=CHOICES), "x"),
    ],
)
def test_a_widget_is_written_as_its_template_writes_it(widget, value):
    ours, theirs = (widget.render("name<", value, attrs={"id": "id_x"}, renderer=each()) for each in (Renderer, TemplatesSetting))
    assert ours == theirs


def test_forms_use_it_and_say_nothing_where_nothing_is_wrong():
    assert isinstance(forms.Form().renderer, Renderer)
    assert str(forms.Form().non_field_errors()) == ""


def test_what_is_written_here_is_the_plainest_only():
    assert all(name.startswith("django/forms/widgets/") for name in WRITTEN)
