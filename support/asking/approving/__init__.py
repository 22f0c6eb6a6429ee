"""Letting through or declining a ticket that waits for a representative, and reminding whoever may."""

from django.db import transaction
from django.utils import timezone

from ground.actors import Actor
from ground.states import WrongState
from support import emails, recording, search
from support.mirror import mirroring
from support.models import Approval, Ticket, TicketStatus
from support.states import ApprovalOutcome, Status


@transaction.atomic
def approve(ticket: Ticket, *, by: Actor) -> Ticket:
    """The desk works on it from now on, and Freshdesk has it; a reply that can still be taken back follows when it leaves. Raises `WrongState` when it was decided before."""
    held, approval = _waiting(ticket)
    _decide(approval, ApprovalOutcome.APPROVED, by=by)
    recording.let_through(held, by=by)
    mirroring.send_ticket(held)
    for message in held.messages.filter(held=None).order_by("pk"):
        mirroring.send_message(message)
    return held


@transaction.atomic
def decline(ticket: Ticket, *, reason: str, by: Actor) -> Ticket:
    """Close it, and tell who asked why; it never reaches Freshdesk. Raises `WrongState` when it was decided before."""
    held, approval = _waiting(ticket)
    _decide(approval, ApprovalOutcome.DECLINED, answer=reason, by=by)
    recording.change(held, by=by, status=TicketStatus.objects.get(code=Status.CLOSED))
    recording.happened(held, "declined", after="", note=reason, by=by)
    if held.requester and held.requester.email:
        emails.declined.queue(to=held.requester.email, language=emails.language_of(held), ticket_id=held.pk)
    return held


@transaction.atomic
def rename(ticket: Ticket, *, subject: str, by: Actor) -> Ticket:
    """Say better what it is about, before the desk sees it. Raises `WrongState`."""
    held, _approval = _waiting(ticket)
    if recording.change(held, by=by, subject=subject[:255]):
        search.index_many([held])
    return held


def _waiting(ticket: Ticket) -> tuple[Ticket, Approval]:
    """The ticket's row, locked, and what it waits for."""
    held = recording.locked(ticket.pk)
    approval = Approval.objects.waiting().filter(ticket=held).first()
    if approval is None:
        raise WrongState("this ticket does not wait for approval")
    return held, approval


def _decide(approval: Approval, outcome: ApprovalOutcome, *, by: Actor, answer: str = "") -> None:
    approval.outcome, approval.answer = outcome, answer
    approval.decided_at, approval.decided_by = timezone.now(), by.user
    approval.save(update_fields=["outcome", "answer", "decided_at", "decided_by"])
