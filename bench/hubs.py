"""Reading clusters into the registry, and planning a change of one hub among many."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from bench.configurations import five_clusters, five_hubs, forget, fresh, is_real, many_hubs, written
from bench.table import Figure
from hubs import registry
from hubs.clusters import read_folder
from hubs.deployers.gitops import planning
from hubs.deployers.gitops.configuration import Configuration
from hubs.deployers.gitops.rendering import Circumstances
from tests.hubs import documents
from tests.hubs.deploying import US

IMPORT_SECONDS, PLAN_MS, PLAN_AMONG_MANY_MS = 2, 300, 1000
TIMES = 3
TODAY = date(2027, 1, 4)


def figures() -> Iterator[Figure]:
    """Each the best of a few, as other programs run besides."""
    of = "real" if is_real() else "made-up"
    yield Figure(f"import of five {of} clusters", min(import_seconds() for _ in range(TIMES)), IMPORT_SECONDS, "s")
    yield Figure(f"first plan of a process, five hubs, {of}", min(first_plan() for _ in range(TIMES)), PLAN_MS, "ms")
    for words, (configuration, cluster), limit in (
        (f"plan for a cluster of five hubs, {of}", five_hubs(), PLAN_MS),
        (f"the same among {hubs_in(many_hubs()[0])} hubs", many_hubs(), PLAN_AMONG_MANY_MS),
    ):
        milliseconds(configuration, cluster)
        yield Figure(words, min(milliseconds(configuration, cluster) for _ in range(TIMES)), limit, "ms")


def import_seconds() -> float:
    """Files read, and every cluster and hub kept, nothing of it known before."""
    with tempfile.TemporaryDirectory() as folder:
        clusters = written(five_clusters(), Path(folder))
        forget()
        began = time.perf_counter()
        registry.keep_reading(read_folder(clusters))
        return time.perf_counter() - began


def first_plan() -> float:
    """Milliseconds, told by a process of its own."""
    done = subprocess.run([sys.executable, "-m", "bench.first_plan"], capture_output=True, text=True, check=True, timeout=120)
    return float(done.stdout.split()[-1])


def milliseconds(configuration: Configuration, cluster: str) -> float:
    """One plan: another image in a file that all hubs of a cluster share, so that all of them are checked again."""
    hub = next(hub.name for hub in configuration.clusters[cluster].hubs if not hub.is_staging)
    request = documents.change({"op": "set_image", "image": "quay.io/aurora/ours:2026.2"}, cluster=cluster, hub=hub)
    looked_at = fresh(configuration)
    began = time.perf_counter()
    planning.make_plan(planning.sound(request, today=TODAY), looked_at, Circumstances(US), today=TODAY)
    return (time.perf_counter() - began) * 1000


def hubs_in(configuration: Configuration) -> int:
    """How many there are."""
    return sum(len(cluster.hubs) for cluster in configuration.clusters.values())
