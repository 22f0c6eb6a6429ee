"""A step's log, handed over part by part."""

from hubs.deployers.interface import Log
from hubs.deployers.redaction import without_secrets

LONGEST = 64_000  # characters at once


def part(text: str, *, offset: int) -> Log:
    """The log from there on, secrets taken out before it is cut, so that no half of one is left."""
    told = without_secrets(text)[offset : offset + LONGEST]
    return Log(told, offset + len(told))
