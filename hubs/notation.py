"""YAML texts read quickly, and the line a value stands on.

libyaml does the reading where PyYAML was built with it. What words mean is ours: YAML 1.2's, as in the files we write (`yes` is a
word, `true` is not); a date is a word too, as it is for Helm. Keys are words always. A key that is there twice is an error, and so
is a text that goes deeper, or holds more, than anybody writes.
"""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml
from ruamel.yaml.error import YAMLError

Steps = Sequence[str | int]
Loader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader

PREFIX = "tag:yaml.org,2002:"
BOOLEAN = re.compile(r"true|True|TRUE|false|False|FALSE")
INTEGER = re.compile(r"[-+]?(0b[01_]+|0o[0-7_]+|0x[0-9a-fA-F_]+|[0-9][0-9_]*)")
FLOATING = re.compile(r"[-+]?([0-9][0-9_]*\.[0-9_]*([eE][-+]?[0-9]+)?|[0-9][0-9_]*[eE][-+]?[0-9]+|\.[0-9_]+([eE][-+]?[0-9]+)?)")
ENDLESS = re.compile(r"([-+]?)\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
NOTHING = {"", "~", "null", "Null", "NULL"}
MAY_BE_OTHER = frozenset("-+.0123456789tTfF<")
BASES = {"0b": 2, "0o": 8, "0x": 16}
MERGE = "<<"
DEEPEST, MOST_VALUES = 100, 200_000
MOST_TEXTS, MOST_TREES = 4096, 64


class NotYAML(YAMLError, ValueError):  # who catches either catches this
    """A text that cannot be read, and the line where reading ended (0: unknown)."""

    def __init__(self, detail: str, line: int = 0) -> None:
        super().__init__(f"line {line}: {detail}" if line else detail)
        self.detail = detail
        self.line = line


@dataclass(slots=True, eq=False)
class Node:
    """One value as it is written. `kind` is map, seq, or what a word stands for; a map's content is keys and values in turn."""

    kind: str
    line: int
    content: Any
    size: int = 1


@lru_cache(maxsize=MOST_TEXTS)
def parsed(text: str) -> Any:
    """The plain values of a YAML text, not to be changed: everybody gets the same. Raises NotYAML."""
    root = _tree(text)
    return None if root is None else _value(root, {})


def line_of(text: str, steps: Steps) -> int:
    """The line (from 1) where the value below these steps is written, or what is nearest above it; 0 where nothing can be read."""
    try:
        node = _kept_tree(text)
    except NotYAML as error:
        return error.line
    line = node.line if node else 0
    for step in steps:
        found = _below(node, step) if node else None
        if found is None:
            return line
        line, node = found
    return line


def _tree(text: str) -> Node | None:
    try:
        loader = Loader(text)
        try:
            return _grown(loader.get_event)
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise NotYAML(error.problem or str(error.context), mark.line + 1 if mark else 0) from error
    except yaml.YAMLError as error:
        raise NotYAML(str(error).splitlines()[0]) from error


_kept_tree = lru_cache(maxsize=MOST_TREES)(_tree)


def _grown(next_event: Callable[[], Any]) -> Node | None:
    """The tree of one document. Without recursion, so that a text may be as deep as it likes before it is refused."""
    top = Node("seq", 1, [])
    branches, anchors = [top], dict[str, Node]()
    while not isinstance(event := next_event(), yaml.StreamEndEvent):
        if isinstance(event, yaml.NodeEvent):
            node = _known(event, anchors) if isinstance(event, yaml.AliasEvent) else _node(event)
            branches[-1].content.append(node)
            if event.anchor:
                anchors[event.anchor] = node
            if isinstance(event, yaml.CollectionStartEvent):
                branches.append(node)
        elif isinstance(event, yaml.CollectionEndEvent):
            _close(branches.pop())
        if len(branches) > DEEPEST or len(top.content) > 1:
            raise NotYAML("it goes too deep" if top.content[1:] == [] else "it holds several documents", _line(event))
    return top.content[0] if top.content else None


def _close(node: Node) -> None:
    """Count what a node holds. A few aliases of aliases would be more than anybody can go through."""
    node.size = 1 + sum(part.size for part in node.content)
    if node.size > MOST_VALUES:
        raise NotYAML("it holds too much", node.line)


def _known(event: yaml.AliasEvent, anchors: dict[str, Node]) -> Node:
    if event.anchor not in anchors:
        raise NotYAML(f"there is no anchor {event.anchor}", _line(event))
    return anchors[event.anchor]


def _node(event: Any) -> Node:
    if isinstance(event, yaml.ScalarEvent):
        told = event.tag.removeprefix(PREFIX) if event.tag and event.tag != "!" else ""
        return Node(told or (_kind(event.value) if event.implicit[0] else "str"), _line(event), event.value)
    return Node("map" if isinstance(event, yaml.MappingStartEvent) else "seq", _line(event), [])


def _kind(word: str) -> str:
    """What a word without quotes stands for."""
    if word in NOTHING:
        return "null"
    if word[0] not in MAY_BE_OTHER:
        return "str"
    if word == MERGE:
        return "merge"
    for kind, pattern in (("bool", BOOLEAN), ("int", INTEGER), ("float", FLOATING), ("float", ENDLESS)):
        if pattern.fullmatch(word):
            return kind
    return "str"


def _value(node: Node, known: dict[Node, Any]) -> Any:
    """A node's plain value; an alias is the very value of its anchor."""
    if node.kind not in {"map", "seq"}:
        return _scalar(node)
    if node in known:
        if known[node] is None:
            raise NotYAML("a value holds itself", node.line)
        return known[node]
    known[node] = None
    known[node] = [_value(item, known) for item in node.content] if node.kind == "seq" else _mapping(node, known)
    return known[node]


def _mapping(node: Node, known: dict[Node, Any]) -> dict[str, Any]:
    own: dict[str, Any] = {}
    inherited: dict[str, Any] = {}
    for key, item in _pairs(node):
        if key.kind == "merge":
            inherited = {**_merged_in(item, known), **inherited}
        elif not isinstance(key.content, str):
            raise NotYAML("a key is not a word", key.line)
        elif key.content in own:
            raise NotYAML(f"the key {key.content!r} is there twice", key.line)
        else:
            own[key.content] = _value(item, known)
    return {**inherited, **own}


def _merged_in(node: Node, known: dict[Node, Any]) -> dict[str, Any]:
    """What `<<` brings: one mapping, or several of which the first wins."""
    value = _value(node, known)
    parts = value if isinstance(value, list) else [value]
    if not all(isinstance(part, dict) for part in parts):
        raise NotYAML("<< takes mappings", node.line)
    return {key: part[key] for part in reversed(parts) for key in part}


def _scalar(node: Node) -> Any:
    if node.kind not in SCALARS:
        raise NotYAML(f"the tag {node.kind} is not known", node.line)
    try:
        return SCALARS[node.kind](node.content)
    except ValueError as error:
        raise NotYAML(f"{node.content!r} is no {node.kind}", node.line) from error


def _integer(word: str) -> int:
    sign, digits = (-1 if word.startswith("-") else 1), word.lstrip("+-").replace("_", "")
    return sign * int(digits, BASES.get(digits[:2], 10))


def _floating(word: str) -> float:
    if match := ENDLESS.fullmatch(word):
        return math.nan if match[3] else float(f"{match[1]}inf")
    return float(word.replace("_", ""))


SCALARS: dict[str, Callable[[str], Any]] = {
    "str": str,
    "int": _integer,
    "float": _floating,
    "bool": lambda word: word.lower() == "true",
    "null": lambda _word: None,
    "merge": str,
    "timestamp": str,
}


def _below(node: Node, step: str | int) -> tuple[int, Node] | None:
    """The line and the node of a key or an item, those that `<<` brings too."""
    if node.kind == "seq":
        is_there = isinstance(step, int) and -1 < step < len(node.content)
        return (node.content[step].line, node.content[step]) if is_there else None
    if node.kind != "map":
        return None
    own = ((key.line, item) for key, item in _pairs(node) if key.kind != "merge" and key.content == step)
    brought = (part for key, item in _pairs(node) if key.kind == "merge" for part in (item.content if item.kind == "seq" else [item]))
    return next(own, None) or next((found for part in brought if (found := _below(part, step))), None)


def _pairs(node: Node) -> list[tuple[Node, Node]]:
    return list(zip(node.content[::2], node.content[1::2], strict=True))


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1
