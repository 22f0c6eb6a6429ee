"""What Freshdesk says of a ticket, brought onto our row in memory: fields by three-way merge, the rest as it came."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from communities.models import Community, User
from ground import sanitising
from support import recording, search, timing
from support.freshdesk.shapes import Ticket as RemoteTicket
from support.models import Clash, Ticket, TicketEvent
from support.recording.external_keys import PREFIX, content_hash
from support.states import GoneReason, SyncState
from support.sync import merging
from support.sync.directory import FRESHDESK, Directory
from support.sync.merging import FIELDS, TAGS

LONGEST_SUBJECT = 255
NOT_KEPT = frozenset({"description", "description_text", "structured_description", "conversations", "attachments", "requester", "company"})
EMPTIABLE = frozenset({"responder_id", "group_id", "type"})
OURS = {"responder_id": "assignee", "type": "kind", "group_id": "group"}  # our columns where they are named otherwise


@dataclass
class Applied:
    """What became of one answer: events and clashes to save with the ticket, and what is still to be said there."""

    there: dict[str, Any] = field(default_factory=dict)
    events: list[TicketEvent] = field(default_factory=list)
    clashes: list[Clash] = field(default_factory=list)
    has_new_words: bool = False

    @property
    def is_news(self) -> bool:
        return bool(self.events or self.clashes or self.has_new_words)


def apply(ticket: Ticket, remote: RemoteTicket, directory: Directory) -> Applied:
    """Bring a locked row up to date with an answer, unless it knows a newer one. The caller saves the ticket and the rest."""
    wanted = ours(ticket, directory)
    if is_older(remote, ticket):
        return Applied(there=merging.merge(agreed(ticket), wanted, agreed(ticket)).there)
    merged = merging.merge(agreed(ticket), wanted, _theirs(remote))
    applied = Applied(there=merged.there, has_new_words=_take_words(ticket, remote))
    applied.clashes = [_clash(ticket, each, remote, directory) for each in merged.clashes]
    applied.events = recording.alter(ticket, by=FRESHDESK, at=remote.updated_at, **_values(ticket, merged.here, remote, directory))
    _take_over(ticket, remote)
    if "type" not in applied.there:
        ticket.agreed_kind = ticket.kind
    if applied.clashes:
        ticket.sync_state = SyncState.CONFLICT
    return applied


def give_in(ticket: Ticket, answer: RemoteTicket, directory: Directory) -> Applied:
    """Freshdesk was told and kept its own value: then that holds here too, and both are shown as a clash."""
    merged = merging.merge(agreed(ticket), ours(ticket, directory), _theirs(answer))
    theirs = _theirs(answer)
    refused = [merging.Clash(name, theirs[name], value, theirs[name]) for name, value in merged.there.items() if name != TAGS]
    applied = Applied(clashes=[_clash(ticket, each, answer, directory) for each in refused])
    here = {name: theirs[name] for name in merged.there}
    applied.events = recording.alter(ticket, by=FRESHDESK, at=answer.updated_at, **_values(ticket, here, answer, directory))
    ticket.agreed_kind = ticket.kind
    if applied.clashes:
        ticket.sync_state = SyncState.CONFLICT
    return applied


def save(ticket: Ticket, applied: Applied) -> None:
    """One ticket alone, where no batch does it."""
    turned = timing.turn(ticket, events=applied.events, now=timezone.now())
    ticket.save()
    timing.keep(turned)
    TicketEvent.objects.bulk_create(applied.events)
    if applied.has_new_words or any(event.field in search.OWN for event in applied.events):
        search.index_many([ticket])
    Clash.objects.bulk_create(applied.clashes)


def gone(ticket: Ticket, reason: GoneReason) -> list[TicketEvent]:
    """Freshdesk lists it no more; it stays here. The events are empty where that is no news."""
    if ticket.gone_reason == reason:
        return []
    ticket.sync_state, ticket.next_attempt_at, ticket.missing_since = SyncState.GONE, None, None
    return recording.alter(ticket, by=FRESHDESK, gone_reason=reason)


def here_again(ticket: Ticket) -> list[TicketEvent]:
    """It answers, and is neither deleted nor spam: restored there, or never away."""
    if not ticket.gone_reason:
        return []
    ticket.sync_state = SyncState.SYNCED
    if ticket.gone_reason == GoneReason.MERGED:
        ticket.merged_into = None
    return recording.alter(ticket, by=FRESHDESK, gone_reason="")


def reason_gone(remote: RemoteTicket) -> GoneReason | None:
    """Why a ticket that still answers is gone all the same."""
    if remote.deleted:
        return GoneReason.DELETED
    if remote.spam:
        return GoneReason.SPAM
    return GoneReason.ARCHIVED if remote.archived else None


def is_older(remote: RemoteTicket, ticket: Ticket) -> bool:
    return bool(remote.updated_at and ticket.remote_updated_at and remote.updated_at < ticket.remote_updated_at)


def ours(ticket: Ticket, directory: Directory) -> dict[str, Any]:
    """Our side of the merged fields, in Freshdesk's terms."""
    base = agreed(ticket)
    return {
        "status": ticket.status_id,
        "priority": ticket.priority,
        "subject": ticket.subject,
        "responder_id": _responder(ticket, base.get("responder_id"), directory),
        "group_id": _group(ticket, base.get("group_id"), directory),
        "type": _type(ticket, base.get("type"), directory),
        TAGS: list(ticket.tags),
    }


def agreed(ticket: Ticket) -> dict[str, Any]:
    """What both sides last agreed on."""
    return _merged_fields(ticket.remote_raw)


def key_tags(ticket: Ticket) -> list[str]:
    """The tags there that are ours alone and not shown; whoever replaces the list says them again."""
    return [tag for tag in ticket.remote_raw.get(TAGS) or () if tag.startswith(PREFIX)]


def _theirs(remote: RemoteTicket) -> dict[str, Any]:
    return _merged_fields({name: remote.raw[name] for name in (*FIELDS, TAGS) if remote.has(name)})


def _merged_fields(raw: Mapping[str, Any]) -> dict[str, Any]:
    known = {name: raw[name] for name in FIELDS if name in raw and (raw[name] is not None or name in EMPTIABLE)}
    if known.get("subject"):
        known["subject"] = str(known["subject"])[:LONGEST_SUBJECT]
    if TAGS in raw:
        known[TAGS] = [tag for tag in raw[TAGS] or () if not tag.startswith(PREFIX)]
    return known


def _take_over(ticket: Ticket, remote: RemoteTicket) -> None:
    """What Freshdesk alone decides."""
    ticket.freshdesk_id = remote.id
    ticket.remote_raw = {**ticket.remote_raw, **{key: value for key, value in remote.raw.items() if key not in NOT_KEPT}}
    ticket.remote_updated_at = remote.updated_at
    ticket.synced_at = timezone.now()
    ticket.attempted_at = ticket.missing_since = None


def _take_words(ticket: Ticket, remote: RemoteTicket) -> bool:
    """The description, when it is new here or was edited there. A first answer to our own words is no edit."""
    if not remote.has("description"):
        return False
    body = sanitising.letter_html(remote.description)
    text = sanitising.plain_text(body)
    seen, ticket.description_hash = ticket.description_hash, content_hash(text)
    if ticket.body_html and seen in {"", ticket.description_hash}:
        return False
    ticket.body_html, ticket.body_text = body, text
    return bool(text)


def _values(ticket: Ticket, here: Mapping[str, Any], remote: RemoteTicket, directory: Directory) -> dict[str, Any]:
    """Freshdesk's values as our columns'."""
    values: dict[str, Any] = {}
    if here.get("status") in directory.statuses:
        values["status"] = directory.statuses[here["status"]]
    if here.get("priority"):
        values["priority"] = here["priority"]
    if here.get("subject"):
        values["subject"] = here["subject"]
    if "responder_id" in here:
        agent = directory.agents.get(here["responder_id"] or 0)
        values["assignee"] = agent.user if agent else None
        values["assignee_label"] = str(agent)[:200] if agent else ""
    elif joined := _who_joined(ticket, remote, directory):
        values["assignee"] = joined
    if "group_id" in here:
        values["group"] = directory.groups.get(here["group_id"] or 0)
    if "type" in here:
        values["kind"] = _kind(ticket, here["type"], directory)
    if TAGS in here:
        values["tags"] = here[TAGS]
    return {**values, **_belongings(ticket, remote, directory)}


def _who_joined(ticket: Ticket, remote: RemoteTicket, directory: Directory) -> User | None:
    """The agent there who has become a person of this desk since the ticket came with their name alone."""
    agent = directory.agents.get(remote.responder_id or 0)
    is_theirs = agent is not None and ticket.assignee_id is None and ticket.assignee_label == str(agent)[:200]
    return agent.user if agent and is_theirs else None


def _belongings(ticket: Ticket, remote: RemoteTicket, directory: Directory) -> dict[str, Any]:
    """Whose ticket it is: as it was opened here, until somebody there gives it to another person or company."""
    values: dict[str, Any] = {}
    if _moved(ticket, remote, "company_id") or (ticket.community_id is None and remote.company_id):
        values["community"] = community_of(remote, directory)
    contact = directory.contacts.get(remote.requester_id or 0)
    if contact and _moved(ticket, remote, "requester_id"):
        values["requester"] = contact
    return values


def community_of(remote: RemoteTicket, directory: Directory) -> Community | None:
    """Whose tickets a company's are; an unknown company's belong to nobody, and only staff see them."""
    link = directory.companies.get(remote.company_id or 0)
    return link.community if link else None


def _moved(ticket: Ticket, remote: RemoteTicket, name: str) -> bool:
    return remote.has(name) and name in ticket.remote_raw and ticket.remote_raw[name] != remote.raw[name]


def _kind(ticket: Ticket, word: str | None, directory: Directory) -> str:
    """A type that nobody has explained leaves the kind as it is."""
    return directory.kinds.get(word.casefold(), "") or ticket.kind if word else ""


def _type(ticket: Ticket, there: str | None, directory: Directory) -> str | None:
    """How our kind is said there; what cannot be said, and what did not change here, stays as it is there."""
    if ticket.kind == ticket.agreed_kind:
        return there
    return directory.types.get(ticket.kind, there) if ticket.kind else None


def _group(ticket: Ticket, there: int | None, directory: Directory) -> int | None:
    if ticket.group is not None:
        return ticket.group.freshdesk_id
    return None if there in directory.groups else there


def _responder(ticket: Ticket, there: int | None, directory: Directory) -> int | None:
    """Whom our side wants; when that cannot be said in Freshdesk's terms, whoever it is there."""
    if ticket.assignee is None:
        return there if ticket.assignee_label else None
    agent = directory.agent_of(ticket.assignee)
    return agent.freshdesk_id if agent else there


def _clash(ticket: Ticket, clash: merging.Clash, remote: RemoteTicket, directory: Directory) -> Clash:
    """Both values as they stand in a ticket's history, and who wrote them. Freshdesk does not say who changed a field."""
    name = OURS.get(clash.name, clash.name)
    last = ticket.events.filter(field=name).exclude(actor_role=FRESHDESK.role).order_by("-at", "-pk").first()
    before, own, other = (_written(clash.name, value, directory) for value in (clash.base, clash.ours, clash.theirs))
    return Clash(
        ticket=ticket,
        field=name,
        before=before,
        ours=_our_kind(ticket, own) if clash.name == "type" else own,
        ours_by=last.actor_label if last else "",
        ours_at=last.at if last else None,
        theirs=other,
        theirs_by=FRESHDESK.label,
        theirs_at=remote.updated_at,
        met_at=timezone.now(),
    )


def _our_kind(ticket: Ticket, said: str) -> str:
    return ticket.kind or said


def _written(name: str, value: Any, directory: Directory) -> str:
    match name:
        case "responder_id":
            agent = directory.agents.get(value or 0)
            return (agent.email or agent.name)[:255] if agent else ""
        case "group_id":
            group = directory.groups.get(value or 0)
            return group.name if group else ""
        case "type":
            return directory.kinds.get(str(value or "").casefold()) or str(value or "")
    return str(value if value is not None else "")[:255]


def read_at(remote_at: datetime | None, ticket: Ticket) -> datetime | None:
    """Freshdesk's clock at a whole read; a reading never becomes older."""
    known = [moment for moment in (remote_at, ticket.read_at) if moment]
    return max(known, default=None)
