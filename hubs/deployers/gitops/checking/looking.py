"""Configuration files as a check looks at them: each value with the file and the line where it was last written."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from hubs.clusters import HubFacts, at, is_readable, layer, merged
from hubs.deployers.gitops.checking.findings import Finding, Level
from hubs.deployers.gitops.configuration import Configuration
from hubs.deployers.gitops.rendering.finding import path_of
from hubs.notation import NotYAML, Steps, line_of, parsed

DEFAULTS: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "basehub": (("basehub/values.yaml", ()),),
    "daskhub": (("basehub/values.yaml", ()), ("daskhub/values.yaml", ("basehub",))),
}
"""Where charts keep what they say by themselves, the last word last, and below which keys basehub's part of it begins."""

NAMES_OF_ITEMS = ("name", "slug", "display_name")


@dataclass(frozen=True)
class Layer:
    """One file of those that make up a hub; what the hub's chart takes begins `below` these keys."""

    path: str
    text: str
    below: tuple[str, ...] = ()

    @property
    def values(self) -> Mapping[str, Any]:
        """What it says; nothing where it cannot be read."""
        found = at(layer(self.text), *self.below)
        return found if isinstance(found, Mapping) else {}

    def finding(self, detail: str, steps: Steps, level: Level = Level.WRONG) -> Finding:
        """A finding about the value below these steps."""
        whole = (*self.below, *steps)
        return Finding(self.path, line_of(self.text, whole), detail, pointer(value_of(self.text), whole), level)


@dataclass(frozen=True)
class Written:
    """One hub as it is written: its entry in cluster.yaml, and the files that Helm puts together, the last word last."""

    facts: HubFacts
    listing: Layer
    index: int
    layers: tuple[Layer, ...]
    has_defaults: bool = False
    is_whole: bool = True

    @cached_property
    def values(self) -> Mapping[str, Any]:
        """All its files as Helm merges them."""
        return together(self.layers)

    @property
    def name(self) -> tuple[str, str]:
        """What tells it from all others."""
        return (self.facts.cluster, self.facts.name)

    def finding(self, detail: str, *steps: str | int, level: Level = Level.WRONG) -> Finding:
        """A finding about a merged value, at the file and line where it was last written; at the hub's entry where it never was."""
        depth, last = max(((_depth(found.values, steps), number) for number, found in enumerate(self.layers)), default=(0, 0))
        if depth == 0:
            return self.entry_finding(detail, level=level)
        return self.layers[last].finding(detail, steps, level)

    def entry_finding(self, detail: str, *steps: str | int, level: Level = Level.WRONG) -> Finding:
        """A finding about the hub's entry in cluster.yaml."""
        return self.listing.finding(detail, ("hubs", self.index, *steps), level)

    def told_place(self, *steps: str | int) -> str:
        """Where a value was last written, for a sentence about another one."""
        found = self.finding("", *steps)
        return f"{found.path.rpartition('/')[2]}:{found.line}"


@dataclass(frozen=True)
class Look:
    """A look at some clusters of a configuration; `standing` is what runs, and so shows what a chart gives without being told."""

    configuration: Configuration
    clusters: frozenset[str]
    standing: Configuration

    @cached_property
    def hubs(self) -> tuple[Written, ...]:
        """The hubs of the clusters looked at."""
        return tuple(hub for name in sorted(self.clusters) for hub in hubs_written(self.configuration, name))

    @cached_property
    def whole_hubs(self) -> tuple[Written, ...]:
        """Those of them whose open files are all there and can be read; a rule on merged values would only guess at the others."""
        return tuple(hub for hub in self.hubs if hub.is_whole)

    @cached_property
    def listings(self) -> tuple[Layer, ...]:
        """Their cluster.yaml, those that can be read."""
        paths = (path_of(name, "cluster.yaml") for name in sorted(self.clusters))
        found = (Layer(path, self.configuration.files[path]) for path in paths if path in self.configuration.files)
        return tuple(listing for listing in found if value_of(listing.text) is not None)

    @cached_property
    def peers(self) -> tuple[Written, ...]:
        """Every hub that runs."""
        return tuple(hub for name in sorted(self.standing.clusters) for hub in hubs_written(self.standing, name))


def hubs_written(configuration: Configuration, cluster: str) -> Iterator[Written]:
    """The hubs of a cluster as they are written."""
    if cluster not in configuration.clusters:
        return
    path = path_of(cluster, "cluster.yaml")
    listing = Layer(path, configuration.files[path])
    entries = [index for index, entry in enumerate(listing.values.get("hubs") or []) if isinstance(entry, Mapping) and entry.get("name")]
    for index, facts in zip(entries, configuration.clusters[cluster].hubs, strict=True):
        defaults = tuple(_defaults(configuration, facts.chart))
        below = ("basehub",) if facts.chart == "daskhub" else ()
        paths = [path_of(cluster, name) for name in facts.values_files]
        files = [Layer(path, configuration.files[path], below) for path in paths if path in configuration.files]
        is_whole = len(files) == len(paths) and all(is_readable(file.text) for file in files)
        yield Written(facts, listing, index, (*defaults, *files), has_defaults=bool(defaults), is_whole=is_whole)


def value_of(text: str) -> Any:
    """What a text says; None where it cannot be read."""
    try:
        return parsed(text)
    except NotYAML:
        return None


def pointer(value: Any, steps: Steps) -> str:
    """The way to a value; an item of a list by its name, so that it is the same when items move."""
    told = []
    for step in steps:
        told.append(_name_of_item(value, step) if isinstance(step, int) else step)
        value = _step(value, step)
    return ".".join(told)


def _name_of_item(items: Any, index: int) -> str:
    item = _step(items, index)
    names = (item[key] for key in NAMES_OF_ITEMS if item.get(key)) if isinstance(item, Mapping) else iter(())
    return str(next(names, index))


def _step(value: Any, step: str | int) -> Any:
    if isinstance(step, int):
        return value[step] if isinstance(value, Sequence) and not isinstance(value, str) and step < len(value) else None
    return value.get(step) if isinstance(value, Mapping) else None


def _depth(value: Any, steps: Steps) -> int:
    """How far these steps lead."""
    for depth, step in enumerate(steps):
        is_there = step in value if isinstance(value, Mapping) else isinstance(step, int) and _step(value, step) is not None
        if not is_there:
            return depth
        value = _step(value, step)
    return len(steps)


def _defaults(configuration: Configuration, chart: str) -> Iterator[Layer]:
    """What the charts say by themselves, where the repository holds them."""
    for name, below in DEFAULTS.get(chart, ()):
        if path := configuration.found(name):
            yield Layer(path, configuration.files[path], below)


@lru_cache(maxsize=1024)
def together(layers: tuple[Layer, ...]) -> Mapping[str, Any]:
    """Files as Helm merges them, not to be changed: everybody gets the same."""
    return merged(found.values for found in layers)
