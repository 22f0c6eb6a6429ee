"""The task that lets a held reply go."""

from celery import shared_task
from django.conf import settings

from ground import sweep
from ground.outbox import after_commit
from support.models import HeldReply


@shared_task
def let_go(pk: int) -> None:
    """The moment of one held reply is over."""
    from support.composing import undoing  # noqa: PLC0415  the room imports its tasks

    undoing.let_go(pk)


def leave_soon(pk: int) -> None:
    """Wake a worker when the moment is over; a wake-up that is lost costs seconds, for the sweep finds the row."""
    after_commit(let_go.apply_async, (pk,), countdown=settings.DESK_UNDO_SECONDS + 0.2)


sweep.register(sweep.Outbox("held replies", HeldReply, let_go))
