"""Synthetic data in bulk."""

import os
import time
from collections.abc import Iterator

from django.core.management import call_command

from bench.table import Figure

SIZE = int(os.environ.get("BENCH_SIZE", "20000"))
SECONDS_FOR_100_000 = 120


def figures() -> Iterator[Figure]:
    began = time.monotonic()
    call_command("generate_load", communities=300, tickets=SIZE, messages=SIZE * 3, articles=300, verbosity=0)
    limit = SECONDS_FOR_100_000 * SIZE / 100_000
    yield Figure(f"generate_load with {SIZE:,} tickets", time.monotonic() - began, limit, "s")
