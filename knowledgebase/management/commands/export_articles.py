"""A knowledge base becomes a book: a project of MyST and Jupyter Book 2 that builds."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from ground import commands
from knowledgebase.exporting import as_they_stand, published, write_folder, write_zip
from knowledgebase.management.choosing import add_choice, chosen


class Command(commands.Command):
    """`export_articles (--community SLUG | --shared) [--drafts] DIR|FILE.zip`."""

    help = "Writes a knowledge base as a MyST project: a folder, or an archive if the name ends with .zip."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, metavar="DIR|FILE.zip")
        add_choice(parser)
        parser.add_argument("--drafts", action="store_const", dest="articles", const=as_they_stand, default=published, help="drafts too")

    def handle(self, *, path: Path, community: str | None, articles: Any, **_options: Any) -> None:
        knowledge_base = chosen(community)
        write = write_zip if path.suffix == ".zip" else write_folder
        if path.is_dir() and any(path.iterdir()):
            raise CommandError(f"{path} is not empty.", returncode=2)
        try:
            count = write(knowledge_base, articles(knowledge_base), path)
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror or error}", returncode=2) from error
        self.stdout.write(f"{count} files are in {path}.")
