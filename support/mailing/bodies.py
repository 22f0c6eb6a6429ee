"""The words and files of a mail, out of whatever its parts are wrapped in."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from html import unescape

from ground.sanitising import clean_html, from_plain, plain_text
from support.mailing.headers import Headers, decoded, words
from support.mailing.shapes import Body, File, Unreadable

DEEPEST = 30
DEEPEST_HTML = 2_000
MOST_PARTS = 200
MOST_FILES = 50
LONGEST_TEXT = 500_000
"""Characters of one part; more is a file that somebody pasted."""
QUOTE = re.compile(r"^>+")
PAGE = re.compile(r"\s*(<!doctype[^>]*>\s*)?<(html|head)\b", re.IGNORECASE)
END_OF_HEAD = re.compile(r"</head\s*>", re.IGNORECASE)
SIGNATURE = "-- "
TAG = re.compile(r"<(/?)(?!br\b|img\b|hr\b|meta\b|link\b|input\b|wbr\b|col\b)[a-z]", re.IGNORECASE)
ANY_TAG = re.compile(r"<[^<>]*>")
UNSAFE = re.compile(r"[^\w .-]")


@dataclass(frozen=True)
class Leaf:
    """One part that holds no others, and whether it is one of several ways to say the same."""

    part: Message
    way: int


@dataclass
class Said:
    """The same words in the ways a mail brings them."""

    plain: str = ""
    html: str = ""


def body_of(message: Message) -> Body:
    """The words and files of a mail. Raises `Unreadable` when it is nested beyond reason."""
    said: dict[int, Said] = {}
    files: list[File] = []
    for number, leaf in enumerate(leaves(message)):
        if not _is_text(leaf.part):
            files.append(_file(leaf.part))
            continue
        ways = said.setdefault(leaf.way or -number - 1, Said())
        if leaf.part.get_content_type() == "text/html":
            ways.html += text_of(leaf.part)
        else:
            ways.plain += text_of(leaf.part)
    return _joined(list(said.values()), files[:MOST_FILES])


def leaves(message: Message) -> Iterator[Leaf]:
    """Every part that holds no other mail's parts, in order. A mail within the mail counts as one."""
    waiting, seen = [(message, 0, 0)], 0
    while waiting:
        part, depth, way = waiting.pop()
        seen += 1
        if depth > DEEPEST or seen > MOST_PARTS:
            raise Unreadable("its parts are nested too deeply or too many")
        if part.get_content_maintype() != "multipart" or not enclosed(part):
            yield Leaf(part, way)
            continue
        inner = way or (seen if part.get_content_type() == "multipart/alternative" else 0)
        waiting.extend((child, depth + 1, inner) for child in reversed(enclosed(part)))


def enclosed(part: Message) -> list[Message]:
    """The parts in a part, or the mail in one that holds a mail."""
    inner = part.get_payload()
    return [each for each in inner if isinstance(each, Message)] if isinstance(inner, list) else []


def text_of(part: Message) -> str:
    """The part's text with its transfer encoding, charset and flowed lines undone."""
    content = _bytes_of(part)
    headers = Headers(part)
    text = decoded(content, headers.parameter("content-type", "charset"))[:LONGEST_TEXT].replace("\r\n", "\n").replace("\r", "\n")
    if headers.parameter("content-type", "format").lower() == "flowed":
        return _unflowed(text, drop_space=headers.parameter("content-type", "delsp").lower() == "yes")
    return text


def _joined(said: list[Said], files: list[File]) -> Body:
    htmls = [_clean(_without_head(each.html)) if each.html else from_plain(each.plain) for each in said]
    texts = [each.plain.strip() or plain_text(html) for each, html in zip(said, htmls, strict=True)]
    return Body(text="\n\n".join(filter(None, texts)), html="\n".join(filter(None, htmls)), files=tuple(files))


def _is_text(part: Message) -> bool:
    """Words to be read; a multipart whose parts are missing holds nothing else."""
    kind = part.get_content_type()
    is_file = part.get_content_disposition() == "attachment" or bool(_name(part))
    return not is_file and (kind in {"text/plain", "text/html"} or kind.startswith("multipart/"))


def _file(part: Message) -> File:
    kind = part.get_content_type()
    content = _written_out(part) if kind.startswith("message/") else _bytes_of(part)
    content_id = Headers(part).first("content-id").strip("<> ")
    is_in_text = bool(content_id) and part.get_content_disposition() != "attachment"
    return File(_name(part) or _made_up_name(part), kind, content, content_id if is_in_text else "")


def _written_out(part: Message) -> bytes:
    """A mail within the mail, as bytes again."""
    inner = enclosed(part)
    if not inner:
        return _bytes_of(part)
    try:
        return b"\n".join(each.as_bytes() for each in inner)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):  # what Python's generator raises at broken parts
        return b""


def _bytes_of(part: Message) -> bytes:
    """The content as bytes; one whose transfer encoding is broken as it stands."""
    try:
        content = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError):
        content = str(part.get_payload()).encode("utf-8", "surrogateescape")
    return content if isinstance(content, bytes) else b""


def _name(part: Message) -> str:
    """A file's name without folders; RFC 2231 and, where programs write it there, RFC 2047."""
    headers = Headers(part)
    said = headers.parameter("content-disposition", "filename") or headers.parameter("content-type", "name")
    return re.split(r"[/\\]", words(said))[-1].strip(" .")[:200]


def _made_up_name(part: Message) -> str:
    if part.get_content_type() == "message/rfc822":
        subject = next((Headers(each).first("subject") for each in enclosed(part)), "")
        return (UNSAFE.sub("_", subject)[:100] or "mail") + ".eml"
    return {"text/calendar": "invitation.ics", "text/rfc822-headers": "headers.txt"}.get(part.get_content_type(), "file")


def _clean(html: str) -> str:
    """Clean HTML; of a page nested without end, which takes the sanitiser minutes, only the words."""
    return clean_html(html).strip() if _depth(html) <= DEEPEST_HTML else from_plain(unescape(ANY_TAG.sub(" ", html)))


def _depth(html: str) -> int:
    depth = deepest = 0
    for tag in TAG.finditer(html):
        depth = max(depth - 1, 0) if tag[1] else depth + 1
        deepest = max(deepest, depth)
    return deepest


def _without_head(html: str) -> str:
    """A page's title is no word of a letter."""
    end = END_OF_HEAD.search(html) if PAGE.match(html) else None
    return html[end.end() :] if end else html


def _unflowed(text: str, *, drop_space: bool) -> str:
    """RFC 3676: a line that ends in a space goes on in the next one of the same quoting."""
    flowing: list[tuple[str, list[str]]] = []
    is_open = False
    for line in text.split("\n"):
        quote = QUOTE.match(line)
        depth = quote[0] if quote else ""
        said = line[len(depth) :].removeprefix(" ")
        goes_on = said.endswith(" ") and said != SIGNATURE
        kept = said[:-1] if goes_on and drop_space else said
        if is_open and flowing[-1][0] == depth and said != SIGNATURE:
            flowing[-1][1].append(kept)
        else:
            flowing.append((depth, [kept]))
        is_open = goes_on
    return "\n".join(f"{depth} {''.join(said)}" if depth else "".join(said) for depth, said in flowing)
