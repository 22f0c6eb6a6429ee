"""Directives that show code, or bring in another file."""

from collections.abc import Mapping

from knowledgebase.importing.fences import Directive, without_comments
from knowledgebase.importing.pieces import Block, Context, Maker


def _code(directive: Directive, context: Context) -> list[Block]:
    lost = [option for option in ("emphasize-lines", "linenos", "lineno-start") if option in directive.options]
    if lost:
        context.tell(directive.line, f"code without its {', '.join(lost)}")
    return _captioned(directive, directive.argument, directive.text)


def _captioned(directive: Directive, language: str, code: str) -> list[Block]:
    caption = directive.options.get("caption") or directive.options.get("filename") or ""
    said = [Block("text", f"*{caption}*", [directive.line])] if caption else []
    return [*said, Block("code", {"language": language.strip("{}")[:30], "code": code}, [directive.first])]


def _math(directive: Directive, context: Context) -> list[Block]:
    context.tell(directive.line, "a formula is shown as code")
    return [
        Block(
            "code",
            {"language": "latex", "code": "\n".join(part for part in (directive.argument, directive.text) if part)},
            [directive.first],
        )
    ]


def _literalinclude(directive: Directive, context: Context) -> list[Block]:
    text = context.read(directive.argument)
    if text is None:
        context.tell(directive.line, f"a file that could not be included: {directive.argument}")
        return []
    language = directive.options.get("language") or directive.argument.rpartition(".")[2]
    return _captioned(directive, language, "\n".join(_part(text.strip("\n").split("\n"), directive.options)))


def _part(lines: list[str], options: Mapping[str, str]) -> list[str]:
    """The lines of a file that an include asks for."""
    if options.get("lines"):
        return [lines[number - 1] for number in _numbers(options["lines"], len(lines))]
    start, end = int(options.get("start-line") or 0), int(options.get("end-line") or len(lines))
    lines = lines[start:end]
    for option, beyond in (("start-at", 0), ("start-after", 1)):
        at = next((number for number, line in enumerate(lines) if options.get(option) and options[option] in line), None)
        lines = lines if at is None else lines[at + beyond :]
    for option, beyond in (("end-at", 1), ("end-before", 0)):
        at = next((number for number, line in enumerate(lines) if options.get(option) and options[option] in line), None)
        lines = lines if at is None else lines[: at + beyond]
    return lines


def _numbers(said: str, last: int) -> list[int]:
    """`1,3-5,8-` as numbers."""
    numbers: list[int] = []
    for part in said.split(","):
        start, dash, end = part.strip().partition("-")
        if start.isdecimal() and (end or "0").isdecimal():
            numbers += range(int(start), min(int(end or last) if dash else int(start), last) + 1)
    return [number for number in numbers if 1 <= number <= last]


def _include(directive: Directive, context: Context) -> list[Block]:
    if directive.options.get("literal") is not None or "code" in directive.options:
        return _literalinclude(directive, context)
    text = context.read(directive.argument)
    if text is None:
        context.tell(directive.line, f"a file that could not be included: {directive.argument}")
        return []
    lines = _part(without_comments(text).strip("\n").split("\n"), directive.options)
    return context.included(directive.argument, lines, directive.line)


LISTINGS: dict[str, Maker] = {
    **dict.fromkeys(("code-block", "code", "code-cell", "sourcecode", "prompt"), _code),
    "math": _math,
    "literalinclude": _literalinclude,
    "include": _include,
}
