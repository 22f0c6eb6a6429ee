"""Settling a clash: a field that was changed on both sides, and which of the two values holds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.models import User
from ground.actors import Actor
from support import recording
from support.history import field_in_words, value_in_words
from support.mirror import mirroring
from support.models import Clash, FreshdeskAgent, FreshdeskGroup, Ticket, TicketEvent, TicketStatus
from support.policy import DESK_GROUPS
from support.states import Kind, SyncState

LONGEST = 255


@dataclass
class Settled(Exception):
    """Somebody has settled this clash already."""

    clash: Clash


@dataclass
class NotPossible(Exception):
    """The value can no longer be set; `reason` is for the person who wanted it."""

    reason: str


@dataclass(frozen=True)
class Question:
    """One open clash as it is read: both values in words, and which of them the ticket has now (neither: it was set anew since)."""

    clash: Clash
    field: str
    ours: str
    theirs: str
    holds: str


def questions(ticket: Ticket, statuses: Mapping[int, TicketStatus]) -> list[Question]:
    """What somebody has to decide about this ticket, whatever else it waits for; costs nothing where Freshdesk never had it."""
    found = list(ticket.clashes.open()) if ticket.freshdesk_id else []
    people = _people({address for each in found if each.field == "assignee" for address in (each.ours, each.theirs)})
    return [_question(ticket, clash, statuses, people) for clash in found]


@transaction.atomic
def settle(clash: Clash, *, keep: str, by: Actor) -> Ticket:
    """Let one side's value hold: ours goes to Freshdesk after the commit, theirs stands already. Raises `Settled`, `NotPossible`."""
    ticket = recording.locked(clash.ticket_id)
    held = Clash.objects.select_for_update(of=("self",)).get(pk=clash.pk)
    if held.settled_at is not None:
        raise Settled(held)
    if keep == Clash.Kept.OURS:
        _set_ours(ticket, held, by=by)
    held.kept, held.settled_at, held.settled_by = keep, timezone.now(), by.user
    held.save(update_fields=["kept", "settled_at", "settled_by"])
    _tell(ticket, held, by=by)
    _leave_conflict(ticket)
    return ticket


def _question(ticket: Ticket, clash: Clash, statuses: Mapping[int, TicketStatus], people: Mapping[str, str]) -> Question:
    now = _now(ticket, clash.field)
    nothing = _("nobody") if clash.field == "assignee" else _("nothing")
    ours, theirs = people.get(clash.ours, clash.ours), people.get(clash.theirs, clash.theirs)
    return Question(
        clash=clash,
        field=field_in_words(clash.field),
        ours=value_in_words(clash.field, ours, statuses) or nothing,
        theirs=value_in_words(clash.field, theirs, statuses) or nothing,
        holds="theirs" if {clash.theirs, theirs} & now else "ours" if {clash.ours, ours} & now else "",
    )


def _people(addresses: set[str]) -> dict[str, str]:
    """Agents of Freshdesk by their address, under the name that the desk shows."""
    wanted = addresses - {""}
    agents = FreshdeskAgent.objects.filter(email__in=wanted).select_related("user") if wanted else ()
    return {agent.email: str(agent.user or agent) for agent in agents}


def _now(ticket: Ticket, field: str) -> frozenset[str]:
    """How the ticket's value may stand in a clash."""
    if field == "assignee":
        return frozenset({ticket.assignee.email, str(ticket.assignee)} if ticket.assignee else {ticket.assignee_label})
    value = ticket.status_id if field == "status" else getattr(ticket, field, None)
    return frozenset({", ".join(value)[:LONGEST] if isinstance(value, list) else str("" if value is None else value)})


def _set_ours(ticket: Ticket, clash: Clash, *, by: Actor) -> None:
    value = parsed(clash.field, clash.ours)
    if recording.change(ticket, by=by, **{clash.field: value}):
        mirroring.send_ticket(ticket)


def parsed(field: str, written: str) -> Any:
    """A value of the history as a ticket holds it. Raises `NotPossible`."""
    parse = PARSERS.get(field)
    if parse is None:
        raise NotPossible(_("This field cannot be set here."))
    return parse(written)


def _tell(ticket: Ticket, clash: Clash, *, by: Actor) -> None:
    """A line of the history: which side held, and what the other had said."""
    TicketEvent.objects.create(
        ticket=ticket,
        field="settled",
        before=clash.theirs if clash.kept == Clash.Kept.OURS else clash.ours,
        after=clash.ours if clash.kept == Clash.Kept.OURS else clash.theirs,
        note=clash.field,
        actor=by.user,
        actor_role=by.role,
        actor_label=by.label,
        ticket_version=ticket.version,
        at=timezone.now(),
    )


def _leave_conflict(ticket: Ticket) -> None:
    """With the last clash the ticket is on its way, in step, or only here."""
    if ticket.sync_state != SyncState.CONFLICT or ticket.clashes.open().exists():
        return
    in_step = SyncState.SYNCED if ticket.freshdesk_id else SyncState.LOCAL
    ticket.sync_state = SyncState.QUEUED if ticket.next_attempt_at else in_step
    ticket.save(update_fields=["sync_state"])


def _status(written: str) -> TicketStatus:
    status = TicketStatus.objects.filter(code=int(written)).first() if written.isdecimal() else None
    if status is None:
        raise NotPossible(_("That status does not exist any more."))
    return status


def _priority(written: str) -> int:
    if not written.isdecimal():
        raise NotPossible(_("That priority does not exist any more."))
    return int(written)


def _assignee(written: str) -> User | None:
    if not written:
        return None
    known = Q(email__iexact=written) | Q(freshdesk_agents__email__iexact=written)
    person = User.objects.filter(known, is_active=True, groups__name__in=DESK_GROUPS).first()
    if person is None:
        raise NotPossible(_("%(who)s does not work at the desk any more. Choose somebody in the triage panel.") % {"who": written})
    return person


def _kind(written: str) -> str:
    if written and written not in Kind.values:
        raise NotPossible(_("That kind does not exist any more."))
    return written


def _group(written: str) -> FreshdeskGroup | None:
    if not written:
        return None
    group = FreshdeskGroup.objects.filter(name=written).first()
    if group is None:
        raise NotPossible(_("Freshdesk has no group of that name any more."))
    return group


def _subject(written: str) -> str:
    if not written.strip():
        raise NotPossible(_("A ticket needs a subject."))
    return written


def _tags(written: str) -> list[str]:
    if len(written) >= LONGEST:
        raise NotPossible(_("There were more tags than we kept. Set them anew."))
    return [tag.strip() for tag in written.split(",") if tag.strip()]


PARSERS: Mapping[str, Callable[[str], Any]] = {
    "status": _status,
    "priority": _priority,
    "assignee": _assignee,
    "kind": _kind,
    "group": _group,
    "subject": _subject,
    "tags": _tags,
}
