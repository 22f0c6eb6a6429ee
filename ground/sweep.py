"""The sweep: enqueues every row whose time has come, so that a lost broker message costs seconds and never data."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from celery import Task
from django.utils import timezone

from ground.outbox import Waiting

BATCH = 500


@dataclass(frozen=True)
class Outbox:
    """Rows of one model that wait for the outside, and the task that takes one of them by its key."""

    name: str
    model: type[Waiting]
    task: Task

    def due(self) -> list[int]:
        rows = self.model._base_manager.filter(next_attempt_at__lte=timezone.now())
        return list(rows.order_by("next_attempt_at", "pk").values_list("pk", flat=True)[:BATCH])


OUTBOXES: dict[str, Outbox] = {}


def register(outbox: Outbox) -> None:
    """Make an outbox known to the sweep, to `perform_due` and to the metrics."""
    OUTBOXES[outbox.name] = outbox


def due() -> Iterator[tuple[Outbox, int]]:
    """Every due row, outbox by outbox."""
    for outbox in OUTBOXES.values():
        for pk in outbox.due():
            yield outbox, pk


def sweep() -> int:
    """Enqueue what is due; the number of rows enqueued."""
    return _each(due(), lambda outbox, pk: outbox.task.delay(pk))


def perform_due(*, rounds: int = 20) -> int:
    """Perform what is due here and now, until nothing is due or the rounds are used up (commands, the story, tests)."""
    done = 0
    for _ in range(rounds):
        performed = _each(list(due()), lambda outbox, pk: outbox.task(pk))
        if not performed:
            break
        done += performed
    return done


def _each(rows: Iterable[tuple[Outbox, int]], act: Callable[[Outbox, int], Any]) -> int:
    count = 0
    for outbox, pk in rows:
        act(outbox, pk)
        count += 1
    return count
