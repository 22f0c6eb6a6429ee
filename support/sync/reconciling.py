"""Both sides compared ticket by ticket; what may be repaired is pulled, what would be a mass disappearance is left to a person."""

from dataclasses import dataclass

from ground.errors import Rejected
from support.freshdesk import Freshdesk
from support.freshdesk.shapes import Ticket as RemoteTicket
from support.models import Ticket
from support.states import SyncState
from support.sync.pulling import pull_ticket
from support.sync.walking import BEGINNING, LAST_PAGE

FEW = 50
SHARE = 0.01


@dataclass(frozen=True)
class Reconciled:
    """How many tickets were compared, how many were brought in line, how many are left for a person."""

    compared: int
    repaired: int
    left: int


def reconcile(freshdesk: Freshdesk) -> Reconciled:
    """Raises Unavailable half-way; what was repaired stays repaired."""
    theirs = _everything(freshdesk)
    ours = {row.freshdesk_id or 0: row for row in Ticket.objects.exclude(freshdesk_id=None).defer("body_html", "body_text")}
    differing = [key for key, remote in theirs.items() if key not in ours or _differs(ours[key], remote)]
    vanished = [key for key, row in ours.items() if key not in theirs and not row.gone_reason]
    trusted = len(vanished) <= max(FEW, len(ours) * SHARE)
    tried = [*differing, *(vanished if trusted else [])]
    repaired = sum(_repair(freshdesk, key) for key in tried)
    stuck = Ticket.objects.filter(sync_state__in=[SyncState.DEAD, SyncState.CONFLICT]).count()
    left = len(tried) - repaired + (0 if trusted else len(vanished)) + stuck
    return Reconciled(compared=len(theirs.keys() | ours.keys()), repaired=repaired, left=left)


def _everything(freshdesk: Freshdesk) -> dict[int, RemoteTicket]:
    """Every listed ticket, walked so that nothing is skipped."""
    found: dict[int, RemoteTicket] = {}
    window, number = BEGINNING, 1
    while True:
        page = freshdesk.tickets(updated_since=window, page=number)
        found.update({row.id or 0: row for row in page.items})
        newest = max((row.updated_at for row in page.items if row.updated_at), default=window)
        if not page.has_next or number >= LAST_PAGE:
            return found
        window, number = (newest, 1) if newest > window else (window, number + 1)


def _differs(ours: Ticket, remote: RemoteTicket) -> bool:
    """A row that still waits to be sent may differ; its own push will tell."""
    if ours.next_attempt_at is not None:
        return False
    same = (ours.status_id, ours.priority, ours.subject, ours.remote_updated_at) == (
        remote.status,
        remote.priority,
        remote.subject[:255],
        remote.updated_at,
    )
    return not same or bool(ours.gone_reason)


def _repair(freshdesk: Freshdesk, freshdesk_id: int) -> bool:
    try:
        pull_ticket(freshdesk, freshdesk_id)
    except Rejected:
        return False
    return True
