"""`python -m bench`: one table of figures; BENCH_SIZE=1000000 for the large run. Fails when a figure is over its limit.

Tickets are written to a database of its own on the PostgreSQL at BENCH_POSTGRES (127.0.0.1:5432 without); where none answers, that is skipped.
"""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.test.utils import setup_test_environment  # noqa: E402  Django first

from bench import intake, load, pages, reviewing, starting  # noqa: E402  Django first
from bench.mirror import memory, spending, writing  # noqa: E402  Django first
from bench.table import HEAD  # noqa: E402
from tests import database  # noqa: E402


def main() -> int:
    setup_test_environment()
    database.open_in_memory()
    sys.stdout.write(HEAD + "\n")
    over = 0
    for room in (pages, intake, reviewing, load, spending, memory, writing, starting):
        for figure in room.figures():
            sys.stdout.write(f"{figure}\n")
            sys.stdout.flush()
            over += figure.ratio > 1
    return int(over > 0)


if __name__ == "__main__":
    sys.exit(main())
