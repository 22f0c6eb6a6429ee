"""How much more memory a ten times larger first import takes: each in a process of its own, from a simulator that is another."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from bench.load import SIZE
from bench.mirror import accounts
from bench.table import Figure
from tests import database

ROOT = Path(__file__).resolve().parents[2]
LARGE = 1_000_000  # BENCH_SIZE of the large run
SIZES = (10_000, 100_000) if SIZE >= LARGE else (1_000, 10_000)
MOST_TIMES = 1.2
NO_LIMIT = 10_000_000
TO_FILL = 600  # seconds


def figures() -> Iterator[Figure]:
    few, many = (peak(tickets) for tickets in SIZES)
    yield Figure(f"peak memory of importing {SIZES[1]:,} tickets, of {SIZES[0]:,}'s", many / few, MOST_TIMES, "times")


def peak(tickets: int) -> int:
    """Bytes at most that importing so many tickets into a fresh database took."""
    with tempfile.TemporaryDirectory() as folder, simulator(Path(folder)) as address:
        with httpx.Client(base_url=address, timeout=TO_FILL) as door:
            door.put("/_control/knobs", json={"limit": NO_LIMIT}).raise_for_status()
            for wish in accounts.wishes(tickets):
                door.post("/_control/fill", json=wish).raise_for_status()
        shutil.copy(database.kept(), Path(folder) / "desk.sqlite3")
        told = _import(Path(folder), address)
    if told["tickets"] != tickets:
        raise SystemExit(f"{told['tickets']} of {tickets} tickets came")
    return int(told["peak"])


@contextmanager
def simulator(folder: Path) -> Iterator[str]:
    """The address of a simulator in a process of its own."""
    command = [sys.executable, "-m", "demo.freshdesk", "--port", "0", "--folder", str(folder / "freshdesk"), "--key", "key"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            yield process.stdout.readline().split()[-1]
        finally:
            process.terminate()


def _import(folder: Path, address: str) -> dict[str, int]:
    outside = {"FRESHDESK_URL": address, "FRESHDESK_API_KEY": "key", "DATABASE_URL": f"sqlite:///{folder / 'desk.sqlite3'}"}
    command = [sys.executable, "-m", "bench.mirror.importing"]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | outside, stdout=subprocess.PIPE, check=True)
    told: dict[str, int] = json.loads(done.stdout)
    return told
