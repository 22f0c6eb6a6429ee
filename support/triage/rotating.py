"""Whose turn it is: of those present and able, who carries least for their weight; of equals, who was given one longest ago."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from django.db import transaction
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communities.models import User
from ground.actors import Actor
from support import tickets
from support.models import Absence, Rotation, Ticket, TicketStatus, Turn
from support.people import absences
from support.states import StatusGroup, SyncState

Absent = Mapping[int, Absence]
NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """One person's place in a rotation as it counts for one ticket."""

    user_id: int
    position: int = 0
    weight: int = 1
    open_tickets: int = 0
    most_open: int | None = None
    given_at: datetime | None = None

    @property
    def has_room(self) -> bool:
        return self.most_open is None or self.open_tickets < self.most_open

    @property
    def burden(self) -> float:
        """What they would carry with one more, for their weight."""
        return (self.open_tickets + 1) / self.weight


@dataclass(frozen=True)
class Turned:
    """Who takes it, by which rotation, and why, in the reader's language."""

    person: User
    rotation: Rotation
    reason: str


def pick(candidates: Sequence[Candidate]) -> Candidate | None:
    """Pure and deterministic; None while nobody has room."""
    able = [each for each in candidates if each.has_room]
    return min(able, key=lambda each: (each.burden, each.given_at or NEVER, each.position, each.user_id), default=None)


def taken(candidates: Sequence[Candidate], chosen: Candidate, *, at: datetime) -> list[Candidate]:
    """The same people after the chosen one took a ticket."""
    return [replace(each, open_tickets=each.open_tickets + 1, given_at=at) if each == chosen else each for each in candidates]


def propose(ticket: Ticket, *, now: datetime | None = None, away: Absent | None = None) -> Turned | None:
    """Who would take this ticket now, and why; writes nothing. None without a rotation that has somebody for it.

    `away`: what `absences.away_now` says, for who has asked already.
    """
    taking = Q(rotation__communities=None) | Q(rotation__communities=ticket.community_id)
    turns = _turns(ticket).filter(taking, rotation__is_on=True).order_by("rotation__position", "rotation", "position", "pk")
    present, moment = away, now or timezone.now()
    for rotation, group in groupby(turns, key=lambda turn: turn.rotation):
        if _is_among(ticket, rotation.kinds, rotation.languages):
            present = absences.away_now(now=moment) if present is None else present
            if turned := _next(rotation, list(group), ticket, away=present):
                return turned
    return None


@transaction.atomic
def give(ticket: Ticket, rotation: Rotation, *, by: Actor) -> Turned | None:
    """Give the ticket to whose turn it is. Two at once wait for each other on the rotation's row; None while nobody can take it."""
    held = Rotation.objects.select_for_update().get(pk=rotation.pk)
    if not held.is_on or not _takes(held, ticket):
        return None
    turned = _next(held, list(_turns(ticket).filter(rotation=held)), ticket, away=absences.away_now())
    if turned is None or turned.person.pk == ticket.assignee_id:
        return None
    tickets.assign(ticket, to=turned.person, by=by)
    Turn.objects.filter(rotation=held, user=turned.person).update(given_at=timezone.now())
    return turned


def _next(rotation: Rotation, turns: Sequence[Any], ticket: Ticket, *, away: Absent) -> Turned | None:
    able = [turn for turn in turns if turn.user.is_active and turn.user_id not in away and _suits(turn, ticket)]
    chosen = pick([_candidate(turn, turn.load) for turn in able])
    if chosen is None:
        return None
    turn = next(each for each in able if each.user_id == chosen.user_id)
    return Turned(turn.user, rotation, _reason(rotation, chosen, absent=sum(each.user_id in away for each in turns)))


def _candidate(turn: Turn, load: int) -> Candidate:
    return Candidate(
        user_id=turn.user_id,
        position=turn.position,
        weight=turn.weight,
        open_tickets=load,
        most_open=turn.most_open,
        given_at=turn.given_at,
    )


def _turns(ticket: Ticket) -> "QuerySet[Turn, Any]":
    """Places in rotations, each with the `load` of its person: how many tickets they have open besides this one. One query."""
    rows = Ticket.objects.filter(
        assignee=OuterRef("user"), status__in=TicketStatus.objects.of_groups(StatusGroup.OPEN, StatusGroup.WAITING)
    ).exclude(Q(pk=ticket.pk) | Q(sync_state=SyncState.GONE))
    load = Subquery(rows.order_by().values("assignee").annotate(n=Count("pk")).values("n"))
    return Turn.objects.select_related("user", "rotation").annotate(load=Coalesce(load, 0))


def _takes(rotation: Rotation, ticket: Ticket) -> bool:
    communities = {each.pk for each in rotation.communities.all()}
    return (not communities or ticket.community_id in communities) and _is_among(ticket, rotation.kinds, rotation.languages)


def _suits(turn: Turn, ticket: Ticket) -> bool:
    return _is_among(ticket, turn.kinds, turn.languages)


def _is_among(ticket: Ticket, kinds: Sequence[str], languages: Sequence[str]) -> bool:
    """An empty list takes everything; a ticket that nobody has given a kind goes to anybody."""
    language = ticket.community.language if ticket.community else "en"
    return (not kinds or not ticket.kind or ticket.kind in kinds) and (not languages or language in languages)


def _reason(rotation: Rotation, chosen: Candidate, *, absent: int) -> str:
    carries = ngettext("has %(n)d open ticket", "has %(n)d open tickets", chosen.open_tickets) % {"n": chosen.open_tickets}
    words = _("Next in “%(rotation)s”: %(carries)s, the least for their share.") % {"rotation": rotation.name, "carries": carries}
    if not absent:
        return words
    return f"{words} " + ngettext("%(n)d person is away.", "%(n)d people are away.", absent) % {"n": absent}
