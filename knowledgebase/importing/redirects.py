"""Addresses that articles of a folder had before: what hosts of static sites read, and two extensions of Sphinx."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledgebase.importing.configuring import said_to_sphinx
from knowledgebase.importing.paths import inside

OF_HOSTS = "_redirects"  # a line each: from, to, and perhaps a status
OF_SPHINX = "conf.py"
HOME = re.compile(r"(?:c/[-\w]+/)?kb(?:/|$)")  # where an exported book's knowledge base was
ENDING = re.compile(r"\.(?:html?|md|markdown|ipynb|rst)$|(?:^|/)(?:index|readme)(?:\.\w+)?$", re.IGNORECASE)
KINDS = frozenset({"301", "302", "303", "307", "308"})


@dataclass(frozen=True)
class Redirect:
    """From an address to a path, both seen from the root; `said` is how it was written."""

    file: str
    line: int
    old: str
    path: str
    said: str

    @property
    def is_carried(self) -> bool:
        """Not one with patterns, and none that leaves the folder's site."""
        return not any(mark in self.said for mark in ("*", "/:", "://"))


def redirects_in(root: Path) -> Iterator[Redirect]:
    """Every redirect that the folder tells of, in its order."""
    for line, (old, to, *rest) in _lines(root / OF_HOSTS, root):
        if not rest or rest[0].rstrip("!") in KINDS:
            yield _redirect(OF_HOSTS, line, old, to)
    rediraffe = said_to_sphinx(root, "rediraffe_redirects")
    if isinstance(rediraffe, str):
        for line, (old, to, *_rest) in _lines(root / rediraffe, root):
            yield _redirect(rediraffe, line, old, to)
    yield from (_redirect(OF_SPHINX, 1, old, to) for old, to in _pairs(rediraffe))
    yield from (_redirect(OF_SPHINX, 1, old, to, beside=True) for old, to in _pairs(said_to_sphinx(root, "redirects")))


def _redirect(file: str, line: int, old: str, to: str, *, beside: bool = False) -> Redirect:
    """`beside`: written as seen from the old address."""
    before = HOME.sub("", inside(".", old.partition("#")[0]), count=1)
    here = before.rpartition("/")[0] if beside else "."
    return Redirect(file, line, ENDING.sub("", before).strip("/"), inside(here or ".", to.partition("#")[0]), f"{old} {to}")


def _lines(path: Path, root: Path) -> Iterator[tuple[int, list[str]]]:
    """The lines of a file of this folder that say two things or more."""
    if not path.is_file() or not path.resolve().is_relative_to(root.resolve()):
        return
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
        words = [word.strip("\"'") for word in line.partition(" #")[0].split()]
        if len(words) > 1 and not words[0].startswith("#"):
            yield number, words


def _pairs(said: Any) -> list[tuple[str, str]]:
    return [(str(old), str(to)) for old, to in said.items()] if isinstance(said, dict) else []
