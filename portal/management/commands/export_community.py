"""`export_community SLUG FILE.zip`: everything we hold on a community, so that it can leave."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from communities.models import Community
from ground import commands
from portal import leaving


class Command(commands.Command):
    help = "Write everything we hold on a community into one archive, in open formats. Staff's notes are in it, marked as internal."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", metavar="SLUG")
        parser.add_argument("file", type=Path, metavar="FILE.zip")

    def handle(self, *, slug: str, file: Path, **_options: Any) -> None:
        community = Community.objects.filter(slug=slug).first()
        if community is None:
            raise CommandError(f"There is no community “{slug}”.")
        leaving.leave(community, file)
        self.stdout.write(f"Everything on {community} is in {file}.")
