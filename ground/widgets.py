"""Django's plainest widgets, written as its templates write them but without the template engine, which takes longer than most pages have."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils.formats import localize
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

Widget = Mapping[str, Any]
HOME = "django/forms/widgets/"
INPUTS = ("input", "text", "hidden", "number", "email", "url", "password", "checkbox", "file")
NO_ERRORS = frozenset({"django/forms/errors/list/default.html", "django/forms/errors/list/ul.html"})


class Renderer(TemplatesSetting):
    """Writes inputs, selects and text areas itself; everything else is a template, as ever."""

    def render(self, template_name: str, context: Mapping[str, Any], request: HttpRequest | None = None) -> SafeString:
        if template_name in NO_ERRORS and not context.get("errors"):
            return mark_safe("")
        if write := WRITTEN.get(template_name):
            return mark_safe(write(context["widget"]))  # noqa: S308  every value is escaped where it is written
        return mark_safe(super().render(template_name, dict(context), request))  # noqa: S308  Django's own


def _input(widget: Widget) -> str:
    value = "" if widget["value"] is None else f' value="{_text(widget["value"])}"'
    return f'<input type="{_text(widget["type"])}" name="{_text(widget["name"])}"{value}{_attributes(widget)}>'


def _textarea(widget: Widget) -> str:
    words = conditional_escape(localize(widget["value"])) if widget["value"] else ""
    return f'<textarea name="{_text(widget["name"])}"{_attributes(widget)}>\n{words}</textarea>'


def _select(widget: Widget) -> str:
    groups = "".join(_group(name, options) for name, options, _index in widget["optgroups"])
    return f'<select name="{_text(widget["name"])}"{_attributes(widget)}>{groups}\n</select>'


def _group(name: Any, options: Iterable[Widget]) -> str:
    inside = "".join(f"\n  {_option(each)}" for each in options)
    return f'\n  <optgroup label="{conditional_escape(localize(name))}">{inside}\n  </optgroup>' if name else inside


def _option(option: Widget) -> str:
    return f'<option value="{_text(option["value"])}"{_attributes(option)}>{conditional_escape(localize(option["label"]))}</option>\n'


def _attributes(widget: Widget) -> str:
    return "".join(_attribute(name, value) for name, value in widget["attrs"].items() if value is not False)


def _attribute(name: str, value: Any) -> str:
    return f" {conditional_escape(name)}" if value is True else f' {conditional_escape(name)}="{_text(value)}"'


def _text(value: Any) -> str:
    return conditional_escape(value if isinstance(value, str) else str(value))


WRITTEN: Mapping[str, Callable[[Widget], str]] = {
    **{f"{HOME}{name}.html": _input for name in INPUTS},
    f"{HOME}textarea.html": _textarea,
    f"{HOME}select.html": _select,
}
