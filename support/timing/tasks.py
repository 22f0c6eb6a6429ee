"""Clocks turned again, in batches and behind everybody's back, after a calendar, a target or a status has changed its meaning."""

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from support import timing
from support.models import Ticket
from support.states import StatusGroup

BATCH = 200


@shared_task(soft_time_limit=3600, time_limit=3660)
def recompute() -> None:
    """Every ticket that is not over: what is promised now holds for it. What is over stays as it was promised then."""
    recompute_all()


@shared_task
def recompute_status(code: int) -> None:
    """The tickets in one status, whose meaning has changed."""
    recompute_all(status=code)


def recompute_all(*, everything: bool = False, **where: object) -> int:
    """Tickets in the order of their keys, a batch a transaction; the number whose next due time moved."""
    rows = Ticket.objects.filter(**where) if where or everything else Ticket.objects.of_groups(StatusGroup.OPEN, StatusGroup.WAITING)
    done, after = 0, 0
    while True:
        with transaction.atomic():
            held = rows.filter(pk__gt=after).select_for_update(of=("self",)).select_related("status", "community")
            batch = list(held.defer("body_html", "body_text", "remote_raw").order_by("pk")[:BATCH])
            done += timing.recompute(batch, now=timezone.now())
        if len(batch) < BATCH:
            return done
        after = batch[-1].pk
