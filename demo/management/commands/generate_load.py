"""`generate_load`: synthetic communities, tickets, messages and articles in bulk."""

import random
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from communities.models import Community
from demo import load
from ground import commands


class Command(commands.Command):
    help = "Add synthetic communities, tickets, messages (in all) and articles. The same seed makes the same words."

    def add_arguments(self, parser: ArgumentParser) -> None:
        for name in ("communities", "tickets", "messages", "articles"):
            parser.add_argument(f"--{name}", type=int, default=0, metavar="N")
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, **options: Any) -> None:
        if min(options[name] for name in ("communities", "tickets", "messages", "articles")) < 0:
            raise CommandError("A number of rows cannot be negative.", returncode=2)
        rng, started = random.Random(options["seed"]), time.monotonic()  # noqa: S311  words, not secrets
        if options["messages"] and not options["tickets"]:
            raise CommandError("Messages need tickets: add --tickets 1 or more.", returncode=2)
        load.make_communities(options["communities"])
        communities = list(Community.objects.filter(slug__startswith="load-").order_by("pk"))
        if options["tickets"] and not communities:
            raise CommandError("There is no synthetic community yet: add --communities 1 or more.", returncode=2)
        if options["tickets"]:
            load.make_tickets(
                options["tickets"], messages=options["messages"], communities=communities, rng=rng, progress=self._told("tickets")
            )
        if options["articles"]:
            load.make_articles(options["articles"], rng=rng, progress=self._told("articles"))
        self.stdout.write(self._words(options, time.monotonic() - started))

    def _told(self, what: str) -> Any:
        return lambda done: self.stderr.write(f"{done:,} {what}", ending="\r") if self.stderr.isatty() else None

    def _words(self, options: dict[str, Any], seconds: float) -> str:
        made = ", ".join(f"{options[name]:,} {name}" for name in ("communities", "tickets", "messages", "articles"))
        return f"Added {made} in {seconds:.0f} s."
