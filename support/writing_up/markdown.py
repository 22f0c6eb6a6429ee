"""The clean HTML of a letter as Markdown and code, the way an article's blocks hold them. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html.parser import HTMLParser

SPECIAL = re.compile(r"[\\`*\[\]<]|(?<!\w)_|_(?!\w)")
RULE = re.compile(r"(?m)^([ \t]*)((?:=+|-+)(?=[ \t]*$)|#{1,6}(?=[ \t]|$))")
HEADING = "\x02"  # no letter holds it
BLANKS = re.compile(r"\n(?:[ \t]*\n)+")
BLOCKS = frozenset({"p", "div", "tr", "table", "ul", "ol", "dl", "dt", "dd", "figure", "details", "summary", "hr", "blockquote"})
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
MOST_DEEP = 6  # lists within lists


@dataclass(frozen=True)
class Passage:
    """Some Markdown, or some code."""

    text: str
    is_code: bool = False


def passages(html: str) -> list[Passage]:
    """What that clean HTML says, in order."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.finished()


class _Reader(HTMLParser):
    """Goes through the tags once and keeps no more state than lists, quotes and code need."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.done: list[Passage] = []
        self.held: list[str] = []
        self.lists: list[int | None] = []  # the last number of an ordered list; None for one without
        self.links: list[tuple[str, int]] = []
        self.quotes = self.quoted_from = 0
        self.in_code = self.in_pre = False

    def finished(self) -> list[Passage]:
        self._flush()
        return self.done

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        match tag:
            case "pre":
                self._flush()
                self.in_pre = True
            case "br":
                self._say("\n")
            case "code" if not self.in_pre:
                self.in_code = True
                self._say("`")
            case "a":
                self.links.append((dict(attrs).get("href") or "", len(self.held)))
            case _:
                self._say(self._before(tag))
        if tag in {"ul", "ol"}:
            self.lists.append(0 if tag == "ol" else None)
        if tag == "blockquote":
            self.quoted_from = self.quoted_from if self.quotes else len(self.held)
            self.quotes += 1

    def handle_endtag(self, tag: str) -> None:
        match tag:
            case "pre":
                self._flush()
                self.in_pre = False
            case "code" if self.in_code:
                self.in_code = False
                self._say("`")
            case "a" if self.links:
                self._link(*self.links.pop())
            case "ul" | "ol" if self.lists:
                self.lists.pop()
        if tag == "blockquote" and self.quotes:
            self.quotes -= 1
            if not self.quotes:
                self.held[self.quoted_from :] = [_quoted("".join(self.held[self.quoted_from :]))]
        if tag in HEADINGS or (tag in BLOCKS and not self.lists):
            self._say("\n\n")

    def handle_data(self, data: str) -> None:
        data = data.replace(HEADING, "")
        if self.in_pre:
            self.held.append(data)
        elif self.in_code:
            self.held.append(data.replace("`", "'"))
        elif data.strip() or not self.lists:
            self.held.append(SPECIAL.sub(lambda found: "\\" + found[0], re.sub(r"[ \t\r\f\v]*\n[ \t]*|[ \t]+", _blank, data)))

    def _before(self, tag: str) -> str:
        if tag == "li":
            return f"\n{self._bullet()} "
        if tag in {"td", "th"}:
            return " "
        if tag in HEADINGS:
            return f"\n\n{HEADING} "
        return "\n\n" if tag in BLOCKS and not self.lists else ""

    def _say(self, text: str) -> None:
        if not self.in_pre or text == "\n":
            self.held.append(text)

    def _bullet(self) -> str:
        if not self.lists:
            return "-"
        number = self.lists[-1]
        indent = "   " * min(len(self.lists) - 1, MOST_DEEP)
        if number is None:
            return f"{indent}-"
        self.lists[-1] = number + 1
        return f"{indent}{number + 1}."

    def _link(self, href: str, start: int) -> None:
        words = "".join(self.held[start:])
        if not re.match(r"(?i)https?://[^\s()<>]+\Z|/(?!/)[^\s()<>]*\Z", href) or not words.strip() or self.in_pre:
            return
        self.held[start:] = [
            f"<{href}>" if re.sub(r"\\(.)", r"\1", words.strip()) == href and ":" in href else f"[{words.strip()}]({href})"
        ]

    def _flush(self) -> None:
        held, self.held = self.held, []
        start = self.quoted_from if self.quotes else len(held)
        self.quoted_from = 0
        text = "".join(held[:start]) + (_quoted("".join(held[start:])) if self.quotes else "")
        if self.in_pre and not self.quotes:
            code = text.strip("\n").rstrip()
            self.done += [Passage(code, is_code=True)] if code.strip() else []
            return
        markdown = BLANKS.sub("\n\n", RULE.sub(r"\1\\\2", text)).replace(HEADING, "###").strip()
        self.done += [Passage(markdown)] if markdown else []


def _quoted(text: str) -> str:
    lines = BLANKS.sub("\n\n", text).strip().splitlines()
    return "\n\n" + "\n".join(f"> {line}".rstrip() for line in lines) + "\n\n" if lines else ""


def _blank(found: re.Match[str]) -> str:
    return "\n" if "\n" in found[0] else " "
