"""`setup`: migrate, then create what the site cannot run without. Safe to run again."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import CommandParser

from communities import defaults as communities
from ground import commands
from hubs import defaults as hubs
from knowledgebase import defaults as knowledgebase
from onboarding import defaults as onboarding
from support import defaults as support
from support.automation import defaults as rules
from support.composing.macros import defaults as macros
from support.working.checklists import defaults as checklists

ROOMS = {
    "communities": communities,
    "hubs": hubs,
    "knowledge base": knowledgebase,
    "support": support,
    "rules": rules,
    "macros": macros,
    "checklists": checklists,
    "onboarding": onboarding,
}


class Command(commands.Command):
    help = "Migrate, then create roles, page trees, default forms, rubric, matrix template. Never overwrites what an operator changed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--skip-migrate", action="store_true", help="Only create what is missing.")

    def handle(self, *_args: Any, **options: Any) -> None:
        if not options["skip_migrate"]:
            call_command("migrate", interactive=False, verbosity=0)
        for name, defaults in ROOMS.items():
            defaults.ensure()
            if options["verbosity"]:
                self.stdout.write(f"{name}: ready")
