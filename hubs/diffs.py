"""A unified diff as lines to show, numbered as in the file before and after."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

HUNK = re.compile(r"^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@")
KINDS = {"+": "add", "-": "remove", " ": "same", "": "same"}


@dataclass(frozen=True)
class Line:
    """One line of a diff: `kind` is add, remove, same or hunk; numbers are those of the file before and after."""

    kind: str
    text: str
    before: int | None = None
    after: int | None = None

    @property
    def sign(self) -> str:
        return {"add": "+", "remove": "−"}.get(self.kind, "")


def lines(diff: str) -> list[Line]:
    """The lines of a unified diff of one file, without its headers."""
    return list(_lines(diff))


def counted(diff: str) -> tuple[int, int]:
    """How many lines are added and taken away."""
    kinds = [line.kind for line in _lines(diff)]
    return kinds.count("add"), kinds.count("remove")


def _lines(diff: str) -> Iterator[Line]:
    before = after = 0
    inside = False
    for raw in diff.splitlines():
        if found := HUNK.match(raw):
            before, after, inside = int(found[1]), int(found[2]), True
            yield Line("hunk", raw)
        elif inside and raw[:1] in KINDS:
            kind = KINDS[raw[:1]]
            yield Line(kind, raw[1:], before if kind != "add" else None, after if kind != "remove" else None)
            before, after = before + (kind != "add"), after + (kind != "remove")
