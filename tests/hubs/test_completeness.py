"""Nothing of the real folders is lost but secrets: change any value and a fact changes, or the table says why not."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from hubs.clusters import HubFacts, read_folder, read_hub
from hubs.clusters.not_told import NOT_TOLD
from hubs.notation import parsed
from tests.hubs.deploying import REAL

CLUSTERS = REAL / "clusters"
pytestmark = pytest.mark.skipif(not CLUSTERS.is_dir(), reason="the real configuration is not on this machine")

Path = tuple[str | int, ...]


def leaves(value: Any, path: Path = ()) -> Iterator[Path]:
    """Every path that ends in something that is not a map with something in it; lists of plain words end there."""
    if isinstance(value, dict) and value:
        for key, part in value.items():
            yield from leaves(part, (*path, key))
    elif isinstance(value, list) and any(isinstance(part, dict) for part in value):
        for index, part in enumerate(value):
            yield from leaves(part, (*path, index))
    else:
        yield path


def changed(value: Any, path: Path) -> Any:
    """A copy with another value there."""
    if not path:
        return other(value)
    step, *rest = path
    if isinstance(value, list):
        return [changed(part, tuple(rest)) if index == step else part for index, part in enumerate(value)]
    return {key: changed(part, tuple(rest)) if key == step else part for key, part in value.items()}


def other(value: Any) -> Any:
    if isinstance(value, str):
        return f"1{value}" if re.fullmatch(r"[\d.]+[GM]?", value) else f"{value}-other"
    if isinstance(value, list):
        return [*value, "other"] if value else [{"display_name": "other"}]
    return not value if isinstance(value, bool) else value * 2 + 1


def shape(path: Path, chart: str) -> str:
    """The path as the table writes it, from where basehub's own values begin."""
    steps = [str(step) for step in path]
    if chart == "daskhub":
        steps = steps[1:] if steps[0] == "basehub" else ["~", *steps]
    return ".".join(steps)


def is_not_told(shaped: str) -> bool:
    return any(re.fullmatch(expression, shaped) for expression in EXPRESSIONS)


def expression(pattern: str) -> str:
    steps = [re.escape(step).replace(r"\*\*", ".*").replace(r"\*", r"[^.]+") for step in pattern.split(".")]
    return r"\.".join(steps)


EXPRESSIONS = [expression(pattern) for pattern in NOT_TOLD]


def value_at(value: Any, path: Path) -> Any:
    for step in path:
        value = value[step]
    return value


def told(facts: HubFacts) -> HubFacts:
    """What is read into facts, without the values themselves."""
    return replace(facts, values={})


def test_every_value_of_the_real_folders_is_a_fact_or_in_the_table():
    lost: set[str] = set()
    checked: set[str] = set()
    for facts in read_folder(CLUSTERS).hubs:
        entry = ENTRIES[facts.cluster, facts.name]
        for path in leaves(facts.values):
            shaped = shape(path, facts.chart)
            kind = f"{facts.chart} " + re.sub(r"\.\d+(?=\.|$)", ".*", re.sub(r"choices\.[^.]+", "choices.*", shaped))
            if kind in checked or is_not_told(shaped) or value_at(facts.values, path) is None:
                continue
            checked.add(kind)
            if told(read_hub(facts.cluster, entry, changed(facts.values, path))) == told(facts):
                lost.add(shaped)
    assert lost == set()
    assert len(checked) > 100


def test_every_pattern_of_the_table_is_needed():
    shapes = {shape(path, facts.chart) for facts in read_folder(CLUSTERS).hubs for path in leaves(facts.values)}
    assert [pattern for pattern in NOT_TOLD if not any(re.fullmatch(expression(pattern), shaped) for shaped in shapes)] == []


def test_everything_in_cluster_yaml_is_told():
    """Every leaf of cluster.yaml stands somewhere in the cluster's facts, as itself or joined with others."""
    reading = {cluster.name: cluster for cluster in read_folder(CLUSTERS).clusters}
    for name, document in DOCUMENTS.items():
        words = repr(reading[name])
        assert [path for path in leaves(document) if _as_said(value_at(document, path)) not in words] == []


def _as_said(value: Any) -> str:
    return str(value[0]) if isinstance(value, list) else str(value)


DOCUMENTS = {path.parent.name: parsed(path.read_text()) for path in CLUSTERS.glob("*/cluster.yaml")}
ENTRIES = {(name, entry["name"]): entry for name, document in DOCUMENTS.items() for entry in document["hubs"]}
