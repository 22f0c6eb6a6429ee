"""A configuration repository at one commit: its clusters and hubs, its schemas, and edits made upon it in memory."""

import difflib
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from ground.errors import Rejected
from hubs.clusters import ClusterFacts, is_secret, read_cluster
from hubs.deployers.git import Repository
from hubs.notation import NotYAML, parsed

CLUSTERS = "config/clusters"


@dataclass(frozen=True)
class Configuration:
    """The readable files of a commit, by path. Secret files are known by path only."""

    base: str
    files: Mapping[str, str] = field(default_factory=dict)
    paths: frozenset[str] = frozenset()

    @cached_property
    def clusters(self) -> dict[str, ClusterFacts]:
        """Every cluster by the name of its folder; files that do not read as a cluster are left out."""
        found: dict[str, ClusterFacts] = {}
        for name, texts in sorted(self.folders.items()):
            if "cluster.yaml" in texts:
                try:
                    found[name] = read_cluster(name, texts)
                except (ValueError, TypeError, AttributeError):
                    continue
        return found

    @cached_property
    def folders(self) -> dict[str, dict[str, str]]:
        """The readable files of every cluster's folder, by the names of folder and file."""
        found: dict[str, dict[str, str]] = {}
        for path, text in self.files.items():
            if path.startswith(f"{CLUSTERS}/") and path.count("/") > CLUSTERS.count("/") + 1:
                cluster, name = path.removeprefix(f"{CLUSTERS}/").split("/", 1)
                found.setdefault(cluster, {})[name] = text
        return found

    def folder(self, cluster: str) -> dict[str, str]:
        """A cluster's readable files, by file name."""
        return self.folders.get(cluster, {})

    def found(self, *names: str) -> str:
        """The path of the first of these file names found anywhere in the repository, blank when there is none."""
        return next((path for name in names for path in self._by_ending.get(name, [])), "")

    def schema(self, *names: str) -> Any:
        """The first schema of these file names found anywhere in the repository, or None; None too where it cannot be read."""
        try:
            return parsed(self.files[path]) if (path := self.found(*names)) else None
        except NotYAML:
            return None

    @cached_property
    def _by_ending(self) -> dict[str, list[str]]:
        """Paths by their last part and their last two."""
        found: dict[str, list[str]] = {}
        for path in sorted(self.files):
            parts = path.rsplit("/", 2)
            for ending in {parts[-1], "/".join(parts[-2:])}:
                found.setdefault(ending, []).append(path)
        return found

    def with_edits(self, edits: "tuple[Edit, ...]") -> "Configuration":
        """The same configuration after these edits."""
        gone = {edit.path for edit in edits if edit.text is None}
        texts = {edit.path: edit.text for edit in edits if edit.text is not None}
        files = {path: text for path, text in {**self.files, **texts}.items() if path not in gone}
        return Configuration(self.base, files, (self.paths | set(texts)) - gone)


@dataclass(frozen=True)
class Edit:
    """One file as it shall be (None: deleted), and one sentence saying what that means."""

    path: str
    text: str | None
    before: str | None
    summary: str

    @property
    def action(self) -> str:
        """As the deployer API calls it."""
        return "delete" if self.text is None else "modify" if self.before is not None else "add"

    @property
    def diff(self) -> str:
        """Unified; blank where the content is secret."""
        old, new = (self.before or "").splitlines(keepends=True), (self.text or "").splitlines(keepends=True)
        names = ("/dev/null" if self.before is None else f"a/{self.path}", "/dev/null" if self.text is None else f"b/{self.path}")
        return "" if is_secret(self.path) else "".join(difflib.unified_diff(old, new, *names))


class Workspace:
    """Files being edited in memory. Documents are round-tripped, so that what nobody touched stays byte for byte."""

    def __init__(self, configuration: Configuration) -> None:
        self.configuration = configuration
        self._documents: dict[str, Any] = {}
        self._removed: set[str] = set()
        self._comments: dict[str, str] = {}
        self._sentences: dict[str, list[str]] = {}

    def document(self, path: str) -> Any:
        """The document at a path, to be changed in place; an empty one where there is no file."""
        if path not in self._documents:
            self._documents[path] = self._loaded(path) or {}
        return self._documents[path]

    def _loaded(self, path: str) -> Any:
        try:
            return loaded(self.configuration.files.get(path, ""))
        except YAMLError as error:
            words = _("%(path)s is not YAML.") % {"path": path}
            raise Rejected(words, status=422, errors=[{"pointer": "", "code": "unreadable", "detail": words}]) from error

    def create(self, path: str, document: Any, sentence: str) -> None:
        """A new file."""
        if path in self.configuration.paths:
            raise Rejected(
                f"{path} already exists in the configuration.", status=409, errors=[{"pointer": "", "code": "name-taken", "detail": path}]
            )
        self._documents[path] = document
        self.say(path, sentence)

    def remove(self, path: str, sentence: str) -> None:
        """Delete a file, if it is there."""
        if path in self.configuration.paths:
            self._removed.add(path)
            self.say(path, sentence)

    def comment(self, path: str, line: str, *, replacing: str) -> None:
        """A comment at the end of a file, instead of the one that begins with `replacing`."""
        self.document(path)
        self._comments[path] = f"{replacing}\0{line}"

    def say(self, path: str, sentence: str) -> None:
        """What a change of this file means, for whoever reads the plan."""
        if sentence not in self._sentences.setdefault(path, []):
            self._sentences[path].append(sentence)

    def edits(self) -> tuple[Edit, ...]:
        """The files that really differ, in the order of their paths."""
        texts: dict[str, str | None] = {path: self._text(path) for path in self._documents}
        texts.update(dict.fromkeys(self._removed))
        before = {path: self.configuration.files.get(path, "" if path in self.configuration.paths else None) for path in texts}
        changed = sorted(path for path, text in texts.items() if text != before[path])
        return tuple(Edit(path, texts[path], before[path], " ".join(self._sentences.get(path, []))) for path in changed)

    def _text(self, path: str) -> str:
        original = self.configuration.files.get(path)
        is_untouched = original is not None and parsed(original) == self._documents[path]
        text = original or "" if is_untouched else dumped(self._documents[path])
        if path in self._comments:
            start, line = self._comments[path].split("\0")
            kept = [row for row in text.splitlines() if not row.startswith(start)]
            text = "\n".join([*kept, line]) + "\n"
        return text


def read(repository: Repository, commit: str) -> Configuration:
    """The configuration at a commit."""
    tree = repository.tree(commit)
    wanted = {path: blob for path, blob in tree.items() if path.endswith((".yaml", ".yml")) and not is_secret(path)}
    contents = repository.blobs(wanted.values()) if wanted else {}
    texts = {path: contents[blob].decode("utf-8", "replace") for path, blob in wanted.items()}
    return Configuration(commit, {path: text for path, text in texts.items() if "\ufffd" not in text}, frozenset(tree))


def loaded(text: str) -> Any:
    """A document with its comments, anchors and quotes."""
    return _round_trip().load(text)


def dumped(document: Any) -> str:
    """Its text, in the layout of the repository."""
    stream = io.StringIO()
    _round_trip().dump(document, stream)
    return stream.getvalue()


def put(values: Any, *keys: str, value: Any) -> None:
    """Set the value below these keys, making the maps on the way."""
    for key in keys[:-1]:
        if not isinstance(values.get(key), Mapping):
            values[key] = {}
        values = values[key]
    values[keys[-1]] = unshared(value)


def unshared(value: Any) -> Any:
    """A copy in which no part is there twice, which YAML would write as an anchor."""
    if isinstance(value, Mapping):
        return {key: unshared(part) for key, part in value.items()}
    return [unshared(part) for part in value] if isinstance(value, list | tuple) else value


def drop(values: Any, *keys: str) -> None:
    """Take away the value below these keys, if it is there."""
    for key in keys[:-1]:
        values = values.get(key) if isinstance(values, Mapping) else None
    if isinstance(values, dict):
        values.pop(keys[-1], None)


def _round_trip() -> YAML:
    yaml = YAML(typ="rt", pure=True)
    yaml.preserve_quotes = True
    yaml.width = 100_000
    yaml.indent(mapping=2, sequence=2, offset=0)
    return yaml
