"""`sync_freshdesk`: one pull and push pass, until nothing is due now."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from ground import commands
from support import sync
from support.sync.passes import run_pass


class Command(commands.Command):
    help = "Send what waits for Freshdesk and bring in what changed there, until nothing is due now."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--full", action="store_true", help="read every ticket again, not only what changed")
        parser.add_argument("--json", action="store_true", help="end with one JSON object")

    def handle(self, *, full: bool, json: bool, **_options: Any) -> None:
        if not sync.is_connected():
            raise CommandError("Freshdesk is not connected: set FRESHDESK_URL and FRESHDESK_API_KEY.", returncode=2)
        with sync.open_freshdesk(patience=sync.WHOLE_WINDOW) as freshdesk:
            tally = run_pass(freshdesk, full=full)
        self.stdout.write(as_json(tally.as_dict()) if json else as_words(tally.as_dict()))


def as_json(figures: dict[str, int | float]) -> str:
    return json.dumps(figures)


def as_words(figures: dict[str, int | float]) -> str:
    return ", ".join(f"{name} {figure}" for name, figure in figures.items())
