"""What Freshdesk says of a ticket, written on our row: fields by three-way merge, the rest as it came."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from ground import sanitising
from ground.actors import Actor
from support import recording, vocabulary
from support.external_keys import PREFIX
from support.freshdesk.shapes import Attachment as RemoteFile
from support.freshdesk.shapes import Ticket as RemoteTicket
from support.models import Attachment, Ticket, TicketEvent, TicketStatus
from support.states import GoneReason, SyncState
from support.sync import people
from support.sync.companies import community_of
from support.sync.merging import FIELDS, Merged, merge

FRESHDESK = Actor.freshdesk("Freshdesk")


def ours(ticket: Ticket) -> dict[str, Any]:
    """Our side of the merged fields, in Freshdesk's terms."""
    return {"status": ticket.status_id, "priority": ticket.priority, "responder_id": _responder(ticket), "subject": ticket.subject}


def apply(ticket: Ticket, remote: RemoteTicket) -> Merged:
    """Bring a locked row up to date with an answer, unless it knows a newer one. What is left to say there is in `.there`."""
    if _is_older(remote, ticket):
        return merge(ticket.remote_raw, ours(ticket), ticket.remote_raw)
    merged = merge(ticket.remote_raw, ours(ticket), {name: remote.raw[name] for name in FIELDS if remote.has(name)})
    values = _values(merged.here)
    _take_over(ticket, remote)
    if not recording.change(ticket, by=FRESHDESK, at=remote.updated_at, **values):
        ticket.save()
    _name_the_agent(ticket, merged)
    _tell(ticket, merged)
    return merged


def gone(ticket: Ticket, reason: GoneReason) -> bool:
    """Freshdesk lists it no more; it stays here. Whether that is news."""
    if ticket.gone_reason == reason:
        return False
    ticket.sync_state = SyncState.GONE
    ticket.next_attempt_at = None
    recording.change(ticket, by=FRESHDESK, gone_reason=reason)
    return True


def reason_gone(remote: RemoteTicket) -> GoneReason | None:
    """Why a ticket that still answers is gone all the same."""
    if remote.deleted:
        return GoneReason.DELETED
    return GoneReason.SPAM if remote.spam else None


def listed(attachments: tuple[RemoteFile, ...]) -> list[Mapping[str, Any]]:
    """Freshdesk's files without their expiring addresses."""
    return [
        {"freshdesk_id": each.id, "name": each.name[:255], "content_type": each.content_type[:150], "size": each.octets}
        for each in attachments
    ]


def _is_older(remote: RemoteTicket, ticket: Ticket) -> bool:
    return bool(remote.updated_at and ticket.remote_updated_at and remote.updated_at < ticket.remote_updated_at)


def _take_over(ticket: Ticket, remote: RemoteTicket) -> None:
    """What Freshdesk alone decides."""
    ticket.freshdesk_id = remote.id
    ticket.remote_raw = {
        **ticket.remote_raw,
        **{key: value for key, value in remote.raw.items() if key not in {"description", "description_text"}},
    }
    ticket.remote_updated_at = remote.updated_at
    ticket.synced_at = timezone.now()
    ticket.attempted_at = None
    if remote.has("tags"):
        ticket.tags = [tag for tag in remote.tags if not tag.startswith(PREFIX)]
    if remote.has("attachments"):
        _take_files(ticket, remote.attachments)
    if ticket.opened_by_id is None and remote.has("company_id"):
        ticket.community = community_of(remote.company_id) or ticket.community
    if remote.description and not ticket.body_html:
        ticket.body_html = sanitising.letter_html(remote.description)
        ticket.body_text = sanitising.plain_text(ticket.body_html)
    if ticket.gone_reason:
        ticket.gone_reason, ticket.sync_state = "", SyncState.SYNCED


def _take_files(ticket: Ticket, there: tuple[RemoteFile, ...]) -> None:
    """The description's files that are new."""
    known = set(ticket.files.filter(freshdesk_id__isnull=False).values_list("freshdesk_id", flat=True))
    new = [facts for facts in listed(there) if facts["freshdesk_id"] not in known]
    Attachment.objects.bulk_create(Attachment(ticket=ticket, created_at=ticket.created_at, **facts) for facts in new)
    ticket.file_count += len(new)


def _values(here: Mapping[str, Any]) -> dict[str, Any]:
    """Freshdesk's values as our columns'."""
    values: dict[str, Any] = {}
    if here.get("status"):
        values["status"] = TicketStatus.objects.filter(code=here["status"]).first() or vocabulary.learn(here["status"])
    if here.get("priority"):
        values["priority"] = here["priority"]
    if here.get("subject"):
        values["subject"] = here["subject"][:255]
    if "responder_id" in here:
        agent = people.known_agent(here["responder_id"])
        values["assignee"] = agent.user if agent else None
    return values


def _name_the_agent(ticket: Ticket, merged: Merged) -> None:
    """An agent without an account here is shown by name."""
    if "responder_id" not in merged.here or ticket.assignee_id:
        return
    agent = people.known_agent(merged.here["responder_id"])
    recording.change(ticket, by=FRESHDESK, assignee_label=str(agent)[:200] if agent else "")


def _responder(ticket: Ticket) -> int | None:
    """Whom our side wants; when that cannot be said in Freshdesk's terms, whoever it is there."""
    there: int | None = ticket.remote_raw.get("responder_id")
    if ticket.assignee is None:
        return there if ticket.assignee_label else None
    agent = people.agent_of(ticket.assignee)
    return agent.freshdesk_id if agent else there


def _tell(ticket: Ticket, merged: Merged) -> None:
    """Both values of a clash stay in the ticket's history, and the ticket says that there was one."""
    if not merged.clashes:
        return
    for clash in merged.clashes:
        TicketEvent.objects.create(
            ticket=ticket,
            field=clash.name,
            before=str(clash.ours or ""),
            after=str(clash.theirs or ""),
            note="clash",
            actor_role=FRESHDESK.role,
            actor_label=FRESHDESK.label,
            ticket_version=ticket.version,
            at=timezone.now(),
        )
    Ticket.objects.filter(pk=ticket.pk).update(sync_state=SyncState.CONFLICT)
    ticket.sync_state = SyncState.CONFLICT
