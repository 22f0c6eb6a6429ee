"""The support desk at its size, on PostgreSQL and on SQLite: the queue, a ticket, creating, replying and searching, against a tenth of the size.

BENCH_SIZE tickets (100,000 without), each with three messages, of 150 communities. Times are the best of many: other people use the machine too.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from bench.mirror.writing import answers, fresh_database
from bench.table import Figure

ROOT = Path(__file__).resolve().parents[1]
SIZE = int(os.environ.get("BENCH_SIZE", "100000"))
LIMITS: Mapping[str, tuple[float, str]] = {
    "queue, the dearest view: queries": (10, "queries"),
    "queue, the dearest view: CPU": (15, "ms"),
    "queue, the heaviest view: HTML": (60_000, "bytes"),
    "ticket with 20 messages: queries": (12, "queries"),
    "ticket with 20 messages: CPU": (15, "ms"),
    "create: queries": (12, "queries"),
    "reply: queries": (12, "queries"),
    "reply leaving: queries": (20, "queries"),
    "search, a rare word": (20, "ms"),
    "search, a middling word": (20, "ms"),
    "search, a common word": (20, "ms"),
    "search, two common words": (20, "ms"),
}
MOST_TIMES = 1.1
COMPARED = "times"
LEAST = 5.0  # milliseconds under which a ratio says nothing but how busy the machine was


def figures() -> Iterator[Figure]:
    if answers():
        with fresh_database() as address:
            yield from _of("PostgreSQL", address)
    else:
        sys.stdout.write("skipped, since no PostgreSQL answers: the desk on PostgreSQL\n")
    with tempfile.TemporaryDirectory() as folder:
        yield from _of("SQLite", f"sqlite:///{folder}/desk.sqlite3")


def _of(name: str, address: str) -> Iterator[Figure]:
    small, large = _measured(address)
    for what, (limit, unit) in LIMITS.items():
        yield Figure(f"{name}, {what}", large[what], limit, unit)
    for what, (_limit, unit) in LIMITS.items():
        if unit != "bytes":
            ratio = large[what] / small[what] if unit == "queries" else max(large[what], LEAST) / max(small[what], LEAST)
            yield Figure(f"{name}, {SIZE:,} ÷ {SIZE // 10:,}: {what}", ratio, MOST_TIMES, COMPARED)


def _measured(address: str) -> list[dict[str, float]]:
    """What was measured at a tenth of the size, and at the size."""
    command = [sys.executable, "-m", "bench.desk_pages", str(SIZE // 10), str(SIZE)]
    environment = os.environ | {"DATABASE_URL": address}
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True)
    told: list[dict[str, float]] = json.loads(done.stdout)
    return told
