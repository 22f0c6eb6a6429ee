"""From `python -m demo` to a served page: cold (nothing under var/), then warm."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.table import Figure
from tests.flows.world import World, start

COLD, WARM = 180, 15


def figures() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        yield Figure("make demo, first start, packages installed", _seconds(Path(folder)), COLD, "s")
        yield Figure("make demo, warm start", _seconds(Path(folder)), WARM, "s")


def _seconds(var: Path) -> float:
    (var / "demo.log").unlink(missing_ok=True)
    began = time.monotonic()
    world: World = start(var)
    world.get("/")
    took = time.monotonic() - began
    world.stop()
    return took
