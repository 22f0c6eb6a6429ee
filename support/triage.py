"""Triage: what kind, how bad, whose job, who takes it."""

from dataclasses import dataclass

from communities.models import MatrixRow, User
from ground.actors import Actor
from ground.texts import pick
from support import tickets
from support.models import Ticket, TicketStatus
from support.responsibility import Row, likeliest


@dataclass(frozen=True)
class Proposal:
    """Whose job the community's agreed matrix says it is, and the row that says so."""

    party: str
    party_word: str
    row: str
    area: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Decision:
    """All of a triager's choices at once; an empty one takes the choice away."""

    kind: str
    impact: str
    responsible: str
    assignee: User | None
    status: TicketStatus
    priority: int


def triage(
    ticket: Ticket,
    *,
    kind: str | None = None,
    impact: str | None = None,
    responsible: str | None = None,
    assignee: User | None = None,
    by: Actor,
    version: int | None = None,
) -> Ticket:
    """Decide what is named; what is None stays. Raises `guard.Stale`."""
    named = {"kind": kind, "impact": impact, "responsible": responsible, "assignee": assignee}
    decided: dict[str, object] = {name: value for name, value in named.items() if value is not None}
    if responsible:
        decided["responsibility_row"] = _row(ticket, responsible)
    return tickets.update(ticket, by=by, version=version, **decided)


def decide(ticket: Ticket, *, decision: Decision, by: Actor, version: int | None = None) -> Ticket:
    """Set everything a triager decides, also to nothing. Raises `guard.Stale`."""
    return tickets.update(ticket, by=by, version=version, **vars(decision), responsibility_row=_row(ticket, decision.responsible))


def propose(ticket: Ticket) -> Proposal | None:
    """The likeliest row of the community's agreed matrix; None without one."""
    if ticket.community_id is None:
        return None
    rows = list(MatrixRow.objects.filter(matrix__community_id=ticket.community_id, matrix__state="agreed"))
    by_key = {row.key: row for row in rows}
    found = likeliest((_plain(row) for row in rows), text=f"{ticket.subject} {ticket.body_text}", kind=ticket.kind)
    return _proposal(by_key[found.key]) if found else None


def _row(ticket: Ticket, responsible: str) -> str:
    """The row of the matrix that bears the choice out, if it does."""
    proposal = propose(ticket) if responsible else None
    return proposal.row if proposal and proposal.party == responsible else ""


def _plain(row: MatrixRow) -> Row:
    return Row(key=row.key, party=row.party, text=" ".join([*row.area.values(), *row.text.values(), row.key.replace("_", " ")]))


def _proposal(row: MatrixRow) -> Proposal:
    return Proposal(party=row.party, party_word=row.get_party_display(), row=row.key, area=pick(row.area), text=pick(row.text))
