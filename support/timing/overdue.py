"""What is late or stuck at the desk, in parts: how many, and the first of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from support.models import Ticket
from support.models.tickets import TicketQuerySet
from support.states import StatusGroup, SyncState

SHOWN = 10
CAP = 999
STUCK = timedelta(days=1)


@dataclass(frozen=True)
class Part:
    """One way of being late or stuck."""

    key: str
    words: str | Promise
    count: int
    tickets: Sequence[Ticket]

    @property
    def more(self) -> int:
        return self.count - len(self.tickets)


def parts(*, now: datetime) -> list[Part]:
    """Those that hold something, two queries each."""
    found = (_part(key, words, rows) for key, (words, rows) in _questions(now).items())
    return [part for part in found if part.count]


def _part(key: str, words: str | Promise, rows: TicketQuerySet) -> Part:
    first = list(rows[:SHOWN])
    return Part(key, words, rows.order_by()[:CAP].count() if len(first) == SHOWN else len(first), first)


def _questions(now: datetime) -> Mapping[str, tuple[str | Promise, TicketQuerySet]]:
    here = Ticket.objects.here().select_related("community")
    asked = Ticket.objects.kept().select_related("community").filter(sync_state=SyncState.AWAITING_APPROVAL, approval__outcome="")
    nobody = Q(assignee=None, assignee_label="")
    return {
        "overdue": (_("Overdue"), here.filter(next_due_at__lt=now).order_by("next_due_at", "pk")),
        "unassigned": (_("Nobody has it"), here.of_groups(StatusGroup.OPEN).filter(nobody).order_by("created_at", "pk")),
        "approval": (
            _("Waiting for approval for more than a day"),
            asked.filter(created_at__lt=now - STUCK).order_by("created_at", "pk"),
        ),
        "dead": (_("Not accepted by Freshdesk"), here.filter(sync_state=SyncState.DEAD).order_by("updated_at", "pk")),
    }
