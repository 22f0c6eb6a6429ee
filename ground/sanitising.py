"""The one place where rich text from outside becomes safe: ticket HTML, Markdown, plain words."""

import html
import re

import nh3
from markdown_it import MarkdownIt

TAGS = {
    *("a", "b", "blockquote", "br", "code", "dd", "del", "details", "div", "dl", "dt", "em", "figcaption", "figure"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "kbd", "li", "ol", "p", "pre", "s", "span", "strong"),
    *("sub", "summary", "sup", "table", "tbody", "td", "th", "thead", "tr", "u", "ul"),
}
ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    **{f"h{level}": {"id"} for level in range(1, 7)},
    "code": {"class"},
    "span": {"class"},
    "div": {"class"},
    "ol": {"start"},
}
CLASSES = re.compile(
    r"^(language-[\w+-]+|highlight|quoted|[a-z][a-z0-9]{0,2})$"
)  # code and Pygments' short names, nothing of the site's own
SCHEMES = {"http", "https", "mailto", "tel"}
MARKDOWN = MarkdownIt("commonmark", {"html": False, "linkify": False, "breaks": True}).enable(["table", "strikethrough"])


def clean_html(text: str) -> str:
    """HTML from outside with nothing that runs, loads by itself or looks like the site's own furniture."""
    return nh3.clean(
        text.replace("\x00", ""),
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=_keep,
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer nofollow",
        strip_comments=True,
    )


def from_markdown(text: str) -> str:
    """Markdown as safe HTML; raw HTML in it stays text."""
    return clean_html(MARKDOWN.render(text.replace("\x00", "")))


def from_plain(text: str) -> str:
    """Plain words as HTML paragraphs."""
    paragraphs = re.split(r"\n\s*\n", text.replace("\x00", "").strip())
    return "".join(f"<p>{html.escape(paragraph).replace(chr(10), '<br>')}</p>" for paragraph in paragraphs if paragraph.strip())


def plain_text(text: str) -> str:
    """The words of a piece of HTML, one block a line: for search, previews and comparing."""
    broken = re.sub(r"(?i)<(br|/p|/div|/li|/h[1-6]|/tr|/blockquote|/pre)\b[^>]*>", "\n", text.replace("\x00", ""))
    words = html.unescape(nh3.clean(broken, tags=set()))
    lines = (" ".join(line.split()) for line in words.splitlines())
    return "\n".join(line for line in lines if line)


def _keep(tag: str, attribute: str, value: str) -> str | None:
    """Classes by an allow-list; an image only from inside the site, so that reading never tells a stranger."""
    if attribute == "class":
        kept = [name for name in value.split() if CLASSES.match(name)]
        return " ".join(kept) or None
    if tag == "img" and attribute == "src":
        return value if value.startswith("/") and not value.startswith("//") else None
    return value
