"""`sync_freshdesk`: one pull and push pass, until nothing is due now."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.core.management.base import CommandError

from ground import commands, progress
from support import sync
from support.freshdesk.budget import Lane
from support.sync.passes import Tellers, run_pass


class Command(commands.Command):
    help = "Send what waits for Freshdesk and bring in what changed there, until nothing is due now."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--full", action="store_true", help="read every ticket again, not only what changed")
        parser.add_argument("--json", action="store_true", help="end with one JSON object")

    def handle(self, *, full: bool, json: bool, **_options: Any) -> None:
        if not sync.is_connected():
            raise CommandError("Freshdesk is not connected: set FRESHDESK_URL and FRESHDESK_API_KEY.", returncode=2)
        lane = Lane.BACKFILL if full or sync.is_first_import() else Lane.POLL
        with sync.open_freshdesk(lane=lane, patience=sync.WHOLE_WINDOW) as freshdesk, _bars() as tellers:
            tally = run_pass(freshdesk, full=full, tell=tellers)
        self.stdout.write(as_json(tally.as_dict()) if json else as_words(tally.as_dict()))


@contextmanager
def _bars() -> Iterator[Tellers]:
    """One bar for what comes, one for what goes."""
    with progress.bar("From Freshdesk", unit="tickets") as came, progress.bar("To Freshdesk", unit="rows") as went:

        def pulled(done: int, _newest: datetime) -> None:
            came(done, 0)

        yield Tellers(pulled=pulled, pushed=went)


def as_json(figures: dict[str, int | float]) -> str:
    return json.dumps(figures)


def as_words(figures: dict[str, int | float]) -> str:
    return ", ".join(f"{name} {figure}" for name, figure in figures.items())
