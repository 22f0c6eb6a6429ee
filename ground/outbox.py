"""Rows that wait for the outside are the outbox: each carries its attempts and when the next one is due (DESIGN §1).

A deciding function calls `wait_for_outside`; a performing function calls `claim`, does its work, and ends with
`settled`, `retry_later` or `give_up`. A claim is a lease: a worker that dies leaves the row due again when it runs out.
"""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from celery.contrib.django.task import DjangoTask
from django.db import models, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

LEASE = timedelta(minutes=2)
LONGEST_PAUSE = timedelta(hours=1)
ATTEMPTS = 12


class Task(DjangoTask):
    """A task whose enqueueing never fails the request that decided: the row waits, and the sweep enqueues it again."""

    abstract = True

    def delay_on_commit(self, *args: Any, **kwargs: Any) -> None:  # type: ignore[override]  # the types promise a result that on-commit cannot give
        after_commit(self.delay, *args, **kwargs)


def after_commit(call: Callable[..., object], *args: Any, **kwargs: Any) -> None:
    """Make the call once this transaction is written. Whatever it raises is logged and fails nobody: the row waits for the sweep.

    Django names a function that failed, so it must have a name: a partial has none.
    """

    def make_call() -> None:
        call(*args, **kwargs)

    transaction.on_commit(make_call, robust=True)


class Waiting(models.Model):
    """A row that waits for something outside; `next_attempt_at` is empty when nothing is to be done."""

    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)

    class Meta:
        abstract = True

    def wait_for_outside(self, task: Any, *, pause: timedelta = timedelta(0), why: str = "") -> None:
        """Make the row due (after a pause) and enqueue its task after commit; `why` says what it waits for, where that is no error."""
        self._keep(next_attempt_at=timezone.now() + pause, attempts=0, last_error=why)
        if not pause:
            task.delay_on_commit(self.pk)

    def settled(self) -> None:
        """Nothing waits any more."""
        self._keep(next_attempt_at=None, last_error="")

    def retry_later(self, error: object, *, pause: timedelta | None = None) -> bool:
        """Try again after `pause` (doubling by default). Gives up after twelve attempts and says so by False."""
        if self.attempts >= ATTEMPTS:
            self.give_up(error)
            return False
        self._keep(next_attempt_at=timezone.now() + (pause or backoff(self.attempts)), last_error=str(error)[:2000])
        return True

    def give_up(self, error: object) -> None:
        """Stop trying; the reason stays on the row."""
        self._keep(next_attempt_at=None, last_error=str(error)[:2000])

    def _keep(self, **values: Any) -> None:
        for name, value in values.items():
            setattr(self, name, value)
        type(self)._base_manager.filter(pk=self.pk).update(**values)


WaitingRow = TypeVar("WaitingRow", bound=Waiting)


def wait_together(rows: QuerySet[Any], task: Any) -> None:
    """`wait_for_outside` for many rows: due now, their task enqueued for each after commit."""
    keys = list(rows.values_list("pk", flat=True))
    rows.update(next_attempt_at=timezone.now(), attempts=0, last_error="")
    for key in keys:
        task.delay_on_commit(key)


def backoff(attempts: int) -> timedelta:
    """5 s, 10 s, 20 s … at most an hour, with a fifth of jitter so that rows do not march in step."""
    seconds = min(5 * 2 ** max(attempts - 1, 0), LONGEST_PAUSE.total_seconds())
    return timedelta(seconds=seconds * random.uniform(0.9, 1.1))  # noqa: S311  jitter, not a secret


def claim(model: type[WaitingRow], pk: int, *, lease: timedelta = LEASE) -> WaitingRow | None:
    """Take a due row for as long as the lease; None when it is not due, or another worker has it."""
    now = timezone.now()
    taken = model._base_manager.filter(pk=pk, next_attempt_at__lte=now).update(next_attempt_at=now + lease, attempts=F("attempts") + 1)
    return model._base_manager.get(pk=pk) if taken else None
