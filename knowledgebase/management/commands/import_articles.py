"""Markdown and MyST files become articles of one knowledge base; running it again updates, never duplicates."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from ground import commands
from ground.actors import Actor
from knowledgebase.importing import FolderProblem, Report, import_folder, rehearse
from knowledgebase.management.choosing import add_choice, chosen


class Command(commands.Command):
    """`import_articles DIR (--community SLUG | --shared) [--publish | --dry-run] [--json]`."""

    help = "Brings a folder of Markdown or MyST files into a knowledge base. Pages edited here are never overwritten."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")
        add_choice(parser)
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--publish", action="store_true", help="publish at once; otherwise drafts")
        how.add_argument("--dry-run", action="store_true", dest="only_rehearse", help="say what would happen, and keep nothing")
        parser.add_argument("--json", action="store_true", dest="as_json", help="end with one JSON object")

    def handle(self, *, folder: Path, community: str | None, publish: bool, only_rehearse: bool, as_json: bool, **_options: Any) -> None:
        knowledge_base, by = chosen(community), Actor.system()
        try:
            report = (
                rehearse(folder, knowledge_base, by=by) if only_rehearse else import_folder(folder, knowledge_base, by=by, publish=publish)
            )
        except FolderProblem as problem:
            raise CommandError(str(problem), returncode=2) from problem
        self._tell(report, as_json=as_json)

    def _tell(self, report: Report, *, as_json: bool) -> None:
        for found in report.problems:
            self.stderr.write(f"{found['file']}:{found['line']}: {found['problem']}")
        for path in report.removed:
            self.stderr.write(f"{path}: the file is gone; its article is kept")
        if as_json:
            self.stdout.write(json.dumps(report.as_dict()))
        else:
            self.stdout.write(
                f"{report.created} created, {report.updated} updated, {report.unchanged} unchanged, {report.kept} kept, "
                f"{len(report.moved)} moved, {report.redirects} redirects, {len(report.removed)} without a file, {len(report.problems)} problems"
            )
