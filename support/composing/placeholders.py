"""Placeholders of ready-made answers: filled in where we know them, left in sight where we do not. Pure."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass

PLACEHOLDER = re.compile(r"\{\{\s*([\w.]+)\s*(?:\|[^{}]*)?\}\}")
UNFILLED = re.compile(r"\{\{[^{}\n]{1,100}\}\}|\{%[^{}\n]{1,200}%\}")
CODE = re.compile(r"(`{3,}|~{3,}).*?(?:\1|\Z)|(`+)[^`].*?\2", re.DOTALL)
SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!])")
AS_THEY_ARE = frozenset({"hub.url", "ticket.url"})

FRESHDESK: Mapping[str, str] = {
    "ticket.requester.name": "requester.name",
    "ticket.requester.firstname": "requester.first_name",
    "ticket.from_email": "requester.email",
    "ticket.requester.email": "requester.email",
    "ticket.id": "ticket.reference",
    "ticket.subject": "ticket.subject",
    "ticket.url": "ticket.url",
    "ticket.public_url": "ticket.url",
    "ticket.portal_url": "ticket.url",
    "ticket.company.name": "community.name",
    "ticket.requester.company_name": "community.name",
    "ticket.agent.name": "agent.name",
    "ticket.agent.email": "agent.email",
}
"""Freshdesk's Liquid placeholders and ours that mean the same."""


@dataclass(frozen=True)
class Filled:
    """A text with what was known put in; `unknown` are the placeholders still in it, each once."""

    text: str
    unknown: tuple[str, ...]


def fill(text: str, values: Mapping[str, str]) -> Filled:
    """Put the values in, in one pass: what a value holds is never read as Markdown or as a placeholder again. An empty value is unknown."""
    filled = PLACEHOLDER.sub(lambda found: _value(found[1], values) or found[0], text)
    return Filled(text=filled, unknown=left_in(filled))


def left_in(text: str) -> tuple[str, ...]:
    """The placeholders that nobody filled in, each once; what stands in code is code."""
    return tuple(dict.fromkeys(UNFILLED.findall(CODE.sub("", text))))


def of_freshdesk(text: str) -> str:
    """Freshdesk's placeholders under our names; those without one stay as they are."""
    return PLACEHOLDER.sub(lambda found: f"{{{{ {FRESHDESK[found[1]]} }}}}" if found[1] in FRESHDESK else found[0], text)


def _value(name: str, values: Mapping[str, str]) -> str:
    value = " ".join(values.get(name, "").split())
    return value if name in AS_THEY_ARE else SPECIAL.sub(r"\\\1", value)


BLOCKS = re.compile(r"(?i)</(?:p|div|h[1-6]|blockquote|ul|ol|pre)>")
LINK = re.compile(r'(?is)<a [^>]*href="([^"]+)"[^>]*>(.*?)</a>')
MARKS = (
    (re.compile(r"(?i)</?(?:b|strong)\b[^>]*>"), "**"),
    (re.compile(r"(?i)</?(?:i|em)\b[^>]*>"), "*"),
    (re.compile(r"(?i)</?code\b[^>]*>"), "`"),
)


def markdown_of(text: str) -> str:
    """Clean HTML of a ready-made answer as Markdown to be worked on: paragraphs, lists, links and emphasis."""
    text = LINK.sub(lambda found: f"[{found[2]}]({found[1]})", text)
    for pattern, mark in MARKS:
        text = pattern.sub(mark, text)
    text = re.sub(r"(?i)<li\b[^>]*>", "\n- ", text)
    text = re.sub(r"(?i)<br\b[^>]*>", "\n", BLOCKS.sub("\n\n", text))
    lines = html.unescape(re.sub(r"<[^>]+>", "", text)).splitlines()
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.strip() for line in lines)).strip()
