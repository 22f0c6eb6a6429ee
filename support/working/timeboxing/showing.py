"""What a ticket's page shows of its timebox, and of time not written down yet: read along with the ticket, without a query of its own."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from django.db.models import CharField, F, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext as _

from support.models import Ticket, Timebox, TimeEntry
from support.models.tickets import TicketQuerySet

SOON = 5  # minutes before the end at which it is said more loudly
OFFERED_FOR = timedelta(hours=12)
"""How long after its end the time of a timebox is offered to be written down."""
MOST = 24 * 60  # minutes of one entry


@dataclass(frozen=True)
class Shown:
    """A running timebox."""

    pk: int
    began_at: datetime
    ends_at: datetime
    minutes: int
    extensions: int
    agent: str
    is_mine: bool
    left: int
    """Minutes left; below zero when it is over."""

    @property
    def is_over(self) -> bool:
        return self.left <= 0

    @property
    def tone(self) -> str:
        return "bad" if self.is_over else "act" if self.left <= SOON else "info"

    @property
    def word(self) -> str:
        """“18 min left of 30”."""
        if self.is_over:
            return _("%(n)d min over the %(total)d") % {"n": -self.left, "total": self.minutes}
        return _("%(n)d min left of %(total)d") % {"n": self.left, "total": self.minutes}


def annotated(tickets: TicketQuerySet) -> TicketQuerySet:
    """With the running timebox of each."""
    boxes = Timebox.objects.filter(ticket=OuterRef("pk"), ended_at=None).annotate(
        total=F("minutes") + F("extra_minutes"),
        who=Coalesce(NullIf(F("agent__name"), Value("")), F("agent__email"), output_field=CharField()),
    )[:1]
    read = {"pk": "pk", "began_at": "began_at", "ends_at": "ends_at", "minutes": "total", "extensions": "extensions", "agent": "who"}
    columns: dict[str, Any] = {f"timebox_{name}": Subquery(boxes.values(column)) for name, column in read.items()}
    ended = Timebox.objects.filter(ticket=OuterRef("pk"), ended_at__isnull=False).order_by("-ended_at")[:1]
    past = {f"worked_{name}": Subquery(ended.values(name)) for name in ("agent", "began_at", "ended_at")}
    noted = TimeEntry.objects.filter(ticket=OuterRef("pk")).order_by("-spent_at").values("spent_at")[:1]
    return tickets.annotate(**columns, **past, timebox_agent_pk=Subquery(boxes.values("agent")), noted_at=Subquery(noted))


def worked(ticket: Ticket, *, reader: int | None, now: datetime) -> int:
    """Minutes of the reader's timebox that ended just now and are not written down as time spent; 0 when there is nothing to offer."""
    row: Any = ticket if hasattr(ticket, "worked_agent") else annotated(Ticket.objects.filter(pk=ticket.pk)).get()
    agent, began, ended = row.worked_agent, row.worked_began_at, row.worked_ended_at
    if row.timebox_pk is not None and ticket.solved_at is not None:  # solved, and nobody has written down yet that it ended
        agent, began, ended = row.timebox_agent_pk, row.timebox_began_at, max(ticket.solved_at, row.timebox_began_at)
    if agent is None or agent != reader or ended < now - OFFERED_FOR or (row.noted_at is not None and row.noted_at >= began):
        return 0
    return min(max(ceil((ended - began).total_seconds() / 60), 1), MOST)


def shown(ticket: Ticket, *, reader: int | None, now: datetime) -> Shown | None:
    """The running timebox of a ticket; one that was not read with its timebox is read again."""
    row: Any = ticket if hasattr(ticket, "timebox_pk") else annotated(Ticket.objects.filter(pk=ticket.pk)).get()
    if row.timebox_pk is None or ticket.solved_at is not None:
        return None
    return Shown(
        pk=row.timebox_pk,
        began_at=row.timebox_began_at,
        ends_at=row.timebox_ends_at,
        minutes=row.timebox_minutes,
        extensions=row.timebox_extensions,
        agent=row.timebox_agent,
        is_mine=row.timebox_agent_pk == reader,
        left=ceil((row.timebox_ends_at - now).total_seconds() / 60),
    )
