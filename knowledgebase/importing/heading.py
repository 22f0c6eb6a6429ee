"""The top of a file: its front matter and its title."""

import re
from typing import Any

from ruamel.yaml import YAML

from knowledgebase.importing.splitting import LABEL, PARAGRAPH, UNDERLINE

FRONT_MATTER = re.compile(r"\A---[ ]*\n(?P<facts>.*?\n)?---[ ]*(?:\n|\Z)", re.DOTALL)
TITLE = re.compile(r"#[ ]+(?P<title>.+?)[ ]*#*[ ]*")


def front_matter(text: str) -> tuple[dict[str, Any], str, int]:
    """What stands on top, the rest, and the number of the rest's first line. `options:` is where MyST lets us keep what is ours."""
    found = FRONT_MATTER.match(text)
    if not found:
        return {}, text, 1
    facts = YAML(typ="safe").load(found["facts"] or "")
    facts = facts if isinstance(facts, dict) else {}
    options = facts.get("options")
    return {**(options if isinstance(options, dict) else {}), **facts}, text[found.end() :], found[0].count("\n") + 1


def take_title(text: str) -> tuple[str, str, list[str]]:
    """The first heading of the first level, fences left aside; the text without it, and the labels right above. Its lines stay, empty."""
    lines = text.split("\n")
    fence = ""
    for at, line in enumerate(lines):
        mark = re.match(r"[ ]*(`{3,}|~{3,}|:{3,})", line)
        if mark:
            ends = bool(fence) and mark[1].startswith(fence) and not line.strip().strip(mark[1][0])
            fence = "" if ends else fence or mark[1]
        if fence or mark:
            continue
        height = _height(line, lines[at + 1] if at + 1 < len(lines) else "")
        if height:
            words = TITLE.fullmatch(line) if height == 1 else None
            return _taken(lines, at, height, words["title"] if words else line.strip())
    return "", text, []


def _height(line: str, below: str) -> int:
    """How many lines a title takes that begins here: one with a mark, two underlined, none if there is none."""
    underline = UNDERLINE.fullmatch(below)
    if TITLE.fullmatch(line):
        return 1
    return 2 if PARAGRAPH.fullmatch(line) and underline and underline["mark"] == "=" else 0


def _taken(lines: list[str], at: int, height: int, title: str) -> tuple[str, str, list[str]]:
    labels: list[str] = []
    above = at - 1
    while above >= 0 and (not lines[above].strip() or LABEL.fullmatch(lines[above])):
        label = LABEL.fullmatch(lines[above])
        labels += [label["label"]] if label else []
        lines[above] = ""
        above -= 1
    lines[at : at + height] = [""] * height
    return title, "\n".join(lines), labels
