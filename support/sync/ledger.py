"""Lines of the mirror's ledger. Whoever brings many writes them together; `note` writes one."""

from datetime import timedelta

from django.utils import timezone

from support.models import Clash, SyncEntry, Ticket
from support.models.ledger import SyncEntry as Entry

Direction, What, Outcome = Entry.Direction, Entry.What, Entry.Outcome


def came(ticket: Ticket, outcome: str, *, note: str = "") -> SyncEntry:
    """A ticket that was created, updated or is gone there; not saved."""
    return SyncEntry(
        at=timezone.now(), direction=Direction.IN, what=What.TICKET, outcome=outcome, ticket=ticket, number=ticket.freshdesk_id, note=note
    )


def clashed(ticket: Ticket, clash: Clash) -> SyncEntry:
    """A field that both sides changed; not saved."""
    return SyncEntry(
        at=timezone.now(),
        direction=Direction.IN,
        what=What.TICKET,
        outcome=Outcome.CLASH,
        ticket=ticket,
        number=ticket.freshdesk_id,
        note=f"{clash.field}: {clash.ours} / {clash.theirs}",
    )


def went(what: str, outcome: str, *, ticket: Ticket | None = None, number: int | None = None, note: object = "") -> None:
    """Something of ours that crossed, or did not."""
    SyncEntry.objects.create(
        at=timezone.now(), direction=Direction.OUT, what=what, outcome=outcome, ticket=ticket, number=number, note=str(note)[:2000]
    )


def alert(note: str) -> None:
    """Something that wants a person; the same words are said once an hour."""
    now = timezone.now()
    lately = SyncEntry.objects.filter(outcome=Outcome.ALERT, note=note, at__gte=now - timedelta(hours=1))
    if not lately.exists():
        SyncEntry.objects.create(at=now, direction=Direction.IN, what=What.ACCOUNT, outcome=Outcome.ALERT, note=note)
