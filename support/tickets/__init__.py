"""Opening a ticket, and moving it through its statuses."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from communities.models import Community, User
from ground.actors import Actor
from ground.references import new_reference
from ground.sanitising import from_markdown, plain_text
from hubs.models import Hub
from support import recording, search, timing
from support.files import Uploads, keep
from support.mirror import mirroring
from support.models import Contact, Ticket, TicketEvent, TicketReader, TicketStatus
from support.people import contacts
from support.policy import is_desk_staff
from support.recording import guard
from support.recording.external_keys import new_external_key
from support.recording.ringing import ring
from support.states import MessageKind, Priority, Status, SyncState
from support.tickets import hub_facts, terms


@dataclass(frozen=True, kw_only=True)
class Opening:
    """What a ticket starts with besides its words."""

    kind: str = ""
    hub: Hub | None = None
    priority: int = Priority.LOW
    requester: Contact | None = None
    origin: str = ""
    confidential: bool = False
    message_id: str = ""
    cc: tuple[str, ...] = ()
    topic: str = ""
    held: str = ""


@transaction.atomic
def open_ticket(
    community: Community | None,
    *,
    subject: str,
    body: str,
    by: Actor,
    kind: str = "",
    hub: Hub | None = None,
    priority: int = Priority.LOW,
    requester: Contact | None = None,
    origin: str = "",
    confidential: bool = False,
    readers: Iterable[User] = (),
    topic: str = "",
    held: str = "",
    files: Uploads = (),
) -> Ticket:
    """Write the ticket down, its words as Markdown; Freshdesk follows the commit, or the approval that the community's terms ask for.

    With an `origin` it is opened once. `held` is a reason (`HeldFor`) to let it wait whatever the terms say. Raises `Refused`.
    """
    if origin and (existing := Ticket.objects.filter(origin=origin).first()):
        return existing
    opening = Opening(
        kind=kind,
        hub=hub,
        priority=priority,
        requester=requester or _requester(by),
        origin=origin,
        confidential=confidential,
        topic=topic,
        held=held or terms.why_it_waits(community, by=by, topic=topic),
    )
    ticket = _open(community, subject=subject, body_html=from_markdown(body), by=by, opening=opening, files=files)
    TicketReader.objects.bulk_create(TicketReader(ticket=ticket, user=reader, added_by=by.user) for reader in readers)
    return ticket


@transaction.atomic
def open_mailed(community: Community | None, *, subject: str, body_html: str, by: Actor, opening: Opening) -> Ticket:
    """Write down a ticket that came by mail, its words as clean HTML."""
    held = terms.why_it_waits(community, by=by)
    return _open(community, subject=subject, body_html=body_html, by=by, opening=replace(opening, held=held))


def change_status(ticket: Ticket, *, status: TicketStatus, by: Actor, version: int | None = None) -> Ticket:
    """Move the ticket to another status. Raises `guard.Stale`."""
    return update(ticket, by=by, version=version, status=status)


def solve(ticket: Ticket, *, by: Actor, version: int | None = None) -> Ticket:
    return _move(ticket, Status.SOLVED, by=by, version=version)


@transaction.atomic
def solve_unless_written(ticket: Ticket, *, by: Actor, version: int | None) -> Ticket:
    """Say that it is solved, unless somebody wrote or changed the status since that version. Raises `guard.Stale`."""
    held = guard.hold_conversation(ticket, version=version, fields={"status"})
    if recording.change(held, by=by, status=TicketStatus.objects.get(code=Status.SOLVED)):
        mirroring.send_ticket(held)
    return held


def close(ticket: Ticket, *, by: Actor, version: int | None = None) -> Ticket:
    return _move(ticket, Status.CLOSED, by=by, version=version)


def reopen(ticket: Ticket, *, by: Actor, version: int | None = None) -> Ticket:
    return _move(ticket, Status.OPEN, by=by, version=version)


def assign(ticket: Ticket, *, to: User | None, by: Actor, version: int | None = None) -> Ticket:
    """Give the ticket to a person of the desk, or to nobody. Raises `guard.Stale`."""
    return update(ticket, by=by, version=version, assignee=to)


@transaction.atomic
def update(ticket: Ticket, *, by: Actor, version: int | None = None, **values: Any) -> Ticket:
    """Set these fields together, with their history; the mirror follows. Raises `guard.Stale`."""
    held = guard.hold(ticket, version=version)
    if recording.change(held, by=by, **values):
        mirroring.send_ticket(held)
    if values.get("hub"):
        hub_facts.freeze(held)
    return held


def _move(ticket: Ticket, code: int, *, by: Actor, version: int | None) -> Ticket:
    return change_status(ticket, status=TicketStatus.objects.get(code=code), by=by, version=version)


def _requester(by: Actor) -> Contact | None:
    """Who opens a ticket asks for it, unless they are staff who write it down for somebody."""
    return contacts.of(by.user) if by.user is not None and not is_desk_staff(by) else None


def _open(community: Community | None, *, subject: str, body_html: str, by: Actor, opening: Opening, files: Uploads = ()) -> Ticket:
    ticket = _write(community, subject=subject, body_html=body_html, by=by, opening=opening)
    keep(ticket, None, files)
    hub_facts.freeze(ticket)
    search.index(ticket)
    if opening.held:
        terms.ask_for_approval(ticket, reason=opening.held, topic=opening.topic)
    mirroring.send_ticket(ticket)
    return ticket


def _write(community: Community | None, *, subject: str, body_html: str, by: Actor, opening: Opening) -> Ticket:
    now, text = timezone.now(), plain_text(body_html)
    ticket = Ticket(
        reference=new_reference("T"),
        community=community,
        subject=subject[:255],
        body_html=body_html,
        body_text=text,
        requester=opening.requester,
        opened_by=by.user,
        kind=opening.kind,
        hub=opening.hub,
        priority=opening.priority,
        origin=opening.origin,
        confidential=opening.confidential,
        message_id=opening.message_id,
        cc=list(opening.cc),
        created_at=now,
        updated_at=now,
        waiting_since=None if opening.held else now,
        sync_state=SyncState.AWAITING_APPROVAL if opening.held else SyncState.LOCAL,
        last_message_at=now,
        last_message_kind=MessageKind.INCOMING,
        last_message_label=by.label[:200],
        last_message_excerpt=" ".join(text.split())[:160],
        last_public_kind=MessageKind.INCOMING,
        last_public_excerpt=" ".join(text.split())[:160],
        external_key=new_external_key(),
    )
    turned = timing.begin(ticket, now=now)
    ticket.save(force_insert=True)
    timing.keep(turned)
    TicketEvent.objects.create(
        ticket=ticket, field="opened", actor=by.user, actor_role=by.role, actor_label=by.label, ticket_version=1, at=now
    )
    if opening.topic:
        recording.happened(ticket, "topic", after=opening.topic, note="", by=by)
    ring(ticket.pk)
    return ticket
