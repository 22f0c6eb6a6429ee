"""When the next answer is due: a pure rule of since when somebody waits, and how urgent it is."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from support.states import Priority

ANSWER_WITHIN: Mapping[int, timedelta] = {
    Priority.LOW: timedelta(hours=24),
    Priority.MEDIUM: timedelta(hours=16),
    Priority.HIGH: timedelta(hours=8),
    Priority.URGENT: timedelta(hours=2),
}


def next_due(waiting_since: datetime | None, priority: int) -> datetime | None:
    """None while nobody waits for us."""
    if waiting_since is None:
        return None
    return waiting_since + ANSWER_WITHIN.get(priority, ANSWER_WITHIN[Priority.LOW])
