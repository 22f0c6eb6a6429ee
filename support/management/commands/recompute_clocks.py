"""`recompute_clocks`: turns the clocks of tickets again from the beginning."""

import json as codec
from argparse import ArgumentParser
from typing import Any

from ground import commands
from support.timing.tasks import recompute_all


class Command(commands.Command):
    help = "Turn the clocks of tickets again from their history: of those that are not over, or with --all of every one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", dest="everything", help="also of tickets that are over")
        parser.add_argument("--json", action="store_true", help="end with one JSON object")

    def handle(self, *, everything: bool, json: bool, **_options: Any) -> None:
        moved = recompute_all(everything=everything)
        self.stdout.write(codec.dumps({"moved": moved}) if json else f"{moved} tickets are due at another time")
