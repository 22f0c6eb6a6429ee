"""Hands what was decided to the mirror. Without Freshdesk nothing waits: the desk is complete on its own."""

from collections.abc import Sequence

from ground.outbox import wait_together
from support import sync, tasks
from support.models import Attachment, Clash, Message, Ticket
from support.states import SyncState
from support.sync.outcomes import COMES_BACK

ON_ITS_WAY = frozenset({SyncState.UNKNOWN, SyncState.QUEUED})
STAYS_HERE = frozenset({SyncState.GONE, SyncState.AWAITING_APPROVAL})


def send_ticket(ticket: Ticket) -> None:
    """The ticket, new or changed, waits for Freshdesk. A clash that nobody has settled stays in sight meanwhile."""
    if not sync.is_connected() or ticket.sync_state in STAYS_HERE:
        return
    if ticket.sync_state not in ON_ITS_WAY and not _clashes(ticket):
        _set_state(ticket, SyncState.QUEUED)
    ticket.wait_for_outside(tasks.push_ticket)


def send_tickets(tickets: Sequence[Ticket]) -> None:
    """`send_ticket` for many that were changed together."""
    going = [ticket for ticket in tickets if ticket.sync_state not in STAYS_HERE]
    if not sync.is_connected() or not going:
        return
    clashing = set(Clash.objects.open().filter(ticket__in=going).values_list("ticket", flat=True))
    rows = Ticket.objects.filter(pk__in=[ticket.pk for ticket in going])
    rows.exclude(sync_state__in=ON_ITS_WAY).exclude(pk__in=clashing).update(sync_state=SyncState.QUEUED)
    wait_together(rows, tasks.push_ticket)


def send_message(message: Message) -> None:
    """The message waits for Freshdesk, behind its ticket; also while that lies in the trash, out of which it may come."""
    ticket = message.ticket
    if not sync.is_connected() or ticket.sync_state == SyncState.AWAITING_APPROVAL or ticket.gone_reason not in COMES_BACK:
        return
    _set_state(message, SyncState.QUEUED)
    message.wait_for_outside(tasks.push_message)


def ask_for(file: Attachment) -> bool:
    """A file that is still in Freshdesk waits to be fetched; whether it will come."""
    if not sync.is_connected():
        return False
    if file.next_attempt_at is None and not file.last_error:
        file.wait_for_outside(tasks.fetch_file)
    return file.next_attempt_at is not None


def _clashes(ticket: Ticket) -> bool:
    return ticket.sync_state == SyncState.CONFLICT and ticket.clashes.open().exists()


def _set_state(row: Ticket | Message, state: SyncState) -> None:
    row.sync_state = state
    row.save(update_fields=["sync_state"])
