"""What every command of ours does: one line and exit 2 when it cannot do what it says."""

import sys
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from ground.errors import OutsideError

UNREADY = "The database cannot be used; run `manage.py setup` if it is not migrated"


class Command(BaseCommand):
    """A command whose common failures (arguments, settings, database, files, the outside) are told in one line, with exit code 2."""

    unready_code = 2
    """The exit code when the database cannot be used."""

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.called_from_command_line = False  # raises what is wrong with the arguments, instead of printing the usage
        return parser

    def run_from_argv(self, argv: Sequence[str]) -> None:
        try:
            super().run_from_argv(list(argv))
        except CommandError as error:
            self.stderr.write(f"CommandError: {error}")
            sys.exit(max(error.returncode, 2))

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            return super().execute(*args, **options)
        except (CommandError, ImproperlyConfigured, OutsideError) as error:
            raise CommandError(one_line(error), returncode=2) from error
        except DatabaseError as error:
            raise CommandError(f"{UNREADY}: {one_line(error)}", returncode=self.unready_code) from error
        except OSError as error:
            raise CommandError(one_line(error), returncode=2) from error


def one_line(error: Exception) -> str:
    """The error's own words on one line; its kind when it has none."""
    return " ".join(str(error).split()) or type(error).__name__
