"""`python -m bench`: one table of figures; BENCH_SIZE=1000000 for the large run. Fails when a figure is over its limit.

Tickets are written to a database of its own on the PostgreSQL at BENCH_POSTGRES (127.0.0.1:5432 without); where none answers, that is skipped.
"""

import os
import sys
import tempfile
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.test.utils import setup_test_environment  # noqa: E402  Django first

from bench import desk, finding, hubs, importing, intake, load, pages, reading, reviewing, starting  # noqa: E402  Django first
from bench.mirror import memory, spending, writing  # noqa: E402  Django first
from bench.table import HEAD  # noqa: E402
from tests import database  # noqa: E402


def main() -> int:
    setup_test_environment()
    with tempfile.TemporaryDirectory() as folder:
        database.open_in(Path(folder))
        return _told()


def _told() -> int:
    """Print every figure; 1 when one is over its limit."""
    sys.stdout.write(HEAD + "\n")
    over = 0
    for room in (pages, reading, importing, hubs, intake, reviewing, load, desk, finding, spending, memory, writing, starting):
        for figure in room.figures():
            sys.stdout.write(f"{figure}\n")
            sys.stdout.flush()
            over += figure.ratio > 1
    return int(over > 0)


if __name__ == "__main__":
    sys.exit(main())
