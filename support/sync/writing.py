"""Whole tickets of Freshdesk's, written down together: a batch costs a handful of queries, whether one ticket or a hundred."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from ground.references import new_reference
from support import recording, search, timing
from support.freshdesk.client import WholeTicket
from support.freshdesk.shapes import Ticket as RemoteTicket
from support.models import Attachment, Clash, Message, SyncCursor, SyncEntry, Ticket, TicketEvent
from support.recording.external_keys import PREFIX
from support.recording.ringing import ring
from support.states import GoneReason, MessageKind, Status, StatusGroup, SyncState
from support.sync import applying, carrying, conversing, ledger
from support.sync.applying import Applied
from support.sync.conversing import Conversed, Known
from support.sync.directory import FRESHDESK, Directory, Spoken
from support.sync.racing import retried

TICKET_FIELDS = [field.attname for field in Ticket._meta.concrete_fields if field.attname not in {"id", "reference", "external_key"}]
MESSAGE_FIELDS = (
    *("ticket", "ticket_version", "body_html", "body_text", "content_hash", "edited_at", "removed_at", "freshdesk_id", "sync_state"),
    *("remote_raw", "remote_hash", "synced_at", "attempted_at", "next_attempt_at", "last_error"),
)
HISTORY = timedelta(days=1)
NEW = timedelta(hours=1)  # how old a ticket may be that we hear of for the first time and still tell people of
WALK, WHOLE = "tickets", "whole_at"  # the cursor of the walk through all of them, and what it holds once it came to its end
SETTLED_BY_A_PULL = frozenset({SyncState.LOCAL, SyncState.QUEUED, SyncState.UNKNOWN, SyncState.DEAD})


class Pulled(StrEnum):
    """What became of a ticket that was fetched."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    GONE = "gone"


@dataclass(frozen=True)
class Fetched:
    """A whole ticket, and our clock before it was asked for."""

    whole: WholeTicket
    asked_at: datetime

    @property
    def ticket(self) -> RemoteTicket:
        return self.whole.ticket


@dataclass
class Draft:
    """One ticket on its way into the database."""

    ticket: Ticket
    is_new: bool
    applied: Applied = field(default_factory=Applied)
    conversed: Conversed = field(default_factory=Conversed)
    files: carrying.Adopted | None = None
    pulled: Pulled = Pulled.UNCHANGED
    before: int = 0
    """The version it had; none before it was here."""


@retried
@transaction.atomic
def write(batch: Sequence[Fetched]) -> list[Pulled]:
    """All or nothing; what became of each, in their order. A ticket that another worker wrote first is taken as it then stands."""
    directory = Directory.read(Spoken.of([each.ticket for each in batch], [row for each in batch for row in each.whole.conversations]))
    rows = _locked(batch)
    known = _known(rows.values(), batch)
    clashing = set(Clash.objects.open().filter(ticket__in=rows.values()).values_list("ticket_id", flat=True)) if rows else set()
    drafts = [_draft(each, rows, known, directory) for each in batch]
    for draft in drafts:
        _keep_in_sight(draft.ticket, is_clashing=draft.ticket.pk in clashing)
    _tell_nobody_of_history(drafts)
    _save(drafts)
    return [draft.pulled for draft in drafts]


def _locked(batch: Sequence[Fetched]) -> dict[int, Ticket]:
    """Our rows by Freshdesk's number: those that carry it, and those whose key is among the tags."""
    keys = {key: each.ticket.id or 0 for each in reversed(batch) for key in _keys(each.ticket)}
    numbers = [each.ticket.id for each in batch]
    wanted = Q(freshdesk_id__in=numbers) | Q(external_key__in=keys, freshdesk_id=None)
    held = Ticket.objects.select_for_update(of=("self",)).select_related("status", "community", "requester__user", "assignee", "group")
    return {ticket.freshdesk_id or keys[ticket.external_key]: ticket for ticket in held.filter(wanted).order_by("freshdesk_id", "pk")}


def _keys(remote: RemoteTicket) -> list[str]:
    return [tag.removeprefix(PREFIX) for tag in remote.tags if tag.startswith(PREFIX)]


def _known(tickets: Collection[Ticket], batch: Sequence[Fetched]) -> Known:
    """Every message and file that the batch may be about, whole: what is left for later is read message by message."""
    numbers = [row.id for each in batch for row in each.whole.conversations]
    messages = Message.objects.filter(Q(ticket__in=tickets) | Q(freshdesk_id__in=numbers))
    of_ticket: dict[int, list[Message]] = defaultdict(list)
    for message in messages:
        of_ticket[message.ticket_id].append(message)
    files: dict[int, list[Attachment]] = defaultdict(list)
    ours = {ticket.pk for ticket in tickets}
    moving = [message.pk for message in messages if message.ticket_id not in ours]
    of_tickets = Q(ticket__in=[ticket for ticket in tickets if ticket.file_count])
    for file in Attachment.objects.filter(of_tickets | Q(message__in=moving) if moving else of_tickets):
        files[file.message_id or -file.ticket_id].append(file)
    by_number = {message.freshdesk_id: message for of_one in of_ticket.values() for message in of_one if message.freshdesk_id}
    return Known(by_number=by_number, of_ticket=of_ticket, files=files)


def _draft(fetched: Fetched, rows: dict[int, Ticket], known: Known, directory: Directory) -> Draft:
    remote, number = fetched.ticket, fetched.ticket.id or 0
    draft = Draft(rows[number], is_new=False) if number in rows else Draft(_new(remote, directory), is_new=True)
    ticket, before = draft.ticket, draft.ticket.version
    draft.before = 0 if draft.is_new else before
    reason = applying.reason_gone(remote)
    if reason is None or draft.is_new:
        draft.applied = applying.apply(ticket, remote, directory)
    draft.conversed = conversing.take_in(ticket, fetched.whole.conversations, known, directory, asked_at=fetched.asked_at)
    draft.files = _files(ticket, remote, known)
    reason = reason or _merged_away(ticket, draft.conversed)
    draft.applied.events += applying.gone(ticket, reason) if reason else applying.here_again(ticket)
    if reason is None:
        _settle(ticket, draft.applied)
    ticket.read_at = applying.read_at(fetched.whole.at, ticket)
    draft.pulled = _outcome(draft, before, is_gone=reason is not None)
    return draft


def _tell_nobody_of_history(drafts: Sequence[Draft]) -> None:
    """What a first import brings in, and what was changed there long ago, is no news to rules and watchers; what was due stays due."""
    fresh = [draft for draft in drafts if not _is_history(draft.ticket)]
    is_first_import = any(draft.is_new for draft in fresh) and not SyncCursor.objects.filter(name=WALK, value__has_key=WHOLE).exists()
    for draft in drafts:
        is_old = _is_history(draft.ticket) or (draft.is_new and (is_first_import or _age(draft.ticket) > NEW))
        if is_old and draft.ticket.followed_version == draft.before:
            draft.ticket.followed_version = draft.ticket.version


def _outcome(draft: Draft, version: int, *, is_gone: bool) -> Pulled:
    if draft.is_new:
        return Pulled.CREATED
    has_news = draft.ticket.version != version or draft.applied.is_news or draft.conversed.is_news
    if not has_news:
        return Pulled.UNCHANGED
    return Pulled.GONE if is_gone else Pulled.UPDATED


def _keep_in_sight(ticket: Ticket, *, is_clashing: bool) -> None:
    """A clash that nobody has settled shows, whatever went well since."""
    if is_clashing and ticket.sync_state == SyncState.SYNCED:
        ticket.sync_state = SyncState.CONFLICT


def _settle(ticket: Ticket, applied: Applied) -> None:
    """Nothing left to say there: nothing waits. Something left that nobody was going to say: it waits now."""
    if not applied.there and ticket.sync_state in SETTLED_BY_A_PULL:
        ticket.sync_state, ticket.next_attempt_at, ticket.last_error = SyncState.SYNCED, None, ""
    elif applied.there and ticket.next_attempt_at is None and ticket.sync_state == SyncState.SYNCED:
        ticket.sync_state, ticket.next_attempt_at = SyncState.QUEUED, timezone.now()


def _merged_away(ticket: Ticket, conversed: Conversed) -> GoneReason | None:
    """Closed, and a note says into which."""
    if conversed.merged_into is None or ticket.status_id != Status.CLOSED or conversed.merged_into == ticket.freshdesk_id:
        return None
    ticket.merged_into = Ticket.objects.filter(freshdesk_id=conversed.merged_into).first()
    return GoneReason.MERGED


def _files(ticket: Ticket, remote: RemoteTicket, known: Known) -> carrying.Adopted | None:
    """The description's."""
    held = known.files.get(-ticket.pk, ()) if ticket.pk else ()
    if not remote.has("attachments") or not (remote.attachments or held):
        return None
    adopted = carrying.adopt(held, remote.attachments, ticket=ticket, message=None, at=ticket.created_at)
    ticket.file_count += len(adopted.new)
    return adopted


def _new(remote: RemoteTicket, directory: Directory) -> Ticket:
    """A ticket that we hear of for the first time; `apply` gives it its words and the rest."""
    opened = remote.created_at or timezone.now()
    status = directory.statuses.get(remote.status or Status.OPEN) or directory.statuses[Status.OPEN]
    since = opened if status.group == StatusGroup.OPEN else None
    requester = directory.contacts.get(remote.requester_id or 0)
    agent = directory.agents.get(remote.responder_id or 0)
    kind = directory.kinds.get(remote.type.casefold(), "") if remote.type else ""
    ticket = Ticket(
        reference=new_reference("T"),
        freshdesk_id=remote.id,
        community=applying.community_of(remote, directory),
        requester=requester,
        subject=remote.subject[: applying.LONGEST_SUBJECT],
        status=status,
        priority=remote.priority or 1,
        kind=kind,
        agreed_kind=kind,
        group=directory.groups.get(remote.group_id or 0),
        assignee=agent.user if agent else None,
        assignee_label=str(agent)[:200] if agent else "",
        tags=[tag for tag in remote.tags if not tag.startswith(PREFIX)],
        sync_state=SyncState.SYNCED,
        created_at=opened,
        updated_at=remote.updated_at or opened,
        solved_at=(remote.updated_at or opened) if status.is_over else None,
        waiting_since=since,
        last_message_at=opened,
        last_message_kind=MessageKind.INCOMING,
        last_message_label=str(requester or "")[:200],
        last_public_kind=MessageKind.INCOMING,
    )
    ticket.remote_raw = {name: value for name, value in remote.raw.items() if name not in applying.NOT_KEPT}
    return ticket


def _save(drafts: Sequence[Draft]) -> None:
    """Parents before children, each kind of row at once."""
    new, held = [draft for draft in drafts if draft.is_new], [draft for draft in drafts if not draft.is_new]
    for draft in new:
        _show_opening(draft.ticket)
    turned = timing.turn_together([(draft.ticket, _events(draft), _said(draft)) for draft in drafts], now=timezone.now())
    Ticket.objects.bulk_create([draft.ticket for draft in new])
    messages = [message for draft in drafts for message in draft.conversed.new]
    for message in messages:
        message.ticket_id = message.ticket.pk
    Message.objects.bulk_create(messages)
    for message in (message for draft in drafts for message in draft.conversed.moved):
        message.ticket_id = message.ticket.pk
    Message.objects.bulk_update(_once(message for draft in drafts for message in draft.conversed.changed if message.pk), MESSAGE_FIELDS)
    _save_files(drafts)
    Ticket.objects.bulk_create(
        [draft.ticket for draft in held], update_conflicts=True, unique_fields=["id"], update_fields=_column_names(TICKET_FIELDS)
    )
    timing.keep(turned)
    TicketEvent.objects.bulk_create([event for draft in drafts for event in _events(draft)])
    Clash.objects.bulk_create([clash for draft in drafts for clash in draft.applied.clashes])
    for draft in drafts:
        if draft.ticket.followed_version < draft.ticket.version:
            ring(draft.ticket.pk)
    search.index_many([*(draft.ticket for draft in drafts if _has_new_words(draft)), *_left_behind(drafts)])
    SyncEntry.objects.bulk_create([entry for draft in drafts for entry in _entries(draft)])


def _said(draft: Draft) -> list[Message]:
    return [*draft.conversed.new, *draft.conversed.moved]


def _has_new_words(draft: Draft) -> bool:
    conversed = draft.conversed
    said_otherwise = any(event.field in search.OWN for event in draft.applied.events)
    return bool(draft.is_new or draft.applied.has_new_words or said_otherwise or conversed.new or conversed.changed or conversed.moved)


def _left_behind(drafts: Sequence[Draft]) -> list[Ticket]:
    """Tickets of which a merge took messages away."""
    keys = {pk for draft in drafts for pk in draft.conversed.left} - {draft.ticket.pk for draft in drafts if _has_new_words(draft)}
    return list(Ticket.objects.filter(pk__in=keys).defer("body_html", "remote_raw")) if keys else []


def _column_names(attnames: Sequence[str]) -> list[str]:
    """Field names, as an upsert wants them."""
    return [each.name for each in Ticket._meta.concrete_fields if each.attname in attnames]


def _once(messages: Iterable[Message]) -> list[Message]:
    return list({message.pk: message for message in messages}.values())


def _show_opening(ticket: Ticket) -> None:
    """What lists show of a ticket whose conversation has not begun."""
    excerpt = recording.excerpt_of(ticket)
    ticket.last_message_excerpt = ticket.last_message_excerpt or excerpt
    ticket.last_public_excerpt = ticket.last_public_excerpt or excerpt


def _save_files(drafts: Sequence[Draft]) -> None:
    new = [file for draft in drafts for file in (*draft.conversed.new_files, *(draft.files.new if draft.files else ()))]
    changed = [
        file
        for draft in drafts
        for file in (*draft.conversed.changed_files, *((*draft.files.changed, *draft.files.removed) if draft.files else ()))
    ]
    for file in new:
        file.ticket_id, file.message_id = file.ticket.pk, file.message.pk if file.message else None
    Attachment.objects.bulk_create(new)
    Attachment.objects.bulk_update({file.pk: file for file in changed}.values(), (*carrying.ADOPTED_FIELDS, "ticket"))


def _events(draft: Draft) -> list[TicketEvent]:
    if not draft.is_new:
        return draft.applied.events
    ticket = draft.ticket
    opened = TicketEvent(
        ticket=ticket,
        field="opened",
        actor_role=FRESHDESK.role,
        actor_label=ticket.requester_label,
        ticket_version=1,
        at=ticket.created_at,
    )
    return [opened, *(event for event in draft.applied.events if event.field == "gone_reason")]


def _is_history(ticket: Ticket) -> bool:
    """What a first import brings in by the thousand is counted with its pass, not told line by line."""
    return _age(ticket) > HISTORY


def _age(ticket: Ticket) -> timedelta:
    return timezone.now() - ticket.updated_at


def _entries(draft: Draft) -> list[SyncEntry]:
    if draft.pulled == Pulled.UNCHANGED or (draft.is_new and _is_history(draft.ticket)):
        return []
    fields: list[Any] = [event.field for event in draft.applied.events] if not draft.is_new else []
    said = [f"{len(draft.conversed.new)} messages"] if draft.conversed.new else []
    came = ledger.came(draft.ticket, draft.pulled, note=", ".join([*fields, *said]))
    return [came, *(ledger.clashed(draft.ticket, clash) for clash in draft.applied.clashes)]
