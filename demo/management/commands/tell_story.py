"""`tell_story`: loads the demonstration's three communities, once."""

from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from demo import story
from ground import commands


class Command(commands.Command):
    help = "Tell the demonstration's story through the public functions. Refused outside of the demonstration."

    def handle(self, *_args: Any, **_options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This loads invented people. Set DEMO=1 if that is what you want.", returncode=2)
        for community in story.tell():
            self.stdout.write(f"{community} is on its way")
