"""Finding articles among 20,000, on PostgreSQL and on SQLite: the search as a member asks it, and what is suggested beside a ticket."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.mirror.writing import answers, fresh_database
from bench.table import Figure

ROOT = Path(__file__).resolve().parents[1]
ARTICLES = int(os.environ.get("BENCH_ARTICLES", "20000"))
LIMIT = 20.0  # milliseconds


def figures() -> Iterator[Figure]:
    if answers():
        with fresh_database() as address:
            yield from _of("PostgreSQL", address)
    else:
        sys.stdout.write("skipped, since no PostgreSQL answers: finding articles on PostgreSQL\n")
    with tempfile.TemporaryDirectory() as folder:
        yield from _of("SQLite", f"sqlite:///{folder}/finding.sqlite3")


def _of(name: str, address: str) -> Iterator[Figure]:
    command = [sys.executable, "-m", "bench.finding_asked", str(ARTICLES)]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | {"DATABASE_URL": address}, stdout=subprocess.PIPE, check=True)
    for what, milliseconds in json.loads(done.stdout).items():
        yield Figure(f"{name}, {ARTICLES:,} articles: {what}", milliseconds, LIMIT, "ms")
