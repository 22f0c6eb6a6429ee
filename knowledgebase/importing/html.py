"""Raw HTML in Markdown: what Markdown can say is said in it, the rest keeps its words."""

import re
from collections.abc import Callable

TAGS = (
    *("a", "abbr", "b", "big", "blockquote", "br", "button", "center", "cite", "code", "dd", "del", "details", "div", "dl", "dt", "em"),
    *("figcaption", "figure", "font", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "i", "iframe", "img", "input", "ins"),
    *("kbd", "label", "li", "main", "mark", "nav", "ol", "p", "pre", "q", "s", "script", "section", "small", "span"),
    *("strong", "style", "sub", "summary", "sup", "svg", "table", "tbody", "td", "th", "thead", "tr", "tt", "u", "ul", "var", "video"),
)
TAG = re.compile(rf"</?(?P<name>{'|'.join(sorted(TAGS, key=len, reverse=True))})(?P<rest>(?:\s[^<>]*)?)/?>", re.IGNORECASE)
GONE = re.compile(r"<(?P<name>svg|script|style)\b.*?</(?P=name)\s*>", re.IGNORECASE | re.DOTALL)
ICON = re.compile(r"<(?P<name>i|span)\s+class=[\"'](?:fa|icon|material|octicon)[^\"']*[\"'][^>]*>\s*</(?P=name)>", re.IGNORECASE)
ANCHOR = re.compile(r"<a\s(?P<rest>[^<>]*)>(?P<words>.*?)</a\s*>", re.IGNORECASE | re.DOTALL)
IMAGE = re.compile(r"<img\s(?P<rest>[^<>]*)>", re.IGNORECASE)
FRAME = re.compile(r"<iframe\s(?P<rest>[^<>]*)>.*?</iframe\s*>", re.IGNORECASE | re.DOTALL)
PAIRS = {"b": "**", "strong": "**", "em": "*", "i": "*", "cite": "*", "code": "`", "tt": "`", "del": "~~", "s": "~~"}
ROLES = ("kbd", "sub", "sup")
SILENT = frozenset({"br", "center", "div", "figcaption", "figure", "font", "header", "main", "nav", "p", "section", "small", "span"})

Tell = Callable[[str, int], None]


def without_html(text: str, tell: Tell) -> str:
    """That Markdown without raw HTML. `<br>` stays: readers see it as a new line. `tell` hears what was lost, and where."""
    if "<" not in text:
        return text
    for found in GONE.finditer(text):
        tell(f"<{found['name'].lower()}> is left out", found.start())
    text = ICON.sub("\ue002", GONE.sub(lambda found: "\n" * found[0].count("\n"), text))
    text = FRAME.sub(lambda found: _frame(found, tell), text)
    text = IMAGE.sub(lambda found: f"![{_attribute(found['rest'], 'alt')}]({_attribute(found['rest'], 'src')})", text)
    text = ANCHOR.sub(_anchor, text)
    for name in ROLES:
        text = re.sub(rf"(?is)<{name}>([^<>`]+)</{name}>", rf"{{{name}}}`\1`", text)
    for name, mark in PAIRS.items():
        text = re.sub(rf"(?is)<{name}(?:\s[^<>]*)?>(\S(?:[^<>]*\S)?)</{name}\s*>", rf"{mark}\1{mark}", text)
    return TAG.sub(lambda found: _tag(found, tell), text)


def _attribute(rest: str, name: str) -> str:
    found = re.search(rf"(?i)(?<![\w-]){name}\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))", rest)
    return next((group for group in found.groups() if group is not None), "") if found else ""


def _anchor(found: re.Match[str]) -> str:
    target, words = _attribute(found["rest"], "href"), " ".join(found["words"].split())
    return f"[{words}]({target})" if target else words


def _frame(found: re.Match[str], tell: Tell) -> str:
    source = _attribute(found["rest"], "src")
    tell(f"a frame becomes a link: {source}", found.start())
    return f"[{_attribute(found['rest'], 'title') or source}]({source})" if source else ""


def _tag(found: re.Match[str], tell: Tell) -> str:
    name = found["name"].lower()
    if name == "br":
        return "<br>"
    if name == "hr":
        return "---"
    if name not in SILENT and not found[0].startswith("</"):
        tell(f"<{name}> is not carried over; its words are kept", found.start())
    return ""
