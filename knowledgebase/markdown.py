"""Markdown of articles as safe HTML, with anchors on headings that stay unique through one article."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext, gettext_noop
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.myst_role import myst_role_plugin
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from ground.sanitising import article_html

KB_LINK = re.compile(r"^kb:/*(?P<address>[\w\-/.%]*)(?P<anchor>#[\w\-.%:]*)?$")
LOCAL = "/kb/"  # how links inside the knowledge base are stored; serving puts the reader's own frame in its place
CODE = re.compile(
    r"(?ms)^[ ]*(?P<fence>`{3,}|~{3,})[^\n]*\n.*?(?:^[ ]*(?P=fence)[`~]*[ ]*$|\Z)|(?<!`)(?P<ticks>`+)(?!`)[^\n]*?[^`\n](?P=ticks)(?!`)"
)
SEPARATOR = re.compile(r"[-:|\s]+")
FOOTNOTE = re.compile(r"(?m)^[ ]{0,3}\[\^([^\]\s]+)\]:")
TASK = re.compile(r"\[(?P<mark>[ xX])\][ ]+")
LINE_BREAK = re.compile(r"&lt;br[ ]*/?&gt;", re.IGNORECASE)
SAID_BY_ROLES = frozenset({"kbd", "sub", "sup"})
NOTES = {
    **dict.fromkeys(("note", "seealso"), gettext_noop("Note")),
    **dict.fromkeys(("tip", "hint"), gettext_noop("Tip")),
    "important": gettext_noop("Important"),
    **dict.fromkeys(("warning", "caution", "attention", "danger"), gettext_noop("Warning")),
}
NOTE = re.compile(rf"^\{{(?P<kind>{'|'.join(NOTES)})\}}(?P<title>.*)$")
OPTIONS = re.compile(r"\A(?::[\w-]+:.*\n)+")
CODE = re.compile(
    r"(?ms)^[ ]*(?P<fence>`{3,}|~{3,})[^\n]*\n.*?(?:^[ ]*(?P=fence)[`~]*[ ]*$|\Z)|(?<!`)(?P<ticks>`+)(?!`)[^\n]*?[^`\n](?P=ticks)(?!`)"
)
FORMATTER = HtmlFormatter(nowrap=True)


@dataclass(frozen=True)
class Heading:
    """A heading readers can jump to."""

    level: int
    id: str
    title: str


@dataclass
class Anchors:
    """The headings of one article so far; the same words twice get a number. Its footnotes too, numbered as they are met."""

    headings: list[Heading] = field(default_factory=list)
    notes: dict[str, int] = field(default_factory=dict)  # label → number, of those that are referred to
    said: dict[str, str] = field(default_factory=dict)  # label → what it says
    environment: dict[str, Any] = field(default_factory=dict)  # the parser's own, the same through the article

    def add(self, *, level: int, title: str) -> Heading:
        stem = slugify(title)[:60] or "section"
        taken = {heading.id for heading in self.headings}
        name = next(candidate for candidate in _numbered(stem) if candidate not in taken)
        heading = Heading(level=level, id=name, title=title)
        self.headings.append(heading)
        return heading

    def expect_notes(self, texts: Iterable[str]) -> None:
        """Let every text of the article refer to a footnote that another one holds."""
        labels = (label for text in texts for label in FOOTNOTE.findall(text))
        self.environment["footnotes"] = {"refs": {f":{label}": -1 for label in labels}, "list": {}}

    def note(self, label: str) -> int:
        return self.notes.setdefault(label, len(self.notes) + 1)


def to_html(text: str, anchors: Anchors) -> str:
    """That Markdown as safe HTML. Headings begin at level two: the article's title is the first."""
    tokens = list(_with_notes(_without_notes(PARSER.parse(text.replace("\x00", ""), anchors.environment), anchors)))
    for position, token in enumerate(tokens):
        match token.type:
            case "heading_open":
                _anchor(token, tokens[position + 1], tokens[position + 2], anchors)
            case "dt_open":
                token.attrSet("id", term_anchor(tokens[position + 1].content))
            case "inline":
                _inside(token, anchors)
                _tick(token, tokens[position - 2] if position > 1 else None)
    return _rendered(tokens)


def _with_notes(tokens: Iterable[Token]) -> Iterator[Token]:
    """MyST's `:::{note}` and its kin as quotations that begin with their kind, or with the title somebody gave."""
    for token in tokens:
        named = NOTE.match(token.info) if token.type in {"fence", "colon_fence"} else None
        if named is None:
            yield token
            continue
        title = named["title"].strip() or gettext(NOTES[named["kind"]])
        yield Token("blockquote_open", "blockquote", 1, block=True)
        yield from _with_notes(PARSER.parse(f"**{title}**\n\n{OPTIONS.sub('', token.content)}"))
        yield Token("blockquote_close", "blockquote", -1, block=True)


def inline_to_html(text: str) -> str:
    """One line of Markdown, without a paragraph around it."""
    tokens = PARSER.parseInline(text.replace("\x00", ""))
    for token in tokens:
        _inside(token, Anchors())
    return _rendered(tokens)


def notes_to_html(anchors: Anchors) -> str:
    """The footnotes that were referred to, in order, each with its way back."""
    back = escape(gettext("Back to the text"))
    said = [
        f'<li id="note-{number}">{anchors.said[label]}<a href="#from-note-{number}" title="{back}">↩</a></li>'
        for label, number in anchors.notes.items()
        if label in anchors.said
    ]
    return article_html(f"<hr><ol>{''.join(said)}</ol>") if said else ""


def code_to_html(code: str, language: str = "") -> str:
    """Code with its colours; in no language we know, plain."""
    known = f' class="language-{escape(language)}"' if language else ""
    return f"<pre><code{known}>{_coloured(code, language, '')}</code></pre>"


def outside_code(text: str, change: Callable[[str], str]) -> str:
    """The text with everything changed that is neither fenced code nor code in a line."""
    pieces, last = [], 0
    for found in CODE.finditer(text):
        pieces += [change(text[last : found.start()]), found[0]]
        last = found.end()
    return "".join([*pieces, change(text[last:])])


def cells(line: str) -> list[str]:
    """The cells of one row, as written (`\\|` is a bar inside one); none for an empty line or one that only draws."""
    bare = line.strip()
    if not bare or (SEPARATOR.fullmatch(bare) and "-" in bare):
        return []
    inner = re.sub(r"(?<!\\)\|$", "", bare.removeprefix("|"))
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", inner)]


def _numbered(stem: str) -> Iterator[str]:
    yield stem
    number = 2
    while True:
        yield f"{stem}-{number}"
        number += 1


def heading_words(text: str) -> str:
    """The words of a heading written like that, as its anchor is made of."""
    return " ".join(_words_of(token) for token in PARSER.parseInline(text))


def _words_of(inline: Token) -> str:
    return "".join(child.content for child in inline.children or [] if child.type in {"text", "code_inline", "myst_role"}).strip()


def _anchor(opening: Token, inline: Token, closing: Token, anchors: Anchors) -> None:
    level = min(max(int(opening.tag[1]), 2), 6)
    title = _words_of(inline)
    opening.tag = closing.tag = f"h{level}"
    opening.attrSet("id", anchors.add(level=level, title=title).id)


def term_anchor(words: str) -> str:
    """Where a term of a glossary is found on its page."""
    return f"term-{slugify(words)[:60] or 'unnamed'}"


def _rendered(tokens: Sequence[Token]) -> str:
    return article_html(PARSER.renderer.render(tokens, PARSER.options, {}))


def _without_notes(tokens: Sequence[Token], anchors: Anchors) -> list[Token]:
    """The tokens without what footnotes say, which is kept for the end of the article."""
    kept: list[Token] = []
    inside: list[Token] = []
    label = ""
    for token in tokens:
        if token.type == "footnote_reference_open":
            label, inside = token.meta["label"], []
        elif token.type == "footnote_reference_close":
            for part in inside:
                _inside(part, anchors)
            anchors.said.setdefault(label, PARSER.renderer.render(inside, PARSER.options, {}))
            label = ""
        else:
            (inside if label else kept).append(token)
    return kept


def _inside(inline: Token, anchors: Anchors) -> None:
    """`kb:path#anchor` is an article of this knowledge base; footnotes get their number."""
    for child in inline.children or []:
        found = KB_LINK.match(str(child.attrGet("href") or "")) if child.type == "link_open" else None
        if found:
            address = found["address"].strip("/")
            child.attrSet("href", f"{LOCAL}{address + '/' if address else ''}{found['anchor'] or ''}")
        elif child.type == "footnote_ref":
            child.meta["number"] = anchors.note(child.meta["label"])


def _tick(inline: Token, item: Token | None) -> None:
    """A list item that begins with `[ ]` or `[x]` is a task; readers see a box."""
    first = inline.children[0] if inline.children else None
    if item is None or item.type != "list_item_open" or first is None or first.type != "text":
        return
    found = TASK.match(first.content)
    if found:
        first.content = f"{'☐' if found['mark'] == ' ' else '☑'} {first.content[found.end() :]}"


def _note(_renderer: Any, tokens: Sequence[Token], at: int, _options: Any, _environment: Any) -> str:
    number = tokens[at].meta["number"]
    return f'<sup><a href="#note-{number}" id="from-note-{number}">{number}</a></sup>'


def _role(_renderer: Any, tokens: Sequence[Token], at: int, _options: Any, _environment: Any) -> str:
    """`{kbd}`, `{sub}` and `{sup}` are what they say; of any other role its words."""
    name, words = tokens[at].meta["name"], escape(tokens[at].content)
    return f"<{name}>{words}</{name}>" if name in SAID_BY_ROLES else words


def _words(renderer: RendererHTML, tokens: Sequence[Token], at: int, options: Any, environment: Any) -> str:
    """Text; `<br>` in it is the only HTML that means something."""
    return LINE_BREAK.sub("<br>", RendererHTML.text(renderer, tokens, at, options, environment))


def _coloured(code: str, language: str, _attributes: str) -> str:
    try:
        lexer = get_lexer_by_name(language)
    except ClassNotFound:
        return escape(code)
    return str(highlight(code, lexer, FORMATTER))


PARSER = (
    MarkdownIt("commonmark", {"html": False, "highlight": _coloured})
    .enable(["table", "strikethrough"])
    .use(deflist_plugin)
    .use(footnote_plugin, inline=False, move_to_end=False)
    .use(myst_role_plugin)
    .use(colon_fence_plugin)
)
PARSER.add_render_rule("footnote_ref", _note)
PARSER.add_render_rule("myst_role", _role)
PARSER.add_render_rule("text", _words)
