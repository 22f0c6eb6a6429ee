"""Text in several languages, kept as one JSON object a text (docs/adr/0011)."""

from collections.abc import Mapping

from django.utils.translation import get_language

Text = Mapping[str, str]


def pick(text: Text, language: str | None = None) -> str:
    """The text in that language (the reader's by default), else in English, else in whichever there is."""
    wanted = (language or get_language() or "en").split("-")[0]
    return text.get(wanted) or text.get("en") or next(iter(text.values()), "")
