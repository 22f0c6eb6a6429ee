"""A ticket on its way to Freshdesk: created once, then changed field by field."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from ground.errors import Rejected, Unavailable
from ground.outbox import claim
from support import contacts, recording
from support.external_keys import tag_of
from support.freshdesk import Freshdesk
from support.freshdesk.drafts import NewTicket, TicketChanges
from support.freshdesk.shapes import Ticket as RemoteTicket
from support.models import Contact, Ticket
from support.states import GoneReason, SyncState
from support.sync import applying, companies, looking, outcomes
from support.sync.outcomes import Outcome
from support.sync.people import ensure_contact
from support.sync.sending import push_waiting_messages


def push_ticket(freshdesk: Freshdesk, pk: int) -> Outcome:
    """Say to Freshdesk what it does not know of a ticket, and then the messages that waited for it."""
    ticket = claim(Ticket, pk)
    if ticket is None:
        return Outcome.NOTHING
    try:
        outcome = _update(freshdesk, ticket) if ticket.freshdesk_id else _create(freshdesk, ticket)
    except outcomes.Taken:
        return Outcome.WAITING
    except Unavailable as error:
        return outcomes.unavailable(ticket, error)
    except Rejected as error:
        return outcomes.rejected(ticket, error)
    if outcome == Outcome.PUSHED:
        push_waiting_messages(freshdesk, ticket.pk)
    return outcome


def _create(freshdesk: Freshdesk, ticket: Ticket) -> Outcome:
    """Once: what may have arrived is looked for first, and sent again only after the last look."""
    if outcomes.may_have_arrived(ticket):
        found = looking.ticket_by_key(freshdesk, ticket)
        if found:
            return _arrived(ticket.pk, found)
        if not outcomes.was_the_last_look(ticket):
            return outcomes.look_again(ticket, "Freshdesk has not shown this ticket yet")
    draft = _draft(freshdesk, ticket)
    Ticket.objects.filter(pk=ticket.pk).update(remote_raw=agreed(draft))
    return _arrived(ticket.pk, outcomes.send(ticket, lambda: freshdesk.create_ticket(draft)))


def _update(freshdesk: Freshdesk, ticket: Ticket) -> Outcome:
    remote = freshdesk.ticket(ticket.freshdesk_id or 0)
    reason = applying.reason_gone(remote)
    if reason:
        return _gone(ticket.pk, reason)
    left = _still_to_say(ticket.pk, remote)
    if left:
        answer = freshdesk.update_ticket(ticket.freshdesk_id or 0, changes(left))
        _come_to_rest(ticket.pk, answer, said=left)
    return Outcome.PUSHED


@transaction.atomic
def _still_to_say(pk: int, remote: RemoteTicket) -> dict[str, Any]:
    """Take in an answer; what our side has changed since is still to be said."""
    ticket = recording.locked(pk)
    left = applying.apply(ticket, remote).there
    if not left:
        _settle(ticket)
    return left


@transaction.atomic
def _come_to_rest(pk: int, answer: RemoteTicket, *, said: dict[str, Any]) -> None:
    """What Freshdesk silently did not take is not said again; what changed here meanwhile is."""
    ticket = recording.locked(pk)
    if applying.apply(ticket, answer).there in ({}, said):
        _settle(ticket)
    else:
        _come_again(ticket)


@transaction.atomic
def _arrived(pk: int, remote: RemoteTicket) -> Outcome:
    """It is there. What changed here while it was on its way goes after it."""
    ticket = recording.locked(pk)
    if applying.apply(ticket, remote).there:
        _come_again(ticket)
    else:
        _settle(ticket)
    return Outcome.PUSHED


@transaction.atomic
def _gone(pk: int, reason: GoneReason) -> Outcome:
    applying.gone(recording.locked(pk), reason)
    return Outcome.DEAD


def _settle(ticket: Ticket) -> None:
    ticket.settled()
    if ticket.sync_state != SyncState.CONFLICT:
        Ticket.objects.filter(pk=ticket.pk).update(sync_state=SyncState.SYNCED)


def _come_again(ticket: Ticket) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(sync_state=SyncState.QUEUED, next_attempt_at=timezone.now())


def agreed(draft: NewTicket) -> dict[str, Any]:
    """What both sides start from once a draft has arrived, should its answer be lost."""
    return {"status": draft.status, "priority": draft.priority, "subject": draft.subject, "responder_id": None}


def changes(left: dict[str, Any]) -> TicketChanges:
    """What is still to be said, as a request; None empties a field."""
    return TicketChanges.said(left)


def _draft(freshdesk: Freshdesk, ticket: Ticket) -> NewTicket:
    """The company follows the contact: Freshdesk takes no company with a ticket."""
    requester = _requester(freshdesk, ticket)
    return NewTicket(
        subject=ticket.subject,
        description=ticket.body_html or f"<p>{ticket.subject}</p>",
        requester_id=requester.freshdesk_id,
        status=ticket.status.code,
        priority=ticket.priority,
        tags=(tag_of(ticket.external_key), *ticket.tags),
    )


def _requester(freshdesk: Freshdesk, ticket: Ticket) -> Contact:
    """Who asks; what the site itself reports is asked by the desk."""
    contact = ticket.requester or _opener(ticket)
    company = companies.ensure_company(freshdesk, ticket.community) if ticket.community else None
    return ensure_contact(freshdesk, contact, company=company if ticket.requester or ticket.opened_by else None)


def _opener(ticket: Ticket) -> Contact:
    if ticket.opened_by:
        return contacts.of(ticket.opened_by)
    return contacts.of_address(settings.SUPPORT_EMAIL, name=settings.OPERATOR_NAME)
