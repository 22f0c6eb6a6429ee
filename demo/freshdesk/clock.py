"""The simulator's own clock: whole seconds, and it can be moved."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta


class Clock:
    """Now, plus however far somebody moved it."""

    def __init__(self) -> None:
        self.offset = timedelta()
        self._held = threading.local()

    def now(self) -> datetime:
        return getattr(self._held, "moment", None) or datetime.now(UTC) + self.offset

    def advance(self, seconds: float) -> None:
        self.offset += timedelta(seconds=seconds)

    @contextmanager
    def held_at(self, moment: datetime) -> Iterator[None]:
        """For this thread it is that moment: what was due then is done as of then, however late somebody looks."""
        self._held.moment = moment
        try:
            yield
        finally:
            self._held.moment = None


def stamp(moment: datetime) -> str:
    """Freshdesk's way of writing a time; sorts as text."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse(text: str) -> datetime:
    """Any of the forms Freshdesk accepts; without a zone it is UTC. Raises ValueError."""
    moment = datetime.fromisoformat(text.strip().replace(" ", "+"))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
