"""`ingest_mail`: takes in one mail from standard input, or with `--imap` what is unseen in the mailbox."""

import json
import os
import sys
from argparse import ArgumentParser
from typing import Any, BinaryIO

from django.core.management.base import CommandError

from ground import commands
from support.mailing.arriving import Arrived, take_in
from support.mailing.fetching import fetch, is_configured
from support.mailing.reading import LARGEST
from support.states import MailOutcome

Figures = dict[str, str | int]


class Command(commands.Command):
    help = "Take in one mail from standard input, as a mail server pipes it, or with --imap what is unseen in INBOUND_EMAIL_URL."
    stealth_options = ("source",)
    unready_code = os.EX_TEMPFAIL  # the mail server keeps the mail and tries again

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--imap", action="store_true", help="fetch from the mailbox instead")
        parser.add_argument("--json", action="store_true", help="end with one JSON object")

    def handle(self, *, imap: bool, json: bool, source: BinaryIO | None = None, **_options: Any) -> None:
        figures = _fetched() if imap else _piped(source or sys.stdin.buffer)
        self.stdout.write(as_json(figures) if json else as_words(figures))


def as_json(figures: Figures) -> str:
    return json.dumps(figures)


def as_words(figures: Figures) -> str:
    return ", ".join(f"{name} {value}" for name, value in figures.items() if value != "")


def _fetched() -> Figures:
    if not is_configured():
        raise CommandError("There is no mailbox: set INBOUND_EMAIL_URL.", returncode=2)
    return dict(fetch())


def _piped(source: BinaryIO) -> Figures:
    arrived = take_in(source.read(LARGEST + 1))
    if arrived.outcome == MailOutcome.REFUSED:
        raise CommandError(f"The mail was refused: {arrived.reason}.", returncode=2)
    return _figures(arrived)


def _figures(arrived: Arrived) -> Figures:
    return {
        "outcome": arrived.outcome.value,
        "reason": arrived.reason,
        "ticket": arrived.ticket.reference if arrived.ticket else "",
        "message": arrived.letter.pk if arrived.letter else "",
    }
