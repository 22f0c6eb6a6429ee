"""`python -m bench.mirror.importing`: one first import into the configured database; tells tickets and peak memory as JSON."""

import json
import os
import re
import resource
import sys
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.db import connection  # noqa: E402  Django first

from support import sync  # noqa: E402  Django first
from support.freshdesk.budget import Lane  # noqa: E402  Django first
from support.models import Ticket  # noqa: E402  Django first
from support.sync.passes import run_pass  # noqa: E402  Django first

STATUS = Path("/proc/self/status")


def main() -> None:
    if connection.vendor == "sqlite":
        _read_the_file_by_copy()
    with sync.open_freshdesk(lane=Lane.BACKFILL, patience=sync.WHOLE_WINDOW) as freshdesk:
        run_pass(freshdesk)
    json.dump({"tickets": Ticket.objects.count(), "peak": peak()}, sys.stdout)


def peak() -> int:
    """In bytes. What getrusage tells of a child begins with its parent's, so Linux's own figure goes first."""
    if STATUS.exists():
        found = re.search(r"VmHWM:\s+(\d+) kB", STATUS.read_text())
        if found:
            return int(found[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _read_the_file_by_copy() -> None:
    """Pages of a mapped file would count as our memory."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA mmap_size = 0")


if __name__ == "__main__":
    main()
