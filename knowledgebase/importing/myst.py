"""MyST text as blocks of an article: directives we have a block for become one, the rest stays text and is reported."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from knowledgebase.blocks import RequestKind, Tone

FENCE = re.compile(r"^(?P<fence>`{3,}|~{3,}|:{3,})\s*(?:\{(?P<name>[\w:+-]+)\})?\s*(?P<argument>[^\n]*)$")
OPTION = re.compile(r"^:(?P<name>[\w-]+):\s*(?P<value>.*)$")
LONE_IMAGE = re.compile(r"^!\[(?P<alt>[^\]]*)\]\((?P<target>[^)\s]+)(?:\s+\"(?P<caption>[^\"]*)\")?\)$")
STEP = re.compile(r"^\d+[.)]\s+(?P<title>.+)$")
TONES = {
    **dict.fromkeys(("note", "seealso", "admonition"), Tone.NOTE),
    **dict.fromkeys(("tip", "hint"), Tone.TIP),
    "important": Tone.IMPORTANT,
    **dict.fromkeys(("warning", "caution", "attention", "danger", "error"), Tone.WARNING),
}
DRAWN_BY_US = frozenset({"toctree", "contents", "tableofcontents"})

Block = dict[str, Any]  # {"type": …, "value": …}; figures name their file under "source"


@dataclass(frozen=True)
class Directive:
    """One directive: name, what follows it on its line, its options, its lines."""

    name: str
    argument: str
    options: Mapping[str, str]
    text: str


@dataclass
class Splitter:
    """One file on its way from text to blocks; what could not be carried over gathers in `problems`."""

    blocks: list[Block] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)

    def flush(self) -> None:
        text = "\n".join(self.waiting).strip("\n")
        self.waiting = []
        if text.strip():
            self.blocks.append({"type": "text", "value": text})

    def add(self, block: Block) -> None:
        self.flush()
        self.blocks.append(block)


def split(text: str) -> Splitter:
    """That text as blocks, in order."""
    splitter = Splitter()
    lines = iter(text.split("\n"))
    for line in lines:
        fence = FENCE.match(line)
        image = LONE_IMAGE.match(line.strip())
        if fence:
            _fenced(line, fence, lines, splitter)
        elif image:
            splitter.add(figure(image["target"], alt=image["alt"], caption=image["caption"] or ""))
        elif not line.startswith("% ") and not re.match(r"^\([^()\s]+\)=\s*$", line):
            splitter.waiting.append(line)
    splitter.flush()
    return splitter


def figure(source: str, *, alt: str, caption: str) -> Block:
    return {"type": "figure", "source": source, "value": {"alt": alt, "caption": caption}}


def _fenced(line: str, fence: re.Match[str], lines: Iterator[str], splitter: Splitter) -> None:
    inner, closed = _until_closed(fence["fence"], lines)
    if not closed:
        splitter.problems.append(f"a block that is never closed: {line.strip()}")
    if not fence["name"]:
        splitter.waiting += [line, *inner, fence["fence"]] if not fence["fence"].startswith(":") else inner
        return
    directive = _directive(fence["name"], fence["argument"].strip(), inner)
    if directive.name in DRAWN_BY_US:
        return
    make = MAKERS.get(directive.name)
    block = make(directive, splitter) if make else None
    if block:
        splitter.add(block)
    elif not make:
        splitter.problems.append(f"{{{directive.name}}} is not known here; its text is kept")
        splitter.waiting += ["", *([f"**{directive.argument}**", ""] if directive.argument else []), directive.text, ""]


def _until_closed(fence: str, lines: Iterator[str]) -> tuple[list[str], bool]:
    """The lines up to the closing fence; fences of the same kind inside must be shorter, as MyST asks, or be closed."""
    inner: list[str] = []
    depth = 0
    for line in lines:
        bare = line.strip()
        if bare == fence and depth == 0:
            return inner, True
        if fence[0] == ":" and FENCE.match(bare) and bare.startswith(":"):
            depth += 1 if bare.strip(":") else -1
        inner.append(line)
    return inner, False


def _directive(name: str, argument: str, lines: Sequence[str]) -> Directive:
    options: dict[str, str] = {}
    rest = list(lines)
    while rest and (option := OPTION.match(rest[0].strip())):
        options[option["name"]] = option["value"].strip()
        rest.pop(0)
    return Directive(name=name, argument=argument, options=options, text="\n".join(rest).strip("\n"))


def _callout(directive: Directive, _splitter: Splitter) -> Block:
    titled = directive.name == "admonition"
    text = directive.text if titled or not directive.argument else f"{directive.argument}\n{directive.text}"
    return {
        "type": "callout",
        "value": {"tone": TONES[directive.name], "title": directive.argument if titled else "", "text": text.strip()},
    }


def _figure(directive: Directive, splitter: Splitter) -> Block:
    alt = directive.options.get("alt", "")
    if not alt:
        splitter.problems.append(f"{directive.argument} has no description (:alt:)")
    return figure(directive.argument, alt=alt, caption=" ".join(directive.text.split()))


def _code(directive: Directive, _splitter: Splitter) -> Block:
    return {"type": "code", "value": {"language": directive.argument, "code": directive.text}}


def _table(directive: Directive, _splitter: Splitter) -> Block:
    return {"type": "table", "value": {"caption": directive.argument, "rows": directive.text}}


def _steps(directive: Directive, splitter: Splitter) -> Block | None:
    steps: list[dict[str, str]] = []
    for line in directive.text.split("\n"):
        found = STEP.match(line)
        if found:
            steps.append({"title": found["title"], "text": ""})
        elif steps:
            steps[-1]["text"] += line.removeprefix("   ") + "\n"
    if not steps:
        splitter.problems.append("{steps} without numbered lines")
        return None
    return {"type": "steps", "value": {"steps": [{**step, "text": step["text"].strip()} for step in steps]}}


def _request(directive: Directive, splitter: Splitter) -> Block | None:
    if directive.argument not in RequestKind.values:
        splitter.problems.append(f"{{request}} asks for “{directive.argument}”; known are {', '.join(RequestKind.values)}")
        return None
    return {"type": "request", "value": {"kind": directive.argument, "words": " ".join(directive.text.split())}}


def _ask_support(directive: Directive, _splitter: Splitter) -> Block:
    return {"type": "ask_support", "value": {"subject": directive.argument, "words": " ".join(directive.text.split())}}


def _hub_facts(directive: Directive, _splitter: Splitter) -> Block:
    return {"type": "hub_facts", "value": {"title": directive.argument}}


def _open_in_hub(directive: Directive, splitter: Splitter) -> Block | None:
    repository = directive.options.get("repository", "")
    if not repository.startswith("https://"):
        splitter.problems.append("{open-in-hub} needs a :repository: that begins with https://")
        return None
    options = {"repository": repository, "branch": directive.options.get("branch", "main"), "path": directive.options.get("path", "")}
    return {"type": "open_in_hub", "value": {"words": directive.argument or repository, **options}}


MAKERS: dict[str, Callable[[Directive, Splitter], Block | None]] = {
    **dict.fromkeys(TONES, _callout),
    **dict.fromkeys(("figure", "image"), _figure),
    **dict.fromkeys(("code-block", "code", "code-cell"), _code),
    "table": _table,
    "steps": _steps,
    "request": _request,
    "ask-support": _ask_support,
    "hub-facts": _hub_facts,
    "open-in-hub": _open_in_hub,
}
