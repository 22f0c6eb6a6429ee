"""`{{ hub.url }}` in the text of an article: the names there are, and what becomes of one where it stands. No template language.

Before rendering, `protected` puts a plain word in the place of each known name, which Markdown and code colouring leave alone.
After it, `marked` says where each stands (words, code, a link), and `filled` or `neutral` puts the fact there while reading.
Names that are not in the table stay as they were typed.
"""

import functools
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html import escape, unescape
from typing import Any
from urllib.parse import quote, urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ground.sanitising import SCHEMES


@dataclass(frozen=True)
class Name:
    """A fact's meaning for its editor, and the words that stand in where it is not known."""

    meaning: str | Promise
    neutral: str | Promise
    is_address: bool = False  # whether a link may begin with it


@dataclass(frozen=True)
class Fact:
    """What is known: the words for a sentence, and the one value for code and links, empty when there is not exactly one."""

    words: str = ""
    only: str = ""


NAMES: Mapping[str, Name] = {
    "hub.name": Name(_("Name of the hub"), _("your hub")),
    "hub.url": Name(_("Address of the hub"), _("your hub’s address"), is_address=True),
    "hub.domain": Name(_("Domain of the hub, without https://"), _("your hub’s domain")),
    "hub.images": Name(_("Software images to choose from"), _("the images of your hub")),
    "hub.memory": Name(_("Memory to choose from"), _("the memory your hub offers")),
    "hub.storage": Name(_("Space for files, for each person"), _("the space your hub offers")),
    "hub.sign_in": Name(_("How people sign in"), _("your usual sign-in")),
    "hub.interface": Name(_("What opens first"), _("your hub’s first page")),
    "hub.admins": Name(_("Who administers the hub"), _("the administrators of your hub")),
    "community.name": Name(_("Name of the community"), _("your community")),
    "community.website": Name(_("Website of the community"), _("your community’s website"), is_address=True),
    "community.representatives": Name(_("Its representatives, for members alone"), _("your community’s representatives")),
    "support.email": Name(_("Address of support"), _("the address of support")),
    "operator.name": Name(_("Who runs the hubs"), _("the people who run your hub")),
}
ORDER = tuple(NAMES)
SUBJECTS = frozenset(name.split(".")[0] for name in NAMES)

FOUND = re.compile(r"\{\{\s*([a-z]+\.[a-z_]+)\s*\}\}|zqf(\d\d)qz")  # as typed, or protected
SHAPED = re.compile(r"\{\{\s*([\w.-]{1,60})\s*\}\}")  # whatever an editor may have meant as a name
MARKDOWN_CODE = re.compile(r"(`+).+?\1|(~~~+).+?\2", re.DOTALL)
MARKS = re.compile("[\ue000-\ue003]")  # private letters; nobody may type one
MARK = re.compile("\ue000(?:U([^\ue001]*)|([TC])([a-z_.]+))\ue001")
INNER = re.compile("\ue002([a-z_.]+)\ue003(/?)")
PIECE = re.compile(r'<(?:[^<>"]|"[^"]*")*>|[^<]+|<')
ATTRIBUTE = re.compile(r' ([\w:-]+)="([^"]*)"')
WEB = re.compile(r"https?://[^\s/]")
LINKING = frozenset({"href", "src", "srcset", "action"})


def protected(value: Any) -> Any:
    """Plain data (strings in lists and dictionaries) with a word nobody writes in place of each known name."""
    match value:
        case str():
            return FOUND.sub(_word_for, MARKS.sub("", value))
        case list():
            return [protected(one) for one in value]
        case dict():
            return {key: protected(one) for key, one in value.items()}
    return value


def may_hold(value: Any) -> bool:
    """Whether there may be a name, or a letter of ours, anywhere in that plain data."""
    match value:
        case str():
            return "{{" in value or bool(MARKS.search(value))
        case list():
            return any(may_hold(one) for one in value)
        case dict():
            return any(may_hold(one) for one in value.values())
    return False


def marked(html: str) -> str:
    """Safe HTML with every known name in it marked by where it stands."""
    return "".join(_marked(html)) if FOUND.search(html) else html


def of_live(html: str) -> str:
    """The same for HTML that was written while serving, from words nobody has protected."""
    return marked(MARKS.sub("", html))


def as_anchor(name: str) -> str:
    """The id of a heading that names facts."""
    return FOUND.sub(lambda found: _name(found).replace(".", "-").replace("_", "-"), name)


def is_marked(html: str) -> bool:
    """Whether there is a fact to put into it."""
    return "\ue000" in html


def used(html: str) -> frozenset[str]:
    """The names that were marked in it."""
    names = {found[3] for found in MARK.finditer(html) if found[3]} | {found[1] for found in INNER.finditer(html)}
    return frozenset(names & NAMES.keys())


def filled(html: str, fact_of: Callable[[str], Fact], *, elsewhere: str) -> str:
    """Marked HTML with the facts in it; a link whose facts are not known leads `elsewhere`."""
    return MARK.sub(lambda found: _filled(found, fact_of, elsewhere), html)


def neutral(html: str) -> str:
    """Marked HTML as somebody reads it of whom nothing is known."""
    return filled(html, lambda _name: Fact(), elsewhere="#")


def in_words(text: str, fact_of: Callable[[str], Fact]) -> str:
    """Plain text or Markdown as it was typed, with the facts in it; the result is escaped by whoever shows it."""
    return FOUND.sub(lambda found: _words(_name(found), fact_of) if _name(found) else found[0], text)


def named(text: str) -> frozenset[str]:
    """The known names in a text as it was typed."""
    return frozenset(name for found in FOUND.finditer(text) if (name := _name(found)))


def bare(text: str) -> str:
    """A text that was protected, as it was typed."""
    return FOUND.sub(lambda found: f"{{{{ {_name(found)} }}}}" if _name(found) else found[0], text)


def unknown(value: Any, *, in_code: bool = False) -> list[str]:
    """What looks like a name and is none, in the order it was typed. In code others' braces are their own affair."""
    match value:
        case str() if in_code:
            return [name for name in SHAPED.findall(value) if name not in NAMES and name.split(".")[0].lower() in SUBJECTS]
        case str():
            prose = MARKDOWN_CODE.sub(" ", value)
            code = " ".join(found[0] for found in MARKDOWN_CODE.finditer(value))
            return [name for name in SHAPED.findall(prose) if name not in NAMES] + unknown(code, in_code=True)
        case list():
            return [name for one in value for name in unknown(one, in_code=in_code)]
        case dict():
            return [name for key, one in value.items() for name in unknown(one, in_code=key == "code")]
    return []


def _name(found: "re.Match[str]") -> str:
    """The known name that was found, or nothing."""
    name = found[1] or (ORDER[int(found[2])] if int(found[2]) < len(ORDER) else "")
    return name if name in NAMES else ""


def _word_for(found: "re.Match[str]") -> str:
    name = _name(found)
    return f"zqf{ORDER.index(name):02}qz" if name else found[0]


def _marked(html: str) -> Iterator[str]:
    """Piece by piece; within code, however deep, code's own marks."""
    code = 0
    for piece in PIECE.findall(html):
        if not piece.startswith("<"):
            yield FOUND.sub(functools.partial(_mark, kind="C" if code else "T"), piece)
            continue
        code += piece.startswith(("<code", "<pre")) - piece.startswith(("</code", "</pre"))
        yield ATTRIBUTE.sub(_marked_attribute, piece) if FOUND.search(piece) else piece


def _mark(found: "re.Match[str]", kind: str) -> str:
    name = _name(found)
    return f"\ue000{kind}{name}\ue001" if name else found[0]


def _marked_attribute(attribute: "re.Match[str]") -> str:
    key, value = attribute[1], attribute[2]
    if not FOUND.search(value):
        return attribute[0]
    if key == "id":
        return f' id="{as_anchor(value)}"'
    if key in LINKING:
        inner = FOUND.sub(lambda found: f"\ue002{_name(found)}\ue003" if _name(found) else found[0], value)
        return f' {key}="\ue000U{inner}\ue001"' if INNER.search(inner) else attribute[0]
    return f' {key}="{FOUND.sub(functools.partial(_mark, kind="T"), value)}"'


def _filled(found: "re.Match[str]", fact_of: Callable[[str], Fact], elsewhere: str) -> str:
    if found[2] is None:
        return _link(found[1], fact_of) or escape(elsewhere)
    if found[2] == "T":
        return escape(_words(found[3], fact_of))
    return escape(fact_of(found[3]).only or f"<{NAMES[found[3]].neutral}>")


def _words(name: str, fact_of: Callable[[str], Fact]) -> str:
    return fact_of(name).words or str(NAMES[name].neutral)


def _link(value: str, fact_of: Callable[[str], Fact]) -> str:
    """The address with its facts, each kept to the place it stands in; nothing when one is missing or the scheme is not ours."""
    known = {name: _for_link(name, fact_of(name).only) for name, _slash in INNER.findall(value)}
    if not all(known.values()):
        return ""
    address = INNER.sub(lambda inner: _in_link(inner, known[inner[1]]), value)
    try:
        scheme = urlsplit(unescape(address)).scheme
    except ValueError:  # brackets that are no address
        return ""
    return address if scheme in SCHEMES or not scheme else ""


def _for_link(name: str, value: str) -> str:
    """The fact, unless it should be an address and is none."""
    return "" if NAMES[name].is_address and not WEB.match(value) else value


def _in_link(inner: "re.Match[str]", value: str) -> str:
    """At the start an address stands as it is, and one slash follows; anywhere else a fact is one step or value of the address."""
    if inner.start() == 0 and NAMES[inner[1]].is_address:
        return escape(value.rstrip("/") + "/" if inner[2] or inner.end() < len(inner.string) else value)
    return quote(value, safe="@") + inner[2]
