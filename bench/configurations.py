"""Configurations of the size of real ones: the real ones where they are at hand, else some made of our own rendering."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

from hubs import clusters, notation
from hubs.deployers.gitops.checking import looking, shapes
from hubs.deployers.gitops.configuration import CLUSTERS, Configuration
from tests.hubs import documents
from tests.hubs.deploying import REAL
from tests.hubs.test_rendering import actual, plan, starter

KINDS_OF_WORDS = 700
"""Made-up keys that bring our small schema to the size of JupyterHub's own."""

IMAGES = [
    {"title": f"Environment {number}", "image": f"quay.io/aurora/environment-{number}:2026.1", "default": number == 0}
    for number in range(20)
]
HUBS = ("staging", "prod", "workshop", "class", "team")

Files = Mapping[str, str]


def is_real() -> bool:
    """Are the real ones at hand?"""
    return (REAL / "clusters").is_dir()


@cache
def five_clusters() -> Configuration:
    """Five clusters with their schemas."""
    if is_real():
        return actual()
    files = dict(_schemas())
    for number in range(5):
        files |= _made(f"made-{number}")
    return _of(files)


@cache
def five_hubs() -> tuple[Configuration, str]:
    """A configuration in which one cluster has five hubs, and that cluster's name."""
    configuration = five_clusters()
    if not is_real():
        return configuration, "made-0"
    cluster = "nmfs-openscapes"
    listing = f"{CLUSTERS}/{cluster}/cluster.yaml"
    values = f"{CLUSTERS}/{cluster}/workshop.values.yaml"
    *_rest, workshop = configuration.files[listing].split("- name: workshop")
    entry = "- name: workshop" + workshop.split("\n- name:")[0].rstrip()
    files = {
        **configuration.files,
        listing: configuration.files[listing].rstrip() + "\n" + entry.replace("orkshop", "orkshop-two") + "\n",
        values.replace("workshop", "workshop-two"): configuration.files[values],
    }
    return _of(files), cluster


@cache
def many_hubs() -> tuple[Configuration, str]:
    """Thirty clusters and more than 171 hubs."""
    configuration, cluster = five_hubs()
    files = dict(configuration.files)
    for number in range(2, 36):
        files |= _copied(configuration, cluster, f"{cluster}-{number}", f".{number}.")
    return _of(files), cluster


def written(configuration: Configuration, folder: Path) -> Path:
    """The clusters as a folder."""
    for path, text in configuration.files.items():
        if path.startswith(CLUSTERS):
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
    return folder / CLUSTERS


def fresh(configuration: Configuration) -> Configuration:
    """The same as if read from the repository just now: other texts in memory, nothing known about them."""
    return Configuration(configuration.base, {path: f"{text} "[:-1] for path, text in configuration.files.items()}, configuration.paths)


def forget() -> None:
    """Nothing has been read."""
    for remembered in (notation.parsed, notation._kept_tree, clusters._read_cluster, clusters.values_in, looking.together):
        remembered.cache_clear()
    for remembered in (shapes.validator, shapes.faults_in_file, shapes.faults_in_hub):
        remembered.cache_clear()


def _copied(configuration: Configuration, cluster: str, name: str, infix: str) -> Files:
    """A cluster once more, under another name and at other addresses."""
    files = {path.replace(f"/{cluster}/", f"/{name}/"): text for path, text in configuration.files.items() if f"/{cluster}/" in path}
    listing = f"{CLUSTERS}/{name}/cluster.yaml"
    lines = [_renamed(line, cluster, name, infix) for line in files[listing].splitlines()]
    return {**files, listing: "\n".join(lines) + "\n"}


def _renamed(line: str, cluster: str, name: str, infix: str) -> str:
    key = line.strip(" -").partition(":")[0]
    if key == "domain":
        return line.replace(".", infix, 1)
    return f"{line} {name}" if key == "display_name" else f"name: {name}" if line == f"name: {cluster}" else line


def _made(name: str) -> Files:
    """A cluster of five hubs with long lists of environments, as we render them."""
    configuration = starter()
    for hub in HUBS:
        spec = {"name": hub, "display_name": f"{name} {hub}", "domain": f"{hub}.{name}.example", "environment": {"images": IMAGES}}
        request = documents.new_hub(**spec)
        if hub == HUBS[0]:
            request = {**documents.new_cluster(name=name), "hubs": request["hubs"]}
        configuration = configuration.with_edits(plan({**request, **({} if hub == HUBS[0] else {"cluster": name})}, configuration).edits)
    return {path: text for path, text in configuration.files.items() if path.startswith(f"{CLUSTERS}/{name}/")}


def _schemas() -> Files:
    """Ours, the chart's brought to the size of the real ones."""
    files = {path: text for path, text in starter().files.items() if "schema" in path}
    filling = {
        f"made_up_{number}": {"type": "object", "description": "Words " * 20, "properties": {"a": {"type": "string"}}}
        for number in range(KINDS_OF_WORDS)
    }
    chart = "helm-charts/basehub/values.schema.yaml"
    text = files[chart].replace(
        "properties:\n", "properties:\n" + "".join(f"  {line}\n" for line in yaml.safe_dump(filling).splitlines()), 1
    )
    return {**files, chart: text}


def _of(files: Files) -> Configuration:
    return Configuration("c" * 40, files, frozenset(files))
