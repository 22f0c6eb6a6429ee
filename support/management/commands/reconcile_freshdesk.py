"""`reconcile_freshdesk`: compares both sides, repairs what it may, counts what it may not."""

from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandError

from ground import commands, progress
from support import sync
from support.management.commands.sync_freshdesk import as_json, as_words
from support.sync.reconciling import reconcile


class Command(commands.Command):
    help = "Compare every ticket here and in Freshdesk, and bring in line what differs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="end with one JSON object")

    def handle(self, *, json: bool, **_options: Any) -> None:
        if not sync.is_connected():
            raise CommandError("Freshdesk is not connected: set FRESHDESK_URL and FRESHDESK_API_KEY.", returncode=2)
        with sync.open_freshdesk(patience=sync.WHOLE_WINDOW) as freshdesk, progress.bar("Comparing", unit="tickets") as tell:
            reconciled = asdict(reconcile(freshdesk, tell=tell))
        self.stdout.write(as_json(reconciled) if json else as_words(reconciled))
