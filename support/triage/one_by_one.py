"""Triage, one ticket after another: which comes next, what may be chosen, what is proposed, and the way back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from communities.models import MatrixRow, User
from communities.roles import Role
from communities.states import Party
from ground.actors import Actor
from ground.paging import keyset
from knowledgebase import explaining
from knowledgebase.explaining import Explained
from support import emails, queue, triage
from support.models import Absence, Draft, Ticket, Timebox
from support.people import absences
from support.policy import DESK_GROUPS
from support.queue import Chosen, Moment
from support.states import DraftKind, Impact, Kind, StatusGroup
from support.triage import Proposal, Rows, guessing, rotating
from support.triage.guessing import Guess
from support.triage.next_steps import Act, NextStep, next_step
from support.triage.rotating import Turned
from support.working import timeboxing

NEARBY = 7  # people offered by one key, besides oneself


@dataclass(frozen=True)
class Turn:
    """The ticket whose turn it is, how many wait besides it, and where the one after it is found."""

    ticket: Ticket
    left: int
    cursor: str


@dataclass(frozen=True)
class Proposals:
    """What is proposed for a ticket, and why: the party for each kind it may turn out to be."""

    kind: Guess
    impact: Guess
    by_kind: Mapping[str, Proposal]

    @property
    def parties(self) -> Mapping[str, Sequence[str]]:
        """For each row that is proposed, the kinds for which it is."""
        found: dict[str, list[str]] = {}
        for kind, proposal in self.by_kind.items():
            found.setdefault(proposal.row, []).append(kind)
        return found


@dataclass(frozen=True)
class People:
    """Who may take a ticket, in the order offered; whose turn it is, and why; who is away."""

    offered: Sequence[User]
    turned: Turned | None
    away: Mapping[int, Absence]


@dataclass(frozen=True, kw_only=True)
class Decided:
    """The four decisions. A party comes with the row that was shown for it."""

    kind: str
    impact: str
    responsible: str
    assignee: User | None
    row: str = ""


@dataclass(frozen=True)
class Before:
    """What a ticket was before it was decided on, and the version that the decision made."""

    values: dict[str, Any]
    version: int


def turn(chosen: Chosen, at: Moment, *, cursor: str = "") -> Turn | None:
    """The next ticket of that view after the cursor; None behind the last one."""
    waiting = queue.rows(chosen, at)
    page = keyset(
        waiting.select_related("status", "community", "requester__user", "opened_by", "assignee", "hub__cluster"),
        order=queue.order_of(chosen, at),
        cursor=cursor,
        size=1,
    )
    if not page:
        return None
    return Turn(page.rows[0], left=queue.count_capped({"left": waiting})["left"] - 1, cursor=page.next)


def proposals(ticket: Ticket, rows: Rows) -> Proposals:
    """Kind and impact by its words, the party by the community's agreed matrix."""
    text = f"{ticket.subject}\n{ticket.body_text}"
    by_kind = {kind: triage.propose(ticket, rows=rows, kind=kind) for kind in ("", *Kind.values)}
    return Proposals(
        kind=Guess(ticket.kind) if ticket.kind else guessing.kind_of(text),
        impact=Guess(ticket.impact) if ticket.impact else guessing.impact_of(text),
        by_kind={kind: proposal for kind, proposal in by_kind.items() if proposal is not None},
    )


def steps() -> Mapping[str, Mapping[str, NextStep]]:
    """For each party and each kind, what to do next; a wide incident stands under the party `wide`."""
    table = {party: {kind: next_step(party=party, kind=kind) for kind in ("", *Kind.values)} for party in ("", *Party.values)}
    return {**table, "wide": {Kind.INCIDENT: next_step(party="", kind=Kind.INCIDENT, impact=Impact.HUB)}}


def people(actor: Actor, ticket: Ticket, *, now: datetime) -> People:
    """Who may take it: oneself first, whose turn it is next, then those with the fewest open tickets, and whoever is away last. Two queries."""
    open_ones = Count("tickets_assigned", filter=Q(tickets_assigned__status__group=StatusGroup.OPEN), distinct=True)
    desk = User.objects.filter(is_active=True, groups__name__in=DESK_GROUPS).annotate(open_tickets=open_ones)
    found = list(absences.with_absences(desk.order_by("open_tickets", "name", "pk"), now=now))
    away = absences.away_among(found, now=now)
    turned = None if ticket.assignee_id else rotating.propose(ticket, now=now, away=away)
    turned = turned if turned and turned.person in found else None
    proposed = turned.person if turned else None
    return People(sorted(found, key=lambda user: (user != actor.user, user != proposed, user.pk in away)), turned, away)


def begin_work(ticket: Ticket, *, decided: Decided, by: Actor) -> Timebox | None:
    """Start the half hour where that is the next step and nobody else was chosen; None where it is not. Raises `timeboxing.Busy`."""
    step = next_step(party=decided.responsible, kind=decided.kind, impact=decided.impact)
    if step.act != Act.TIMEBOX or decided.assignee not in {None, by.user}:
        return None
    return timeboxing.start(ticket, by=by)


def standing(ticket: Ticket) -> list[str]:
    """The roles of who asks in the ticket's community, in words; only representatives may ask for what changes a hub. At most one query."""
    person = ticket.requester.user if ticket.requester else ticket.opened_by
    if person is None or ticket.community_id is None:
        return []
    roles = person.roles_by_community.get(ticket.community_id, frozenset())
    return [str(label) for value, label in Role.choices if value in roles]


def decide(ticket: Ticket, *, decided: Decided, by: Actor, version: int) -> Before:
    """Keep the four decisions; what the ticket was before is the way back. Raises `guard.Stale`."""
    was = _values_of(ticket)
    kept = triage.triage(ticket, **vars(decided), by=by, version=version)
    return Before(values=was, version=kept.version)


def take_back(ticket: Ticket, *, before: Before, by: Actor) -> Ticket:
    """Set what was decided back to what it was. Raises `guard.Stale` when more has happened since."""
    return triage.restore(ticket, values=before.values, by=by, version=before.version)


@transaction.atomic
def begin_answer(ticket: Ticket, *, row: MatrixRow | None, by: Actor) -> Draft | None:
    """Start a reply with the article about the row that its requester may read, in their language; what is being written already stays."""
    article = _readable_article(ticket, row) if row else None
    if by.user is None or article is None:
        return None
    with override(emails.language_of(ticket)):
        body = _("Hello %(name)s,\n\nthis article shows how: [%(title)s](%(url)s)\n") % {
            "name": ticket.requester_label,
            "title": article.title,
            "url": settings.SITE_URL + article.url,
        }
    started = {"body": body, "ticket_version": ticket.version}
    return Draft.objects.get_or_create(user=by.user, ticket=ticket, kind=DraftKind.REPLY, defaults=started)[0]


def _readable_article(ticket: Ticket, row: MatrixRow) -> Explained | None:
    if ticket.community is None:
        return None
    person = ticket.requester.user if ticket.requester else ticket.opened_by
    reader = Actor.person(person) if person else Actor.anonymous()
    return next(iter(explaining.articles(ticket.community, reader, [row]).get(row.key, ())), None)


def _values_of(ticket: Ticket) -> dict[str, Any]:
    return {
        "kind": ticket.kind,
        "impact": ticket.impact,
        "responsible": ticket.responsible,
        "responsibility_row": ticket.responsibility_row,
        "assignee": ticket.assignee_id,
        "assignee_label": ticket.assignee_label,
    }
