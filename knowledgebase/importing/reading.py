"""First pass over a folder: which articles it holds, in which order, and what their titles, addresses and labels are."""

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.text import slugify
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

FRONT_MATTER = re.compile(r"\A---\s*\n(.*?)\n---\s*(?:\n|\Z)", re.DOTALL)
TITLE = re.compile(r"^#\s+(.+?)\s*#*\s*$", re.MULTILINE)
LABEL = re.compile(r"^\(([^()\s]+)\)=\s*$", re.MULTILINE)
TOCTREE = re.compile(r"^(?P<fence>`{3,}|:{3,})\{toctree\}[^\n]*\n(?P<body>.*?)^(?P=fence)", re.MULTILINE | re.DOTALL)
ENTRY = re.compile(r"^(?:.*<(?P<target>[^<>]+)>|(?P<bare>[^:\s][^\s]*))\s*$")
SKIPPED = frozenset({"_build", "_static", "node_modules", ".git"})
LAST = 10**6


class FolderProblem(Exception):
    """The folder cannot be imported at all."""


@dataclass(frozen=True)
class SourceArticle:
    """One file of the folder: `path` is the file's, `address` the article's."""

    path: str
    address: str
    title: str
    text: str
    facts: Mapping[str, Any]
    order: tuple[Any, ...] = ()


@dataclass
class Folder:
    """A folder, read."""

    root: Path
    articles: list[SourceArticle] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)  # label → address
    problems: list[tuple[str, str]] = field(default_factory=list)

    def titles(self) -> dict[str, str]:
        return {article.address: article.title for article in self.articles}


def read_folder(root: Path) -> Folder:
    """Every Markdown file below that folder. Raises `FolderProblem` when there is none."""
    if not root.is_dir():
        raise FolderProblem(f"{root} is not a folder.")
    folder = Folder(root)
    ranks = _ranks(root)
    for path in _files(root):
        relative = path.relative_to(root).as_posix()
        try:
            article = _read(path, relative, ranks, folder)
        except (UnicodeDecodeError, YAMLError) as error:
            folder.problems.append((relative, f"could not be read: {str(error).splitlines()[0]}"))
            continue
        folder.articles.append(article)
        folder.labels.update(dict.fromkeys(LABEL.findall(article.text), article.address))
    if not folder.articles:
        raise FolderProblem(f"{root} holds no Markdown file that can be read.")
    folder.articles.sort(key=lambda article: article.order)
    return folder


def address_of(relative: str) -> str:
    """The address of a file: its path without extension, `index` meaning its folder."""
    stem = re.sub(r"\.(md|markdown)$", "", relative)
    steps = [slugify(step) or "page" for step in stem.split("/")]
    return "/".join(steps[:-1] if len(steps) > 1 and steps[-1] in {"index", "readme"} else steps)


def _files(root: Path) -> Iterator[Path]:
    for path in sorted(root.rglob("*.md")):
        inside = path.relative_to(root).parts
        if path.is_file() and not any(step in SKIPPED or step.startswith(".") for step in inside):
            yield path


def _read(path: Path, relative: str, ranks: Mapping[str, int], folder: Folder) -> SourceArticle:
    text = path.read_text(encoding="utf-8").replace("\r\n", "\n")
    facts, text = _front_matter(text)
    found = TITLE.search(text)
    if found and not text[: found.start()].replace("\n", "").startswith("```"):
        text = text[: found.start()] + text[found.end() :]
    title = str(facts.get("title") or (found and found[1]) or path.stem.replace("-", " ").replace("_", " ").capitalize())
    if not facts.get("title") and not found:
        folder.problems.append((relative, "has no title; its file's name is used"))
    address = address_of(relative)
    order = tuple((_rank(step, ranks), step) for step in _steps(address))
    own = facts.get("order")
    if isinstance(own, int):
        order = (*order[:-1], (own, order[-1][1]))
    return SourceArticle(path=relative, address=address, title=title.strip("* _`"), text=text.strip("\n"), facts=facts, order=order)


def _front_matter(text: str) -> tuple[dict[str, Any], str]:
    found = FRONT_MATTER.match(text)
    if not found:
        return {}, text
    facts = YAML(typ="safe").load(found[1])
    return (facts if isinstance(facts, dict) else {}), text[found.end() :]


def _rank(address: str, ranks: Mapping[str, int]) -> int:
    """Its place in the order; translations come after what they translate."""
    return LAST + 1 if address in dict(settings.LANGUAGES) else ranks.get(address, LAST)


def _steps(address: str) -> Iterator[str]:
    steps = address.split("/")
    return ("/".join(steps[: count + 1]) for count in range(len(steps)))


def _ranks(root: Path) -> dict[str, int]:
    """Places in the order that `myst.yml`, `_toc.yml` or toctrees give, by address."""
    targets = [*_toc_of_project(root), *_toctrees(root)]
    return {address: place for place, address in reversed(list(enumerate(targets)))}


def _toc_of_project(root: Path) -> Iterator[str]:
    for name in ("myst.yml", "_toc.yml"):
        path = root / name
        if path.is_file():
            try:
                yield from _files_named(YAML(typ="safe").load(path.read_text(encoding="utf-8")))
            except YAMLError:
                continue


def _files_named(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("file"), str):
            yield address_of(node["file"])
        for value in node.values():
            yield from _files_named(value)
    elif isinstance(node, list):
        for value in node:
            yield from _files_named(value)


def _toctrees(root: Path) -> Iterator[str]:
    """Entries of toctrees, the outermost file's first."""
    for path in sorted(_files(root), key=lambda one: (len(one.relative_to(root).parts), one.stem != "index", one)):
        text = path.read_text(encoding="utf-8", errors="replace")
        here = path.relative_to(root).parent.as_posix()
        for found in TOCTREE.finditer(text):
            entries = (ENTRY.match(line.strip()) for line in found["body"].splitlines() if line.strip())
            yield from (address_of(inside(here, entry["target"] or entry["bare"])) for entry in entries if entry)


def inside(folder: str, target: str) -> str:
    """A path written in a file of that folder, seen from the root; `..` stops at the root, as Sphinx does."""
    start = "" if target.startswith("/") or folder == "." else folder
    steps: list[str] = []
    for step in posixpath.join(start, target.lstrip("/")).split("/"):
        if step == "..":
            steps = steps[:-1]
        elif step not in {"", "."}:
            steps.append(step)
    return "/".join(steps)
