"""MyST text as blocks of an article: directives we have a block for become one, inside another text the Markdown nearest to it."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from knowledgebase.importing.doors import DOORS, html_blocks
from knowledgebase.importing.fences import Directive, Html, Piece, Verbatim, Words, scan, without_comments
from knowledgebase.importing.listings import LISTINGS
from knowledgebase.importing.lowering import lowered
from knowledgebase.importing.media import MEDIA, figure
from knowledgebase.importing.pieces import Block, Maker, Problem, as_text
from knowledgebase.importing.prose import PROSE
from knowledgebase.importing.tables import TABLES

LONE_IMAGE = re.compile(r"!\[(?P<alt>[^\]]*)\]\(<?(?P<target>[^)\s>]+)>?(?:\s+\"(?P<caption>[^\"]*)\")?\)(?:\{(?P<attributes>[^}]*)\})?")
LABEL = re.compile(r"\((?P<label>[^()\s][^()]*)\)=[ ]*")
ATTRIBUTES = re.compile(r"\{(?:[#.][^}]*|[\w-]+=[^}]*)\}[ ]*")
WIDTH = re.compile(r"width=[\"']?([\w.%]+)")
UNDERLINE = re.compile(r"(?P<mark>=|-)(?P=mark)+[ ]*")
PARAGRAPH = re.compile(r"(?![ ]{0,3}(?:[-*+>#|=]|\d+[.)]|`{3}|:{3})|[ ]{4}|\()\S?.*\S")
BREAK = re.compile(r"\+\+\+(?:[ ].*)?")
DRAWN_BY_US = frozenset({"toctree", "contents", "tableofcontents", "tableofcontent", "index", "genindex"})
THROUGH = frozenset({"div", "container", "only", "grid-item", "figure-md", "card-header", "tab", "exercise", "solution", "proof"})
DEEPEST = 20  # directives inside each other
MAKERS: dict[str, Maker] = {**PROSE, **TABLES, **LISTINGS, **MEDIA, **DOORS}
Read = Callable[[str], str | None]


def nothing(_path: str) -> None:
    """A folder without files to include."""


@dataclass
class Splitter:
    """One file on its way from text to blocks; what could not be carried over gathers in `problems`."""

    reader: Read = nothing
    blocks: list[Block] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    waiting: list[Words] = field(default_factory=list)
    terms: dict[str, str] = field(default_factory=dict)  # term of a glossary → its anchor
    depth: int = 0
    including: set[str] = field(default_factory=set)

    def flush(self) -> None:
        waiting, self.waiting = self.waiting, []
        while waiting and not waiting[0].text.strip():
            waiting.pop(0)
        while waiting and not waiting[-1].text.strip():
            waiting.pop()
        if waiting:
            self.blocks.append(Block("text", "\n".join(words.text for words in waiting), [words.line for words in waiting]))

    def add(self, blocks: Iterable[Block]) -> None:
        for block in blocks:
            if block.kind == "text":
                lines = block.value.split("\n")
                self.waiting += [Words(block.lines[0], line) for line in ("", *lines, "")]
            else:
                self.flush()
                self.blocks.append(block)

    def take(self, pieces: Iterable[Piece]) -> None:
        """These pieces, at the level of the article."""
        for piece in pieces:
            match piece:
                case Words():
                    self._words(piece)
                case Verbatim():
                    self._code(piece)
                case Html():
                    self.add(html_blocks(piece, self))
                case Directive(lead=""):
                    self._labelled(piece)
                    self.add(blocks_of(piece, self))
                case Directive():
                    self.waiting += [Words(piece.line, line) for line in self.inside(piece)]

    def markdown(self, lines: Sequence[str], first: int) -> str:
        """These lines as Markdown without directives, for inside a block."""
        if self.depth == DEEPEST:
            self.tell(first, "nested too deep; kept as it is written")
            return "\n".join(lines)
        self.depth += 1
        found = "\n".join(self._flat(lines, first)).strip("\n")
        self.depth -= 1
        return found

    def _flat(self, lines: Sequence[str], first: int) -> list[str]:
        found: list[str] = []
        for piece in scan(lines, first):
            match piece:
                case Words():
                    found.append(piece.text)
                case Verbatim():
                    self._told(piece)
                    found += piece.lines
                case Html():
                    found += lowered(html_blocks(piece, self), self, piece.line)
                case Directive():
                    found += self.inside(piece)
        return found

    def body(self, directive: Directive) -> str:
        return self.markdown(directive.lines, directive.first)

    def inside(self, directive: Directive) -> list[str]:
        """A directive inside a list item or another block, as lines of Markdown with the same room in front."""
        lines = lowered(blocks_of(directive, self), self, directive.line)
        if not lines and not directive.lead.strip():
            return []
        room = " " * len(directive.lead)
        first, *rest = lines or [""]
        if not directive.lead.strip():
            return ["", *(f"{room}{line}".rstrip() for line in lines), ""]
        return [f"{directive.lead}{first}", *(f"{room}{line}".rstrip() for line in rest)] if first else []

    def read(self, path: str) -> str | None:
        return self.reader(path)

    def included(self, path: str, lines: Sequence[str], first: int) -> list[Block]:
        """The blocks of a file that is included there; none when it includes itself."""
        if path in self.including:
            return []
        inner = Splitter(self.reader, problems=self.problems, terms=self.terms, depth=self.depth, including={*self.including, path})
        inner.take(scan(lines, first))
        inner.flush()
        return inner.blocks

    def tell(self, line: int, text: str) -> None:
        self.problems.append(Problem(line, text))

    def _words(self, words: Words) -> None:
        image = LONE_IMAGE.fullmatch(words.text.strip())
        underline = UNDERLINE.fullmatch(words.text)
        if image and not words.text.startswith("    "):
            width = WIDTH.search(image["attributes"] or "")
            said = {"alt": image["alt"], "caption": image["caption"] or "", "width": width[1] if width else ""}
            self.add([figure(image["target"], line=words.line, **said)])
        elif underline and self._is_heading():
            last = self.waiting.pop()
            self.waiting.append(Words(last.line, f"{'#' if underline['mark'] == '=' else '##'} {last.text.strip()}"))
        elif BREAK.fullmatch(words.text):
            self.flush()
        elif not ATTRIBUTES.fullmatch(words.text):
            self.waiting.append(words)

    def _is_heading(self) -> bool:
        """Whether what waits ends with one line of a paragraph, which an underline makes a heading."""
        if not self.waiting or not PARAGRAPH.fullmatch(self.waiting[-1].text):
            return False
        return len(self.waiting) == 1 or not self.waiting[-2].text.strip() or bool(LABEL.fullmatch(self.waiting[-2].text))

    def _code(self, code: Verbatim) -> None:
        self._told(code)
        self.waiting += [Words(code.line + offset, line) for offset, line in enumerate(code.lines)]

    def _told(self, piece: Verbatim) -> None:
        if not piece.is_closed:
            self.tell(piece.line, f"a block that is never closed: {piece.lines[0].strip()}")

    def _labelled(self, directive: Directive) -> None:
        """A name of a directive is a label of its place."""
        for option in ("name", "label"):
            if directive.options.get(option) and directive.name not in DRAWN_BY_US:
                self.waiting += [Words(directive.line, ""), Words(directive.line, f"({directive.options[option]})=")]


def split(text: str, *, first: int = 1, read: Read = nothing) -> Splitter:
    """That text as blocks, in order; `first` is the number of its first line, `read` reads a file it includes."""
    splitter = Splitter(read)
    splitter.take(scan(without_comments(text).split("\n"), first))
    splitter.flush()
    return splitter


def blocks_of(directive: Directive, splitter: Splitter) -> list[Block]:
    """What a directive becomes; one without a place here keeps its text and is told."""
    if directive.name in DRAWN_BY_US:
        return []
    if not directive.is_closed:
        splitter.tell(directive.line, f"a block that is never closed: {{{directive.name}}} {directive.argument}".rstrip())
    make = MAKERS.get(directive.name)
    if make:
        return make(directive, splitter)
    if directive.name not in THROUGH:
        splitter.tell(directive.line, f"{{{directive.name}}} is not known here; its text is kept")
    named = [f"**{directive.argument}**", ""] if directive.argument and directive.name not in THROUGH else []
    return as_text("\n".join([*named, splitter.body(directive)]), directive)
