"""First pass over a folder: which articles it holds, in which order, their blocks, and what can be linked to in them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml.error import YAMLError

from knowledgebase.importing.anchoring import Places, places_in
from knowledgebase.importing.configuring import INVENTORIES, configurations_in, inventories_of, plain_values, substitutions_in
from knowledgebase.importing.heading import front_matter, take_title
from knowledgebase.importing.inline import definitions
from knowledgebase.importing.ordering import order_of, ranks_in
from knowledgebase.importing.paths import address_of, inside
from knowledgebase.importing.pieces import Block, Problem, plain_words
from knowledgebase.importing.splitting import split
from knowledgebase.markdown import outside_code

SUBSTITUTION = re.compile(r"\{\{\s*(?P<name>[A-Za-z_][\w.-]*)\s*\}\}")
SKIPPED = frozenset({"_build", "_static", "_templates", "node_modules", "venv"})


HOME = ""  # the address of the first page of a knowledge base


class FolderProblem(Exception):
    """The folder cannot be imported at all."""


@dataclass(frozen=True)
class Target:
    """What a link leads to."""

    address: str
    title: str
    anchor: str = ""
    url: str = ""  # of a page elsewhere

    @property
    def link(self) -> str:
        return self.url or f"kb:{self.address}{f'#{self.anchor}' if self.anchor else ''}"


@dataclass(frozen=True)
class SourceArticle:
    """One file of the folder: `path` is the file's, `address` the article's."""

    path: str
    address: str
    title: str
    raw: str
    facts: Mapping[str, Any]
    blocks: list[Block]
    places: Places
    definitions: Mapping[str, str] = field(default_factory=dict)
    order: tuple[Any, ...] = ()


@dataclass
class Folder:
    """A folder, read."""

    root: Path
    articles: list[SourceArticle] = field(default_factory=list)
    labels: dict[str, Target] = field(default_factory=dict)
    terms: dict[str, str] = field(default_factory=dict)  # term → address#anchor
    inventories: dict[str, str] = field(default_factory=dict)
    problems: list[tuple[str, Problem]] = field(default_factory=list)
    by_address: dict[str, SourceArticle] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)  # address by path → where that article stands here

    def at(self, relative: str) -> SourceArticle | None:
        """The article of a path seen from the root, with or without extension."""
        path = re.sub(r"\.(html?|md|markdown|ipynb|rst)$", "", relative)
        if path == "index" and HOME in self.by_address:
            return self.by_address[HOME]
        return next((self.by_address[one] for one in (address_of(path), address_of(f"{path}/index")) if one in self.by_address), None)

    def target_of(self, article: SourceArticle, anchor: str = "") -> Target:
        return Target(self.moved.get(article.address, article.address), article.title, anchor)

    def label(self, name: str, *, within: SourceArticle | None = None) -> Target | None:
        """What that label means: of a heading of this article, or of the folder."""
        wanted = name.strip().lower()
        if within is not None and wanted in within.places.by_name:
            place = within.places.by_name[wanted]
            return Target(self.moved.get(within.address, within.address), place.title or within.title, place.anchor)
        return self.labels.get(wanted)

    def elsewhere(self, target: str) -> Target | None:
        """A page of another project, `name:page`; where only its label is known, that project's first page."""
        name, colon, page = target.partition(":")
        base = self.inventories.get(name)
        if not colon or base is None or page.startswith("//"):
            return None
        return Target("", page, url=f"{base}{page}" if "/" in page or "." in page else base)


def read_folder(root: Path) -> Folder:
    """Every Markdown file below that folder. Raises `FolderProblem` when there is none."""
    if not root.is_dir():
        raise FolderProblem(f"{root} is not a folder.")
    configuration = list(configurations_in(root))
    folder = Folder(root, inventories={**INVENTORIES, **inventories_of(root, configuration)})
    texts = dict(_texts(root, folder))
    ranks = ranks_in(configuration, texts)
    said = substitutions_in(configuration)
    for relative, text in texts.items():
        try:
            article = _read(relative, text, ranks, said, folder)
        except YAMLError as error:
            folder.problems.append((relative, Problem(1, f"could not be read: {str(error).splitlines()[0]}")))
            continue
        folder.articles.append(article)
        folder.by_address[article.address] = article
    if not folder.articles:
        raise FolderProblem(f"{root} holds no Markdown file that can be read.")
    folder.articles.sort(key=lambda article: article.order)
    return folder


def name_places(folder: Folder) -> None:
    """Gather what can be linked to by name, where the articles stand now."""
    for article in folder.articles:
        address = folder.moved.get(article.address, article.address)
        for label, place in article.places.labels.items():
            folder.labels.setdefault(label.lower(), Target(address, place.title or article.title, place.anchor))
        folder.terms |= {term: f"{address}#{anchor}" for term, anchor in article.places.terms.items()}


def _files(root: Path) -> Iterator[Path]:
    for path in sorted([*root.rglob("*.md"), *root.rglob("*.markdown")]):
        steps = path.relative_to(root).parts
        if (
            path.is_file()
            and path.resolve().is_relative_to(root.resolve())
            and not any(step in SKIPPED or step.startswith(".") for step in steps)
        ):
            yield path


def _texts(root: Path, folder: Folder) -> Iterator[tuple[str, str]]:
    for path in _files(root):
        relative = path.relative_to(root).as_posix()
        try:
            text = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            folder.problems.append((relative, Problem(1, f"could not be read: {error}")))
            continue
        yield relative, re.sub("[\x00\ue000-\ue002]", "", text.replace("\r\n", "\n").replace("\t", "    "))


def _read(relative: str, raw: str, ranks: Mapping[str, int], said: Mapping[str, str], folder: Folder) -> SourceArticle:
    facts, text, first = front_matter(raw)
    known = {**said, **plain_values(facts.get("substitutions")), **plain_values((facts.get("myst") or {}).get("substitutions"))}
    text = outside_code(text, lambda words: SUBSTITUTION.sub(lambda found: known.get(found["name"], found[0]), words))
    found, text, labels = take_title(text)
    title = str(facts.get("title") or found or _name(relative))
    if not facts.get("title") and not found:
        folder.problems.append((relative, Problem(1, "has no title; its file's name is used")))
    here = relative.rpartition("/")[0] or "."
    splitter = split(text, first=first, read=lambda target: _included(folder.root, here, target))
    folder.problems += [(relative, problem) for problem in splitter.problems]
    return SourceArticle(
        path=relative,
        address=HOME if facts.get("hubdesk") == "home" else address_of(relative),
        title=plain_words(title) or _name(relative),
        raw=raw,
        facts=facts,
        blocks=splitter.blocks,
        places=places_in(splitter, labels),
        definitions=definitions(text),
        order=order_of(address_of(relative), facts, ranks),
    )


def _name(relative: str) -> str:
    """A title from a file's name, or from its folder's."""
    steps = [step for step in re.sub(r"\.\w+$", "", relative).split("/") if step.lower() not in {"index", "readme"}]
    return (steps or ["Home"])[-1].replace("-", " ").replace("_", " ").capitalize()


def _included(root: Path, here: str, target: str) -> str | None:
    """The text of a file of the folder that another one includes."""
    path = (root / inside(here, target)).resolve()
    if not path.is_relative_to(root.resolve()) or not path.is_file():
        return None
    try:
        return path.read_text(encoding="utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError:
        return None
