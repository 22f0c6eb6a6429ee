"""The one place where rich text from outside becomes safe: ticket HTML, Markdown, plain words."""

import html
import re
from urllib.parse import urlsplit

import nh3
from markdown_it import MarkdownIt

from ground import quoting

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
LINK_REL = "noopener noreferrer nofollow"
SITE_PATH = re.compile(r"/(?![/\\])[^\t\r\n\\]*\Z")  # browsers read /\\ and a tab between slashes as the start of a host
MARKED_ATTRIBUTES = {
    **ATTRIBUTES,
    "*": {"class", "id"},
    "blockquote": {"type"},
    "div": {"class", "style"},
    "img": {*ATTRIBUTES["img"], "data-remote-src", "style"},
}
ARTICLE_ATTRIBUTES = {**ATTRIBUTES, "a": {"href", "title", "id"}, "dt": {"id"}, "li": {"id"}}
ARTICLE_ID = re.compile(r"(note|from-note|term)-[\w-]+\Z")
LETTER_ATTRIBUTES = {**ATTRIBUTES, "img": {*ATTRIBUTES["img"], "data-remote-src"}, "details": {"class"}}
MAY_HOLD_IMAGES = re.compile(r"(?i)<im")  # img, and image, which is read as img
IMAGE = re.compile(r"<img((?: [\w-]+=\"[^\"]*\")*)>")  # as nh3 writes it
ATTRIBUTE = re.compile(r" ([\w-]+)=\"([^\"]*)\"")
REMOTE = re.compile(r"(?i)(?:https?:)?//[^\s\"'<>\\]+\Z")
UNSEEN = re.compile(
    r"(?i)display:\s*none|visibility:\s*hidden|opacity:\s*0(?:\.0*)?\s*(?:;|$)|(?:^|[;\s])(?:max-)?(?:width|height):\s*[01](?:px)?\s*(?:;|!|$)"
)
UNSEEN_SIZE = re.compile(r"\s*0*[01](?:\.\d*)?(?:px)?\s*\Z")
MOST_TAGS, MOST_UNCLOSED = 20_000, 500  # the parser's time grows with the square of the depth
NESTING = re.compile(r"(?i)<(/?)(?!(?:area|base|br|col|dd|dt|embed|hr|img|input|li|link|meta|option|p|param|source|td|th|tr|wbr)\b)[a-z]")
MARKDOWN = MarkdownIt("commonmark", {"html": False, "linkify": False, "breaks": True}).enable(["table", "strikethrough"])


def clean_html(text: str) -> str:
    """HTML from outside with nothing that runs, loads by itself or looks like the site's own furniture."""
    return nh3.clean(
        _bearable(text),
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=_keep,
        url_schemes=SCHEMES,
        link_rel=LINK_REL,
        strip_comments=True,
    )


def article_html(text: str) -> str:
    """HTML of an article, made from Markdown, cleaned as `clean_html` does; footnotes and terms keep the ids they are found by."""
    return nh3.clean(
        _bearable(text),
        tags=TAGS,
        attributes=ARTICLE_ATTRIBUTES,
        attribute_filter=_keep_of_article,
        url_schemes=SCHEMES,
        link_rel=LINK_REL,
        strip_comments=True,
    )


def letter_html(text: str) -> str:
    """A letter from outside made safe, as `clean_html` does; the history it repeats is folded, and its pictures are named but not loaded.

    A picture from outside becomes `<img data-remote-src="https://…">`; one that nobody could see is gone. `support.history.showing` shows both.
    """
    if not MAY_HOLD_IMAGES.search(text) and not quoting.may_repeat(text):
        return clean_html(text)
    marked = nh3.clean(
        _bearable(text),
        tags=TAGS,
        attributes=MARKED_ATTRIBUTES,
        attribute_filter=_keep_or_mark,
        url_schemes=SCHEMES,
        link_rel=LINK_REL,
        strip_comments=True,
    )
    return nh3.clean(
        quoting.folded(IMAGE.sub(_inert, marked)),
        tags=TAGS,
        attributes=LETTER_ATTRIBUTES,
        attribute_filter=_keep_of_letter,
        url_schemes=SCHEMES,
        link_rel=LINK_REL,
        strip_comments=True,
    )


def without_quotes(text: str) -> str:
    """The new words of a letter that `letter_html` made safe: its plain text without the history folded in it."""
    return plain_text(quoting.without_fold(text))


def from_markdown(text: str) -> str:
    """Markdown as safe HTML; raw HTML in it stays text."""
    return clean_html(MARKDOWN.render(_readable(text)))


def from_plain(text: str) -> str:
    """Plain words as HTML paragraphs."""
    paragraphs = re.split(r"\n\s*\n", _readable(text).strip())
    return "".join(f"<p>{html.escape(paragraph).replace(chr(10), '<br>')}</p>" for paragraph in paragraphs if paragraph.strip())


def plain_text(text: str) -> str:
    """The words of a piece of HTML, one block a line: for search, previews and comparing."""
    broken = re.sub(r"(?i)<(br|/p|/div|/li|/h[1-6]|/tr|/blockquote|/pre|/summary)\b[^<>]*>", "\n", _bearable(text))
    words = html.unescape(nh3.clean(broken, tags=set()))
    lines = (" ".join(line.split()) for line in words.splitlines())
    return "\n".join(line for line in lines if line)


def _readable(text: str) -> str:
    """Without what neither a database nor a parser takes: null characters and halves of surrogate pairs."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def _bearable(text: str) -> str:
    """HTML that is parsed in little time; what is nested beyond measure becomes its plain words."""
    readable = _readable(text)
    if readable.count("<") < MOST_UNCLOSED:
        return readable
    tags = [found[1] for found in NESTING.finditer(readable)]
    if len(tags) <= MOST_TAGS * 2 and tags.count("") - tags.count("/") <= MOST_UNCLOSED:
        return readable
    return from_plain(html.unescape(re.sub(r"<[^<>]*>", "\n", readable)))


def _keep(tag: str, attribute: str, value: str) -> str | None:
    """Classes by an allow-list; an image only from inside the site, so that reading never tells a stranger."""
    if attribute == "class":
        kept = [name for name in value.split() if CLASSES.match(name)]
        return " ".join(kept) or None
    if tag == "img" and attribute == "src":
        return value if SITE_PATH.match(value) else None
    return value


def _keep_or_mark(tag: str, attribute: str, value: str) -> str | None:
    """What `_keep` keeps, and for the moment what tells quoted words and unseen pictures apart."""
    if tag == "img":
        return ("unseen" if UNSEEN.search(value) else None) if attribute == "style" else value
    if attribute == "id" and tag in ATTRIBUTES:
        return value if "id" in ATTRIBUTES[tag] else quoting.mark(tag, attribute, value)
    if attribute in {"class", "id", "style", "type"}:
        return quoting.mark(tag, attribute, value) or (_keep(tag, attribute, value) if attribute == "class" else None)
    return value


def _keep_of_article(tag: str, attribute: str, value: str) -> str | None:
    """What `_keep` keeps, and of links, terms and notes only ids that are made here."""
    if attribute == "id" and tag in {"a", "dt", "li"}:
        return value if ARTICLE_ID.match(value) else None
    return _keep(tag, attribute, value)


def _keep_of_letter(tag: str, attribute: str, value: str) -> str | None:
    """What `_keep` keeps, the fold of quoted words, and the address of a picture that is not loaded."""
    if tag == "details":
        return "quoted" if value == "quoted" else None
    if attribute == "data-remote-src":
        return value if REMOTE.match(value) else None
    return _keep(tag, attribute, value)


def _inert(image: re.Match[str]) -> str:
    """An image of a letter: ours as it is, one from outside by its address alone, one that nobody sees or can load not at all."""
    said = dict(ATTRIBUTE.findall(image[1]))
    sizes = [said[name] for name in ("width", "height") if name in said]
    source = html.unescape(said.pop("src", "") or said.pop("data-remote-src", "")).strip()
    if said.pop("style", "") or any(UNSEEN_SIZE.match(size) for size in sizes):
        return ""
    rest = "".join(f' {name}="{value}"' for name, value in said.items() if name != "data-remote-src")
    if SITE_PATH.match(source):
        return f'<img src="{html.escape(source)}"{rest}>'
    address = _remote(source)
    return f'<img data-remote-src="{html.escape(address)}"{rest}>' if address else ""


def _remote(source: str) -> str:
    """The whole address of a picture elsewhere; nothing when it has none."""
    if not REMOTE.match(source):
        return ""
    address = f"https:{source}" if source.startswith("//") else source
    try:
        return address if urlsplit(address).hostname else ""
    except ValueError:  # an address in brackets that is none
        return ""
