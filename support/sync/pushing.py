"""A ticket on its way to Freshdesk: created once, then changed field by field; its messages follow in order."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.html import format_html

from communities.models import Community
from ground.errors import Rejected
from ground.outbox import claim
from support import recording
from support.freshdesk import Freshdesk
from support.freshdesk.drafts import NewTicket, TicketChanges
from support.freshdesk.shapes import Ticket as RemoteTicket
from support.models import CompanyLink, Contact, Message, Ticket, TicketEvent
from support.people import contacts
from support.recording.external_keys import tag_of
from support.states import GoneReason, SyncState
from support.sync import applying, carrying, companies, ledger, looking, outcomes, people, pulling, sending
from support.sync.directory import Directory, Spoken
from support.sync.disappearing import disappear
from support.sync.merging import TAGS
from support.sync.outcomes import Outcome

TURN = timedelta(seconds=60)
NOT_THERE = 404


def push_ticket(freshdesk: Freshdesk, pk: int) -> Outcome:
    """Say to Freshdesk what it does not know of a ticket, and then the messages that waited for it."""
    with _turn(pk) as is_ours:
        if not is_ours:
            return Outcome.WAITING
        ticket = claim(Ticket, pk)
        if ticket is None:
            return Outcome.NOTHING
        outcome = outcomes.attempt(ticket, lambda: _update(freshdesk, ticket) if ticket.freshdesk_id else _create(freshdesk, ticket))
        if outcome == Outcome.PUSHED:
            sending.push_waiting(freshdesk, pk)
        return outcome


def push_message(freshdesk: Freshdesk, pk: int) -> Outcome:
    """Send one message, once its ticket is there and everything before it has gone; then what waited for it."""
    ticket_pk = Message.objects.values_list("ticket_id", flat=True).get(pk=pk)
    with _turn(ticket_pk) as is_ours:
        if not is_ours:
            return Outcome.WAITING
        outcome = sending.push(freshdesk, pk)
        if outcome == Outcome.PUSHED:
            sending.push_waiting(freshdesk, ticket_pk)
        return outcome


@contextmanager
def _turn(ticket_pk: int) -> Iterator[bool]:
    """One worker at a time tells Freshdesk about a ticket; whoever comes second leaves the rows due. A dead one's turn runs out."""
    now = timezone.now()
    free = Ticket.objects.filter(Q(pushed_until=None) | Q(pushed_until__lt=now), pk=ticket_pk)
    is_ours = bool(free.update(pushed_until=now + TURN))
    try:
        yield is_ours
    finally:
        if is_ours:  # a turn that ran out may be another's by now
            Ticket.objects.filter(pk=ticket_pk, pushed_until=now + TURN).update(pushed_until=None)


def _create(freshdesk: Freshdesk, ticket: Ticket) -> Outcome:
    """Once: what may have arrived is looked for first, and sent again only after the last look."""
    if outcomes.may_have_arrived(ticket):
        found = looking.tickets_by_key(freshdesk, ticket)
        if found:
            _remove_doubles(freshdesk, ticket, found[1:])
            return _arrived(freshdesk, ticket.pk, found[0])
        if not outcomes.was_the_last_look(ticket):
            return outcomes.look_again(ticket, "Freshdesk has not shown this ticket yet")
    draft = _draft(freshdesk, ticket)
    Ticket.objects.filter(pk=ticket.pk, freshdesk_id=None).update(remote_raw=_agreed(draft), agreed_kind=ticket.kind if draft.type else "")
    return _arrived(freshdesk, ticket.pk, outcomes.send(ticket, lambda: freshdesk.create_ticket(draft)))


def _update(freshdesk: Freshdesk, ticket: Ticket) -> Outcome:
    number = ticket.freshdesk_id or 0
    try:
        remote = freshdesk.ticket(number)
    except Rejected as refusal:
        if refusal.status != NOT_THERE:
            raise
        disappear(number)
        return outcomes.wait_for_turn(ticket, str(refusal)) if not _is_gone(ticket) else _rests(ticket)
    reason = applying.reason_gone(remote)
    if reason:
        return _gone(ticket.pk, reason)
    left = _still_to_say(freshdesk, ticket.pk, remote)
    if left:
        answer = freshdesk.update_ticket(number, TicketChanges.said(left))
        _come_to_rest(freshdesk, ticket.pk, answer, said=left)
    return _send_files(freshdesk, ticket, remote)


def _still_to_say(freshdesk: Freshdesk, pk: int, remote: RemoteTicket) -> dict[str, Any]:
    """Take in an answer; what our side has changed since is still to be said."""
    with _applied(freshdesk, pk, remote) as (ticket, there):
        if not there:
            _settle(ticket)
    return _with_key_tags(ticket, there)


def _come_to_rest(freshdesk: Freshdesk, pk: int, answer: RemoteTicket, *, said: dict[str, Any]) -> None:
    """What Freshdesk silently did not take is not said again; what changed here meanwhile is."""
    with _applied(freshdesk, pk, answer) as (ticket, there):
        if any(name not in said or said[name] != value for name, value in _with_key_tags(ticket, there).items()):
            _come_again(ticket)
        else:
            if there:
                _give_in(ticket, answer)
            _settle(ticket)
    outcomes.sent(ticket)


def _arrived(freshdesk: Freshdesk, pk: int, remote: RemoteTicket) -> Outcome:
    """It is there. What changed here while it was on its way goes after it."""
    with _applied(freshdesk, pk, remote) as (ticket, there):
        if there:
            _come_again(ticket)
        else:
            _settle(ticket)
    outcomes.sent(ticket)
    return _send_files(freshdesk, ticket, remote)


@contextmanager
def _applied(freshdesk: Freshdesk, pk: int, remote: RemoteTicket) -> Iterator[tuple[Ticket, dict[str, Any]]]:
    """An answer to one of our calls, on the row, which stays locked while the caller says what follows: a person's change comes after that.

    An answer is not the whole ticket: the next walk reads that.
    """
    spoken = Spoken.of([remote])
    pulling.meet(freshdesk, spoken)
    with transaction.atomic():
        ticket = recording.locked(pk)
        applied = applying.apply(ticket, remote, Directory.read(spoken))
        applied.events += applying.here_again(ticket)
        applying.save(ticket, applied)
        yield ticket, applied.there


def _give_in(ticket: Ticket, answer: RemoteTicket) -> None:
    """Freshdesk took our words and kept its own value, as it does with a responder outside the group: then its value is the truth here too."""
    directory = Directory.read(Spoken.of([answer]))
    applying.save(ticket, applying.give_in(ticket, answer, directory))


def _send_files(freshdesk: Freshdesk, ticket: Ticket, remote: RemoteTicket) -> Outcome:
    """The description's files follow the ticket: those that it does not have yet."""
    if not carrying.waits(ticket):
        return Outcome.PUSHED
    whole = remote if remote.has("attachments") else freshdesk.ticket(remote.id or 0)
    carrying.recognise(ticket, whole.attachments)
    if carrying.waits(ticket):
        answer = carrying.send(ticket, lambda files: freshdesk.update_ticket(remote.id or 0, TicketChanges(), files=files))
        carrying.recognise(ticket, answer.attachments)
    return Outcome.PUSHED


def _remove_doubles(freshdesk: Freshdesk, ticket: Ticket, doubles: list[RemoteTicket]) -> None:
    for each in doubles:
        freshdesk.delete_ticket(each.id or 0)
        ledger.went(ledger.What.TICKET, ledger.Outcome.DOUBLE, ticket=ticket, number=each.id, note=f"#{each.id} was the same ticket again")


def _gone(pk: int, reason: GoneReason) -> Outcome:
    with transaction.atomic():
        ticket = recording.locked(pk)
        TicketEvent.objects.bulk_create(applying.gone(ticket, reason))
        ticket.next_attempt_at = None
        ticket.save()
    return Outcome.DEAD


def _rests(ticket: Ticket) -> Outcome:
    """Gone before we asked: nothing of it waits."""
    ticket.settled()
    return Outcome.DEAD


def _is_gone(ticket: Ticket) -> bool:
    return Ticket.objects.filter(pk=ticket.pk).exclude(gone_reason="").exists()


def _settle(ticket: Ticket) -> None:
    ticket.settled()
    state = SyncState.CONFLICT if ticket.clashes.open().exists() else SyncState.SYNCED
    Ticket.objects.filter(pk=ticket.pk).exclude(sync_state=SyncState.GONE).update(sync_state=state)


def _come_again(ticket: Ticket) -> None:
    Ticket.objects.filter(pk=ticket.pk).exclude(sync_state=SyncState.GONE).update(
        sync_state=SyncState.QUEUED, next_attempt_at=timezone.now()
    )


def _with_key_tags(ticket: Ticket, there: dict[str, Any]) -> dict[str, Any]:
    """Tags replace the whole list: our key must stand in it again."""
    return {**there, TAGS: (*applying.key_tags(ticket), *there[TAGS])} if TAGS in there else there


def _agreed(draft: NewTicket) -> dict[str, Any]:
    """What both sides start from once a draft has arrived, should its answer be lost."""
    return {
        "status": draft.status,
        "priority": draft.priority,
        "subject": draft.subject,
        "type": draft.type,
        "responder_id": None,
        "group_id": None,
        TAGS: list(draft.tags or ()),
    }


def _draft(freshdesk: Freshdesk, ticket: Ticket) -> NewTicket:
    """The company follows the contact: Freshdesk takes no company with a ticket."""
    requester = _requester(freshdesk, ticket)
    kinds = Directory.read(Spoken.of([])).types
    return NewTicket(
        subject=ticket.subject,
        description=ticket.body_html or format_html("<p>{}</p>", ticket.subject),
        requester_id=requester.freshdesk_id,
        status=ticket.status.code,
        priority=ticket.priority,
        type=kinds.get(ticket.kind),
        tags=(tag_of(ticket.external_key), *ticket.tags),
    )


def _requester(freshdesk: Freshdesk, ticket: Ticket) -> Contact:
    """Who asks; what the site itself reports is asked by the desk."""
    contact = ticket.requester or _opener(ticket)
    company = _company(freshdesk, ticket.community) if ticket.community else None
    return people.ensure_contact(freshdesk, contact, company=company if ticket.requester or ticket.opened_by else None)


def _company(freshdesk: Freshdesk, community: Community) -> CompanyLink | None:
    """Why a company cannot be had is said on its own row; the ticket need not wait for that."""
    try:
        return companies.ensure_company(freshdesk, community)
    except Rejected:
        return None


def _opener(ticket: Ticket) -> Contact:
    if ticket.opened_by:
        return contacts.of(ticket.opened_by)
    return contacts.of_address(settings.SUPPORT_EMAIL, name=settings.OPERATOR_NAME)
