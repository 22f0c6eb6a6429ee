"""Markdown of articles as safe HTML, with anchors on headings that stay unique through one article."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape

from django.utils.text import slugify
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from ground.sanitising import clean_html

KB_LINK = re.compile(r"^kb:/*(?P<address>[\w\-/.%]*)(?P<anchor>#[\w\-.%:]*)?$")
LOCAL = "/kb/"  # how links inside the knowledge base are stored; serving puts the reader's own frame in its place
FORMATTER = HtmlFormatter(nowrap=True)


@dataclass(frozen=True)
class Heading:
    """A heading readers can jump to."""

    level: int
    id: str
    title: str


@dataclass
class Anchors:
    """The headings of one article so far; the same words twice get a number."""

    headings: list[Heading] = field(default_factory=list)

    def add(self, *, level: int, title: str) -> Heading:
        stem = slugify(title)[:60] or "section"
        taken = {heading.id for heading in self.headings}
        name = next(candidate for candidate in _numbered(stem) if candidate not in taken)
        heading = Heading(level=level, id=name, title=title)
        self.headings.append(heading)
        return heading


def to_html(text: str, anchors: Anchors) -> str:
    """That Markdown as safe HTML. Headings begin at level two: the article's title is the first."""
    tokens = PARSER.parse(text.replace("\x00", ""))
    for position, token in enumerate(tokens):
        match token.type:
            case "heading_open":
                _anchor(token, tokens[position + 1], tokens[position + 2], anchors)
            case "inline":
                _point_inside(token)
    return clean_html(PARSER.renderer.render(tokens, PARSER.options, {}))


def inline_to_html(text: str) -> str:
    """One line of Markdown, without a paragraph around it."""
    tokens = PARSER.parseInline(text.replace("\x00", ""))
    for token in tokens:
        _point_inside(token)
    return clean_html(PARSER.renderer.render(tokens, PARSER.options, {}))


def code_to_html(code: str, language: str = "") -> str:
    """Code with its colours; in no language we know, plain."""
    known = f' class="language-{escape(language)}"' if language else ""
    return f"<pre><code{known}>{_coloured(code, language, '')}</code></pre>"


def _numbered(stem: str) -> Iterator[str]:
    yield stem
    number = 2
    while True:
        yield f"{stem}-{number}"
        number += 1


def _anchor(opening: Token, inline: Token, closing: Token, anchors: Anchors) -> None:
    level = min(max(int(opening.tag[1]), 2), 6)
    title = "".join(child.content for child in inline.children or [] if child.type in {"text", "code_inline"}).strip()
    opening.tag = closing.tag = f"h{level}"
    opening.attrSet("id", anchors.add(level=level, title=title).id)


def _point_inside(inline: Token) -> None:
    """`kb:path#anchor` is an article of this knowledge base."""
    for child in inline.children or []:
        if child.type != "link_open":
            continue
        found = KB_LINK.match(str(child.attrGet("href") or ""))
        if found:
            address = found["address"].strip("/")
            child.attrSet("href", f"{LOCAL}{address + '/' if address else ''}{found['anchor'] or ''}")


def _coloured(code: str, language: str, _attributes: str) -> str:
    try:
        lexer = get_lexer_by_name(language)
    except ClassNotFound:
        return escape(code)
    return str(highlight(code, lexer, FORMATTER))


PARSER = MarkdownIt("commonmark", {"html": False, "highlight": _coloured}).enable(["table", "strikethrough"]).use(deflist_plugin)
