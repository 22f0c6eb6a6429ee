"""Tickets a second that are written down once they are fetched, on PostgreSQL: the best of three, since other people use the machine too."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from bench.table import Figure

ROOT = Path(__file__).resolve().parents[2]
SERVER = os.environ.get("BENCH_POSTGRES", "postgres://postgres@127.0.0.1:5432/postgres")
LEAST_A_SECOND = 300
TO_CONNECT = 2  # seconds


def figures() -> Iterator[Figure]:
    if not answers():
        sys.stdout.write(f"skipped, since no PostgreSQL answers at {urlsplit(SERVER).hostname}: tickets written a second\n")
        return
    with fresh_database() as address:
        for size, rate in measured(address).items():
            name = f"{LEAST_A_SECOND} tickets a second of those written, {size} at a time"
            yield Figure(name, LEAST_A_SECOND / rate, 1, f"{rate:,.0f}/s")


def measured(address: str) -> dict[str, float]:
    """Tickets a second by the size of a batch."""
    command = [sys.executable, "-m", "bench.mirror.keeping"]
    environment = os.environ | {"DATABASE_URL": address}
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True)
    told: dict[str, float] = json.loads(done.stdout)
    return told


@contextmanager
def fresh_database() -> Iterator[str]:
    """A database of our own, gone afterwards."""
    name = f"hubdesk_bench_{os.getpid()}"
    with closing(_connect()) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield urlunsplit(urlsplit(SERVER)._replace(path=f"/{name}"))
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def answers() -> bool:
    try:
        _connect().close()
    except psycopg.OperationalError:
        return False
    return True


def _connect() -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(SERVER, autocommit=True, connect_timeout=TO_CONNECT)
