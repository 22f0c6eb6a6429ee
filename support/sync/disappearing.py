"""A ticket that Freshdesk says it does not have. One answer proves nothing: it is asked again, and many at once are left to a person.

A key that lost its scope, a fault and a deletion look alike (fact sheet §9.13): a 404.
"""

from collections.abc import Collection
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from support import recording
from support.models import SyncEntry, Ticket, TicketEvent
from support.states import GoneReason
from support.sync import applying, ledger
from support.sync.writing import Pulled

PROVEN_AFTER = timedelta(seconds=60)
FEW = 50
SHARE = 0.01


@transaction.atomic
def disappear(freshdesk_id: int) -> Pulled:
    """Freshdesk answered that it has no such ticket. Only the second time, and not among many, it is gone."""
    known = Ticket.objects.filter(freshdesk_id=freshdesk_id).first()
    if known is None:
        return Pulled.UNCHANGED
    ticket = recording.locked(known.pk)
    if ticket.gone_reason:
        return Pulled.UNCHANGED
    if ticket.missing_since is None:
        Ticket.objects.filter(pk=ticket.pk).update(missing_since=timezone.now())
        return Pulled.UNCHANGED
    if timezone.now() - ticket.missing_since < PROVEN_AFTER or are_many():
        return Pulled.UNCHANGED
    TicketEvent.objects.bulk_create(applying.gone(ticket, GoneReason.MISSING))
    ticket.save()
    SyncEntry.objects.bulk_create([ledger.came(ticket, ledger.Outcome.GONE, note="404")])
    return Pulled.GONE


def suspect(numbers: Collection[int]) -> None:
    """Tickets that a whole list did not hold: that counts as the first answer."""
    Ticket.objects.filter(freshdesk_id__in=numbers, gone_reason="").update(missing_since=timezone.now() - PROVEN_AFTER)


def due() -> QuerySet[Ticket]:
    """Tickets to ask for once more."""
    return missing().filter(missing_since__lte=timezone.now() - PROVEN_AFTER)


def missing() -> QuerySet[Ticket]:
    """Tickets that answered 404 and are not yet given up."""
    return Ticket.objects.filter(missing_since__isnull=False, gone_reason="")


def are_many(also: int = 0) -> bool:
    """More than fifty and more than one in a hundred at once: most likely the key lost its scope. Said in the ledger."""
    number = missing().count() + also
    if number <= max(FEW, Ticket.objects.exclude(freshdesk_id=None).count() * SHARE):
        return False
    ledger.alert(f"{number} tickets are not found in Freshdesk any more. None is marked as gone: look whether the key still sees them.")
    return True
