"""Blocks that all three documents use: a text in every language, keys a line each, and what no block can say, as JSON."""

import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.blocks import CharBlock, StructBlock, TextBlock

Document = Mapping[str, Any]


class Words(StructBlock):
    """One text, a line for each language; an empty one is not translated yet."""

    def __init__(self, *, is_long: bool = False, **options: Any) -> None:
        kind: type[CharBlock | TextBlock] = TextBlock if is_long else CharBlock
        sized = {"rows": 2} if is_long else {}
        super().__init__([(code, kind(required=False, label=name, **sized)) for code, name in settings.LANGUAGES], **options)

    class Meta:
        icon = "globe"
        label_format = "{en}"
        collapsed = True


class Json(TextBlock):
    """What the other inputs cannot say, kept word for word: a JSON object."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, rows=3, **{"label": gettext_lazy("More, as JSON")} | options)

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if cleaned and not isinstance(_object(cleaned), dict):
            raise ValidationError(_("This is not a JSON object. It begins with { and ends with }, with names in double quotes."))
        return cleaned


def _object(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def to_json(value: Document) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) if value else ""


def from_json(text: str) -> dict[str, Any]:
    return dict(json.loads(text)) if text else {}


def extra(text: str, drawn: Collection[str], always: Collection[str] = ()) -> dict[str, Any]:
    """What JSON adds to the inputs; of names that have an input only that they are empty, of those `always` written nothing."""
    return {name: value for name, value in from_json(text).items() if name not in always and (name not in drawn or _is_empty(value))}


def words(value: Mapping[str, Any]) -> dict[str, str]:
    """The text without the languages that are still empty."""
    return {language: text.replace("\r\n", "\n") for language, text in value.items() if text}


def lines(text: str) -> list[str]:
    """What stands on the lines of a text."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def on_lines(keys: Iterable[str]) -> str:
    return "\n".join(keys)


def said(values: Document) -> dict[str, Any]:
    """Without what was left empty or unticked: in a document, absent means that."""
    return {name: value for name, value in values.items() if not _is_empty(value)}


def unsaid(document: Document, drawn: Collection[str]) -> str:
    """What a document says and its inputs do not: other names, and values that are written out though they mean nothing."""
    return to_json({name: value for name, value in document.items() if name not in drawn or _is_empty(value)})


def _is_empty(value: Any) -> bool:
    """Whether it says nothing; nought is a number."""
    return value is None or value is False or value in ("", [], {})
