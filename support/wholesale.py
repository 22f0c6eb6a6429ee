"""Many tickets changed alike: one UPDATE, and for each a step of its version and a line in its history.

Nobody is told of them one by one: who was up to date with a ticket still is.
"""

from typing import Any

from django.db import transaction
from django.db.models import Case, F, PositiveIntegerField, When
from django.utils import timezone

from ground.actors import Actor
from support.models import Ticket, TicketEvent
from support.models.tickets import TicketQuerySet

BATCH = 1000


@transaction.atomic
def change(rows: TicketQuerySet, *, field: str, before: object, after: Any, by: Actor, **unsaid: Any) -> int:
    """Set one field of tickets that all hold the same value in it; `unsaid` are columns that no history tells. The number of tickets."""
    held = dict(rows.select_for_update().order_by("pk").values_list("pk", "version"))
    followed = Case(
        When(followed_version=F("version"), then=F("version") + 1), default=F("followed_version"), output_field=PositiveIntegerField()
    )
    Ticket.objects.filter(pk__in=held).update(version=F("version") + 1, followed_version=followed, **{field: after}, **unsaid)
    now = timezone.now()
    events = (
        TicketEvent(
            ticket_id=pk,
            field=field,
            before=str(before or "")[:255],
            after=str(after or "")[:255],
            actor=by.user,
            actor_role=by.role,
            actor_label=by.label,
            ticket_version=version + 1,
            at=now,
        )
        for pk, version in held.items()
    )
    TicketEvent.objects.bulk_create(events, batch_size=BATCH)
    return len(held)
