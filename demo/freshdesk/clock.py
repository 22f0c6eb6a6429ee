"""The simulator's own clock: whole seconds, and it can be moved."""

from datetime import UTC, datetime, timedelta


class Clock:
    """Now, plus however far somebody moved it."""

    def __init__(self) -> None:
        self.offset = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset

    def advance(self, seconds: float) -> None:
        self.offset += timedelta(seconds=seconds)


def stamp(moment: datetime) -> str:
    """Freshdesk's way of writing a time; sorts as text."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse(text: str) -> datetime:
    """Any of the forms Freshdesk accepts; without a zone it is UTC. Raises ValueError."""
    moment = datetime.fromisoformat(text.strip().replace(" ", "+"))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
