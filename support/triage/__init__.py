"""Triage: what kind, how bad, whose job, who takes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse

from communities.models import Community, MatrixRow, User
from communities.states import MatrixState, Party
from ground.actors import Actor
from ground.texts import pick
from knowledgebase import explaining
from knowledgebase.explaining import Explained
from support import tickets
from support.models import Ticket, TicketStatus
from support.triage.responsibility import Row, likeliest

Rows = Mapping[str, MatrixRow]


@dataclass(frozen=True)
class Proposal:
    """Whose job the community's agreed matrix says it is, the row that says so, and what explains it."""

    party: str
    party_word: str
    row: str
    area: str
    text: str
    person: str = ""
    role: str = ""
    url: str = ""
    article: Explained | None = None
    is_kept: bool = False


@dataclass(frozen=True, kw_only=True)
class Decision:
    """All of a triager's choices at once; an empty one takes the choice away."""

    kind: str
    impact: str
    responsible: str
    assignee: User | None
    status: TicketStatus
    priority: int
    row: str = ""


def triage(
    ticket: Ticket,
    *,
    kind: str | None = None,
    impact: str | None = None,
    responsible: str | None = None,
    row: str = "",
    assignee: User | None = None,
    by: Actor,
    version: int | None = None,
) -> Ticket:
    """Decide what is named; what is None stays. A `row` of the matrix bears the party out if it says the same. Raises `guard.Stale`."""
    named = {"kind": kind, "impact": impact, "responsible": responsible, "assignee": assignee}
    decided: dict[str, object] = {name: value for name, value in named.items() if value is not None}
    if responsible:
        decided["responsibility_row"] = _row(ticket, responsible, seen=row)
    return tickets.update(ticket, by=by, version=version, **decided)


def decide(ticket: Ticket, *, decision: Decision, by: Actor, version: int | None = None) -> Ticket:
    """Set everything a triager decides, also to nothing. A row that is newly chosen says whose job it is. Raises `guard.Stale`."""
    decided = {name: value for name, value in vars(decision).items() if name != "row"}
    chosen = _newly_chosen(ticket, decision.row)
    if chosen is not None:
        decided |= {"responsible": chosen.party, "responsibility_row": chosen.key}
    else:
        decided["responsibility_row"] = _row(ticket, decision.responsible)
    return tickets.update(ticket, by=by, version=version, **decided)


def restore(ticket: Ticket, *, values: Mapping[str, Any], by: Actor, version: int) -> Ticket:
    """Set fields back to what they were, the assignee named by key. Raises `guard.Stale`."""
    assignee = User.objects.filter(pk=values["assignee"]).first()
    return tickets.update(ticket, by=by, version=version, **{**values, "assignee": assignee})


def propose(ticket: Ticket, *, rows: Rows | None = None, kind: str | None = None) -> Proposal | None:
    """The row that was kept on the ticket, else the likeliest one of the community's agreed matrix; None without one.

    With a `kind`, as if the ticket were of that kind.
    """
    rows = agreed_rows(ticket) if rows is None else rows
    row = rows.get(ticket.responsibility_row) or _likeliest(ticket, rows, kind=ticket.kind if kind is None else kind)
    if row is None or ticket.community is None:
        return None
    return _proposal(row, ticket.community, is_kept=row.key == ticket.responsibility_row)


def _row(ticket: Ticket, responsible: str, *, seen: str = "") -> str:
    """The row of the matrix that bears the choice out, if one does: the one that was seen, the one kept, or the likeliest."""
    rows = agreed_rows(ticket) if responsible else {}
    found = (rows.get(seen), rows.get(ticket.responsibility_row), _likeliest(ticket, rows, kind=ticket.kind))
    return next((row.key for row in found if row is not None and row.party == responsible), "")


def agreed_rows(ticket: Ticket, *, reader: Actor | None = None) -> Rows:
    """The rows that hold for the ticket's community, by key; with a `reader`, each with the article they may read about it."""
    if ticket.community is None:
        return {}
    rows = MatrixRow.objects.filter(matrix__community=ticket.community, matrix__state=MatrixState.AGREED).select_related("person")
    return {row.key: row for row in (explaining.with_article(rows, ticket.community, reader) if reader else rows)}


def _newly_chosen(ticket: Ticket, key: str) -> MatrixRow | None:
    """The row a triager chose, unless it is the one the ticket has."""
    return agreed_rows(ticket).get(key) if key and key != ticket.responsibility_row else None


def _likeliest(ticket: Ticket, rows: Rows, *, kind: str) -> MatrixRow | None:
    found = likeliest((_plain(row) for row in rows.values()), text=f"{ticket.subject} {ticket.body_text}", kind=kind)
    return rows[found.key] if found else None


def _plain(row: MatrixRow) -> Row:
    said = " ".join([*row.area.values(), *row.text.values(), row.key.replace("_", " ")])
    return Row(key=row.key, party=row.party, text=said, topics=" ".join(row.topics))


def _proposal(row: MatrixRow, community: Community, *, is_kept: bool) -> Proposal:
    return Proposal(
        party=row.party,
        party_word=settings.OPERATOR_NAME if row.party == Party.PROVIDER else row.get_party_display(),
        row=row.key,
        area=pick(row.area),
        text=pick(row.text),
        person=str(row.person or ""),
        role=row.role,
        url=f"{reverse('communities:responsibilities', args=[community.slug])}#{row.key}",
        article=explaining.article_of(row, community),
        is_kept=is_kept,
    )
