"""`import_clusters DIR`: registers the clusters and hubs that a folder of configuration files describes."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from ground import commands
from hubs import registry
from hubs.clusters import read_folder

BELOW = (".", "clusters", "config/clusters")


class Command(commands.Command):
    help = "Register clusters and hubs from <cluster>/cluster.yaml and its values files. Files with secrets are never read."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", metavar="DIR", type=Path)
        parser.add_argument("--json", action="store_true", help="Print one JSON object on the last line.")

    def handle(self, *_args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        if not folder.is_dir():
            raise CommandError(f"{folder} is not a folder.", returncode=2)
        reading = read_folder(_clusters_in(folder))
        if not reading.clusters:
            raise CommandError(f"{folder} holds no <cluster>/cluster.yaml that can be read.", returncode=2)
        found = registry.keep_reading(reading)
        for warning in found.warnings:
            self.stderr.write(warning)
        if options["json"]:
            told = {"clusters": found.clusters, "hubs": found.hubs, "unmatched": list(found.unmatched), "warnings": list(found.warnings)}
            self.stdout.write(json.dumps(told))
        else:
            self.stdout.write(f"{found.clusters} clusters, {found.hubs} hubs; {len(found.unmatched)} hubs belong to no community we know.")


def _clusters_in(folder: Path) -> Path:
    """Where its clusters are: the folder itself, or, of a whole repository, the usual place in it."""
    places = (folder / below for below in BELOW)
    return next((place for place in places if any(place.glob("*/cluster.yaml"))), folder)
