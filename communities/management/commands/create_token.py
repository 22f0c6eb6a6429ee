"""`create_token EMAIL`: prints an API token of that person on the last line."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from communities import tokens
from communities.models import User
from ground import commands


class Command(commands.Command):
    help = "Print a new API token of a person. It is shown once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="command line")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            user = User.objects.get(email__iexact=options["email"])
        except User.DoesNotExist as error:
            raise CommandError(f"Nobody here has the address {options['email']}.", returncode=2) from error
        self.stdout.write(tokens.mint(user, name=options["name"]))
