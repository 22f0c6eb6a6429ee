"""MyST's outer shape: a file as lines of text, code that is left alone, directives, and the pieces of raw HTML that mean something here."""

import itertools
import re
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

LEAD = r"(?P<lead>[ ]*(?:(?:[-*+]|\d+[.)])[ ]+)?)"
FENCE = re.compile(LEAD + r"(?P<fence>`{3,}|~{3,}|:{3,})[ ]*(?:\{(?P<name>[\w:.+-]+)\})?[ ]*(?P<argument>.*)$")
CODE_FENCE = re.compile(r"[ ]*(?:(?:[-*+]|\d+[.)])[ ]+)?(?P<fence>`{3,}|~{3,})(?P<info>[^`]*)$")
OPTION = re.compile(r"[ ]*:(?P<name>[\w-]+):(?:[ ]+(?P<value>.*))?$")
COMMENT = re.compile(r"%(?:[ ]|$)")
HTML_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
MEANT_HTML = re.compile(r"[ ]*(?:<(?:div|p|center|figure)\b[^>]*>[ ]*)*<(?P<tag>button|video)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Words:
    """One line of text, and its number in the file."""

    line: int
    text: str


@dataclass(frozen=True)
class Verbatim:
    """Lines of code, fences included."""

    line: int
    lines: Sequence[str]
    is_closed: bool = True


@dataclass(frozen=True)
class Html:
    """A whole `<button>` or `<video>`."""

    line: int
    tag: str
    text: str


@dataclass(frozen=True)
class Directive:
    """One directive. `lead` stands before its fence: the room of a list item, perhaps with its mark; `first` is the number of its body's first line."""

    name: str
    argument: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    lines: Sequence[str] = ()
    lead: str = ""
    line: int = 0
    first: int = 0
    is_closed: bool = True

    @property
    def text(self) -> str:
        return "\n".join(self.lines).strip("\n")


Piece = Words | Verbatim | Html | Directive


def without_comments(text: str) -> str:
    """Without HTML comments; their lines stay, empty, so that numbers of lines do."""
    return HTML_COMMENT.sub(lambda found: "\n" * found[0].count("\n"), text)


def scan(lines: Sequence[str], first: int = 1) -> Iterator[Piece]:
    """The pieces of these lines, in order; `first` is the number of the first one."""
    at = 0
    while at < len(lines):
        line, number = lines[at], first + at
        fence, meant = FENCE.match(line), MEANT_HTML.match(line)
        if fence and _opens(fence):
            at = yield from _fenced(lines, at, fence, first)
        elif meant:
            end = next((place for place in range(at, len(lines)) if f"</{meant['tag']}" in lines[place].lower()), at)
            yield Html(number, meant["tag"].lower(), "\n".join(lines[at : end + 1]))
            at = end + 1
        else:
            if not COMMENT.match(line):
                yield Words(number, line)
            at += 1


def _opens(fence: re.Match[str]) -> bool:
    """Whether it is a fence and not code in a line, nor an end without a beginning."""
    if fence["fence"].startswith(":"):
        return bool(fence["name"])
    return bool(fence["name"]) or "`" not in fence["argument"]


def _fenced(lines: Sequence[str], at: int, fence: re.Match[str], first: int) -> Generator[Piece, None, int]:
    """The directive or the code that begins there; returns where to go on."""
    indent = len(fence["lead"])
    end, is_closed = _end(lines, at + 1, fence["fence"], indent)
    after = end + 1 if is_closed else end
    if not fence["name"]:
        closing = [] if is_closed else [" " * indent + fence["fence"]]
        yield Verbatim(first + at, [*lines[at:after], *closing], is_closed)
        return after
    body = [_dedented(line, indent) for line in lines[at + 1 : end]]
    options, taken = _options(body)
    yield Directive(
        name=fence["name"],
        argument=fence["argument"].strip(),
        options=options,
        lines=body[taken:],
        lead=fence["lead"],
        line=first + at,
        first=first + at + 1 + taken,
        is_closed=is_closed,
    )
    return after


def _end(lines: Sequence[str], start: int, fence: str, indent: int) -> tuple[int, bool]:
    """Where it closes and whether it does: in a list, the end of the item ends it too."""
    open_inside = [len(fence)]
    at = start
    while at < len(lines):
        line, bare = lines[at], lines[at].strip()
        if indent and bare and len(line) - len(line.lstrip()) < indent:
            return at, False
        if set(bare) == {fence[0]}:
            _close(open_inside, len(bare))
            if not open_inside:
                return at, True
        elif fence[0] == ":":
            inner, code = FENCE.match(line), CODE_FENCE.match(line)
            if inner and inner["name"] and inner["fence"].startswith(":"):
                open_inside.append(len(inner["fence"]))
            elif code:
                end, is_closed = _end(lines, at + 1, code["fence"], 0)
                at = end if is_closed else at
        at += 1
    return len(lines), False


def _close(open_inside: list[int], length: int) -> None:
    """A line of that many marks closes the innermost fence that is not longer; shorter ones inside that nobody closed go with it."""
    while len(open_inside) > 1 and open_inside[-1] < length:
        open_inside.pop()
    if open_inside[-1] <= length:
        open_inside.pop()


def _dedented(line: str, indent: int) -> str:
    return line[min(indent, len(line) - len(line.lstrip(" "))) :]


def _options(body: Sequence[str]) -> tuple[dict[str, str], int]:
    """What stands as `:name: value`, or between two lines of `---`, on top of a body; and how many lines that takes."""
    if body and body[0].strip() == "---" and "---" in [line.strip() for line in body[1:]]:
        end = [line.strip() for line in body[1:]].index("---") + 1
        pairs = (line.partition(":") for line in body[1:end])
        return {name.strip(): value.strip().strip("\"'") for name, colon, value in pairs if colon}, end + 1
    found = [option for option in itertools.takewhile(bool, map(OPTION.match, body)) if option]
    return {option["name"]: (option["value"] or "").strip() for option in found}, len(found)
