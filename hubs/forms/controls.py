"""From a field of the schema to a control on the page, and from what was typed to a JSON value.

A control never refuses what was typed: whatever cannot be read as a number or a date stays the text it is, and the
schema says beside the field what is wrong with it (`hubs.schema.problems`).
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from hubs import schema

BLANK = ("", "—")
LONG_TEXT = 500
GPU_TYPES = {"nvidia-tesla-t4": "NVIDIA T4", "nvidia-l4": "NVIDIA L4", "nvidia-a100": "NVIDIA A100"}


class Control(forms.Field):
    """One answer: `to_python` reads what was typed, `shown` writes a value back into the control."""

    def validate(self, value: Any) -> None:
        """Nothing here: an answer may be missing while a request is being filled in."""

    def shown(self, value: Any) -> Any:
        return value


class Text(Control):
    """A line of text."""

    widget: type[forms.Widget] = forms.TextInput

    def to_python(self, value: Any) -> Any:
        return str(value).strip() or None if value is not None else None


class LongText(Text):
    """Several lines of text, kept as one."""

    widget = forms.Textarea


class Number(Text):
    """A number, where it can be read as one."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if text is None:
            return None
        plain = text.replace(",", ".")
        if re.fullmatch(r"-?\d{1,12}", plain):
            return int(plain)
        return float(plain) if re.fullmatch(r"-?\d{1,12}\.\d{1,6}", plain) else text


class Lines(Text):
    """A list of texts, one a line (commas part them too)."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> Any:
        parts = [part.strip() for part in re.split(r"[\n,;]", str(value or ""))]
        return [part for part in parts if part] or None

    def shown(self, value: Any) -> Any:
        return "\n".join(map(str, value)) if isinstance(value, list) else value


class Choice(Text):
    """One of a few."""

    widget = forms.Select


class Several(Control):
    """Some of a few."""

    widget = forms.CheckboxSelectMultiple

    def to_python(self, value: Any) -> Any:
        return list(value) if value else None


class YesNo(Control):
    """Yes or no. Unticked and never said otherwise means: whatever the default is."""

    widget = forms.CheckboxInput

    def to_python(self, value: Any) -> Any:
        return bool(value)


class Moment(Text):
    """A date and a time; without an offset it is meant in the zone of the event."""

    def __init__(self, *, zone: str, **options: Any) -> None:
        super().__init__(**options)
        self.zone = zone

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        try:
            at = datetime.fromisoformat(text) if text else None
        except ValueError:
            return text
        if at is None or len(str(text)) <= len("2027-03-31"):
            return text
        return (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(self.zone))).isoformat()

    def shown(self, value: Any) -> Any:
        try:
            return datetime.fromisoformat(value).astimezone(ZoneInfo(self.zone)).strftime("%Y-%m-%dT%H:%M") if value else value
        except (ValueError, TypeError):
            return value


class Gpu(Choice):
    """Graphics processors: none, or one type of them (`false` or an object in the document)."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return False if text == "none" else text and {"type": text}

    def shown(self, value: Any) -> Any:
        return value.get("type") if isinstance(value, Mapping) else "none" if value is False else value


def control(field: schema.Field, *, zone: str, reload_url: str = "", redraws: bool = False, now: str = "") -> Control:
    """The control for one field; `now` says what the hub has.

    Choosing among ways to go on (`redraws`) draws the questions anew from `reload_url`; an answer about an event only what there is to
    say of it.
    """
    question, facts = field.question, field.schema
    hint = " ".join(filter(None, [now, _hint(question, facts, needs_example=not now)]))
    made = _control(field, {"label": question.label, "help_text": hint, "required": field.required}, zone=zone)
    if reload_url and (redraws or field.pointer.startswith("/event/")):
        made.widget.attrs |= _asking_again(reload_url, "#answers" if redraws else "#cautions")
    return made


def _asking_again(url: str, part: str) -> dict[str, str]:
    """Ask for the page as it would be with these answers, and put that part of it in place."""
    chosen = {"hx-post": url, "hx-target": part, "hx-swap": "outerHTML", "hx-trigger": "change"}
    return chosen if part == "#answers" else chosen | {"hx-select": part}


def _control(field: schema.Field, options: dict[str, Any], *, zone: str) -> Control:
    question, facts = field.question, field.schema
    if field.pointer.endswith("/gpu"):
        return _choosing(Gpu(**options), {"none": _("None"), **GPU_TYPES}, facts)
    if "const" in facts or "enum" in facts:
        values = [facts["const"]] if "const" in facts else facts["enum"]
        return _choosing(Choice(**options), {value: question.choices.get(value, value) for value in values}, facts)
    return _typed(facts, options, zone=zone, example=question.example)


def _typed(facts: schema.shape.Schema, options: dict[str, Any], *, zone: str, example: str) -> Control:
    default = str(facts.get("default", ""))
    match facts.get("type"), facts.get("format"):
        case "boolean", _any:
            made: Control = YesNo(**options)
        case "integer" | "number", _any:
            made = _with(Number(**options), inputmode="decimal", placeholder=default)
        case "array", _any:
            made = _listing(facts.get("items", {}), options)
        case _any, "date-time":
            made = _with(Moment(zone=zone, **options), type="datetime-local")
        case _any, "date" | "email" as kind:
            made = _with(Text(**options), type=kind)
        case _ if facts.get("maxLength", 0) >= LONG_TEXT:
            made = _with(LongText(**options), rows="4")
        case _:
            made = _with(Text(**options), placeholder=default, inputmode="url" if example.startswith("https://") else "")
    return made


def _listing(items: schema.shape.Schema, options: dict[str, Any]) -> Control:
    if "enum" in items:
        made = Several(**options)
        made.widget.choices = [(value, value) for value in items["enum"]]
        return made
    return _with(Lines(**options), rows="2")


def _choosing(made: Control, words: Mapping[Any, Any], facts: schema.shape.Schema) -> Control:
    default = words.get(facts.get("default"))
    blank = (BLANK[0], _("%(choice)s, unless you choose otherwise") % {"choice": default}) if default else BLANK
    made.widget.choices = [blank, *words.items()]
    return made


def _with(made: Control, **attributes: str) -> Control:
    made.widget.attrs |= {name: value for name, value in attributes.items() if value and name != "type"}
    if "type" in attributes:
        made.widget.input_type = attributes["type"]
    return made


def _hint(question: schema.asking.Question, facts: schema.shape.Schema, *, needs_example: bool) -> str:
    """The hint, how to write a list, and an example; what is there now is one, and a calendar needs none."""
    parts = [str(question.hint)]
    if facts.get("type") == "array" and "enum" not in facts.get("items", {}):
        parts.append(str(_("One on each line.")))
    if question.example and needs_example and facts.get("format") not in {"date", "date-time"}:
        parts.append(str(_("For example: %(example)s") % {"example": question.example}))
    return " ".join(part for part in parts if part)
