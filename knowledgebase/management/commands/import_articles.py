"""Markdown and MyST files become articles of one knowledge base; running it again updates, never duplicates."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from ground import commands
from ground.actors import Actor
from knowledgebase.importing import FolderProblem, Report, import_folder
from knowledgebase.models import KnowledgeBase


class Command(commands.Command):
    """`import_articles DIR (--community SLUG | --shared) [--publish] [--json]`."""

    help = "Brings a folder of Markdown or MyST files into a knowledge base. Pages edited here are never overwritten."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")
        where = parser.add_mutually_exclusive_group(required=True)
        where.add_argument("--community", metavar="SLUG", help="into that community's knowledge base")
        where.add_argument("--shared", action="store_true", help="into the shared knowledge base")
        parser.add_argument("--publish", action="store_true", help="publish at once; otherwise drafts")
        parser.add_argument("--json", action="store_true", dest="as_json", help="end with one JSON object")

    def handle(self, *, folder: Path, community: str | None, publish: bool, as_json: bool, **_options: Any) -> None:
        try:
            report = import_folder(folder, _knowledge_base(community), by=Actor.system(), publish=publish)
        except FolderProblem as problem:
            raise CommandError(str(problem), returncode=2) from problem
        self._tell(report, as_json=as_json)

    def _tell(self, report: Report, *, as_json: bool) -> None:
        for found in report.problems:
            self.stderr.write(f"{found['file']}: {found['problem']}")
        if as_json:
            self.stdout.write(json.dumps(report.as_dict()))
        else:
            self.stdout.write(
                f"{report.created} created, {report.updated} updated, {report.unchanged} unchanged, {report.kept} kept, {len(report.problems)} problems"
            )


def _knowledge_base(slug: str | None) -> KnowledgeBase:
    found = KnowledgeBase.objects.filter(community=None) if slug is None else KnowledgeBase.objects.filter(community__slug=slug)
    knowledge_base = found.first()
    if knowledge_base is None:
        raise CommandError(
            f"No community “{slug}” with a knowledge base." if slug else "There is no shared knowledge base yet; run setup first.",
            returncode=2,
        )
    return knowledge_base
