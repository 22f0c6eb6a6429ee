"""`import_communities FILE.csv`: communities already served enter without intake."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from ground import commands
from ground.actors import Actor
from portal import arriving


class Command(commands.Command):
    help = (
        "Found the communities of a table, or bring them up to date, and match them to Freshdesk companies and hubs. "
        f"Columns: {', '.join(arriving.Row.base_fields)}."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.csv")
        parser.add_argument("--json", action="store_true", help="end with one JSON object")

    def handle(self, *, file: Path, json: bool, **_options: Any) -> None:
        try:
            arrival = arriving.arrive(file, by=Actor.system())
        except arriving.Refused as error:
            raise CommandError(str(error)) from error
        self.stdout.write(_as_json(arrival) if json else _as_words(arrival))
        if arrival.problems:
            raise CommandError(f"{len(arrival.problems)} rows were refused: {' · '.join(arrival.problems)}")


def _as_json(arrival: arriving.Arrival) -> str:
    return json.dumps(asdict(arrival))


def _as_words(arrival: arriving.Arrival) -> str:
    lines = [f"{arrival.created} created, {arrival.updated} updated, {arrival.unchanged} unchanged", *arrival.unmatched]
    return "\n".join(lines)
