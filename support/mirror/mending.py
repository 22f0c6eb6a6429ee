"""What a person does about a row that Freshdesk did not take or did not confirm: try again, or give up. Each leaves a line in the ledger."""

from dataclasses import dataclass
from typing import TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ground import sweep
from ground.actors import Actor
from ground.outbox import Waiting
from support.models import Attachment, CompanyLink, Message, SyncEntry, Ticket
from support.states import SyncState

Mendable = Ticket | Message | Attachment | CompanyLink
Row = TypeVar("Row", Ticket, Message, Attachment, CompanyLink)

WHAT: dict[type[Waiting], SyncEntry.What] = {
    Ticket: SyncEntry.What.TICKET,
    Message: SyncEntry.What.MESSAGE,
    Attachment: SyncEntry.What.FILE,
    CompanyLink: SyncEntry.What.COMPANY,
}


@dataclass
class NothingToMend(Exception):
    """The row stands no longer as the person saw it: somebody was faster, or Freshdesk answered."""

    row: Mendable


@transaction.atomic
def replay(row: Row, *, by: Actor) -> Row:
    """Let a dead or uncertain row be tried at once. What may have arrived keeps its mark, and is looked for before it is sent again.

    Raises `NothingToMend`.
    """
    held = _locked(row)
    if not (is_dead(held) or _is_unknown(held)):
        raise NothingToMend(held)
    if isinstance(held, Ticket | Message):
        held.sync_state = SyncState.QUEUED
        held.save(update_fields=["sync_state"])
    else:
        held.given_up_at = None
        held.save(update_fields=["given_up_at"])
    _due_now(held)
    _tell(held, SyncEntry.Outcome.REPLAYED, by=by)
    return held


@transaction.atomic
def give_up(row: Row, *, by: Actor) -> Row:
    """Try a waiting row no more; a dead one asks for nobody's attention any more. Raises `NothingToMend`."""
    held = _locked(row)
    if is_dead(held):
        _put_aside(held)
    elif _is_waiting(held):
        _stop(held, by=by)
    else:
        raise NothingToMend(held)
    _tell(held, SyncEntry.Outcome.GIVEN_UP, by=by)
    return held


def is_dead(row: Mendable) -> bool:
    """Whether nobody tries any more, and nobody has said yet that this is right."""
    if isinstance(row, Ticket | Message):
        return row.sync_state == SyncState.DEAD
    return row.next_attempt_at is None and bool(row.last_error) and row.given_up_at is None


def _is_unknown(row: Mendable) -> bool:
    return isinstance(row, Ticket | Message) and row.sync_state == SyncState.UNKNOWN


def _is_waiting(row: Mendable) -> bool:
    if isinstance(row, Ticket | Message):
        return row.sync_state in {SyncState.QUEUED, SyncState.UNKNOWN}
    return row.next_attempt_at is not None


def _stop(row: Mendable, *, by: Actor) -> None:
    """What may have arrived keeps its mark: tried again one day, it is looked for first."""
    if isinstance(row, Ticket | Message):
        row.sync_state = SyncState.DEAD
        row.save(update_fields=["sync_state"])
    row.give_up(_("Given up by %(name)s") % {"name": by.label})


def _put_aside(row: Mendable) -> None:
    """What Freshdesk has is in step again, less the change it refused; what it never had lives only here."""
    if isinstance(row, Ticket | Message):
        row.sync_state = SyncState.SYNCED if row.freshdesk_id else SyncState.LOCAL
        row.save(update_fields=["sync_state"])
    else:
        row.given_up_at = timezone.now()
        row.save(update_fields=["given_up_at"])


def _locked(row: Row) -> Row:
    return type(row)._base_manager.select_for_update(of=("self",)).get(pk=row.pk)


def _due_now(row: Mendable) -> None:
    task = next((outbox.task for outbox in sweep.OUTBOXES.values() if outbox.model is type(row)), None)
    if task is None:
        row.next_attempt_at, row.attempts, row.last_error = timezone.now(), 0, ""
        row.save(update_fields=["next_attempt_at", "attempts", "last_error"])
    else:
        row.wait_for_outside(task)


def _tell(row: Mendable, outcome: SyncEntry.Outcome, *, by: Actor) -> None:
    SyncEntry.objects.create(
        at=timezone.now(),
        direction=SyncEntry.Direction.IN if isinstance(row, Attachment) and not row.is_here else SyncEntry.Direction.OUT,
        what=WHAT[type(row)],
        outcome=outcome,
        ticket_id=_ticket_id(row),
        number=row.freshdesk_company_id if isinstance(row, CompanyLink) else row.freshdesk_id,
        note=by.label,
    )


def _ticket_id(row: Mendable) -> int | None:
    match row:
        case Ticket():
            return row.pk
        case Message() | Attachment():
            return row.ticket_id
        case _:
            return None
