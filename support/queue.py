"""The desk's views: which tickets, in which order, and how many."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ground.actors import Actor
from ground.paging import Page, keyset
from support import search
from support.models import Ticket, TicketStatus
from support.models.tickets import TicketQuerySet
from support.states import Kind, StatusGroup, SyncState

CAP = 1000
PAGE = 40
SOON = timedelta(hours=4)
LATELY = timedelta(days=14)


@dataclass(frozen=True)
class Moment:
    """What a view needs to know besides the rows: who looks, when, and the table of statuses."""

    actor: Actor
    now: datetime
    statuses: Mapping[int, TicketStatus]

    def codes(self, *groups: str) -> list[int]:
        return [code for code, status in self.statuses.items() if status.group in groups]

    @property
    def active(self) -> Q:
        return Q(status__in=self.codes(StatusGroup.OPEN, StatusGroup.WAITING))


@dataclass(frozen=True)
class View:
    """One view of the desk."""

    key: str
    word: str | Promise
    rows: Callable[[Moment], Q]
    order: tuple[str, ...] = ("-updated_at", "-pk")


VIEWS: Mapping[str, View] = {
    view.key: view
    for view in (
        View("triage", _("Needs triage"), lambda at: Q(kind="", status__in=at.codes(StatusGroup.OPEN)), ("created_at", "pk")),
        View("mine", _("Mine"), lambda at: Q(assignee=at.actor.user) & at.active),
        View("waiting", _("Waiting on us"), lambda _at: Q(waiting_since__isnull=False), ("waiting_since", "pk")),
        View("due", _("Due soon"), lambda at: Q(next_due_at__lte=at.now + SOON), ("next_due_at", "pk")),
        View("community", _("Waiting on them"), lambda at: Q(status__in=at.codes(StatusGroup.WAITING))),
        View("incidents", _("Incidents"), lambda at: Q(kind=Kind.INCIDENT) & at.active),
        View("unassigned", _("Unassigned"), lambda at: Q(assignee=None, assignee_label="") & at.active),
        View("sync", _("Not in step"), lambda _at: Q(sync_state__in=[SyncState.CONFLICT, SyncState.UNKNOWN, SyncState.DEAD])),
        View(
            "solved",
            _("Recently solved"),
            lambda at: Q(status__in=at.codes(StatusGroup.SOLVED, StatusGroup.CLOSED), updated_at__gte=at.now - LATELY),
        ),
        View("all", _("All"), lambda _at: Q()),
    )
}
DEFAULT_VIEW = "waiting"
NEWEST_FIRST = ("-updated_at", "-pk")


@dataclass(frozen=True)
class Chosen:
    """What the address asks for. Words nobody knows choose nothing."""

    view: str = ""
    status: str = ""
    q: str = ""
    kind: str = ""
    responsible: str = ""
    community: str = ""
    assignee: str = ""

    @property
    def view_key(self) -> str:
        return self.view if self.view in VIEWS else ("all" if self.q or self.community or self.status else DEFAULT_VIEW)

    @property
    def is_filtered(self) -> bool:
        return bool(self.status or self.q or self.kind or self.responsible or self.community or self.assignee)


def moment(actor: Actor) -> Moment:
    """Now, for this person. One query: the table of statuses."""
    return Moment(actor=actor, now=timezone.now(), statuses={status.pk: status for status in TicketStatus.objects.all()})


def rows(chosen: Chosen, at: Moment) -> TicketQuerySet:
    """The tickets chosen, unordered."""
    found = Ticket.objects.visible_to(at.actor).here().filter(VIEWS[chosen.view_key].rows(at))
    if chosen.status:
        found = found.filter(status__in=_codes(chosen.status, at))
    for name, value in {
        "kind": chosen.kind,
        "responsible": chosen.responsible,
        "community__slug": chosen.community,
        "assignee__email": chosen.assignee,
    }.items():
        if value:
            found = found.filter(**{name: value})
    return search.match(found, chosen.q)


def page(chosen: Chosen, at: Moment, *, cursor: str = "") -> Page[Ticket]:
    """One page of the list, in the view's order."""
    return keyset(rows(chosen, at).for_list(), order=VIEWS[chosen.view_key].order, cursor=cursor, size=PAGE)


def listed(chosen: Chosen, at: Moment) -> TicketQuerySet:
    """The whole list, in the view's order."""
    return rows(chosen, at).for_list().select_related("opened_by").order_by(*VIEWS[chosen.view_key].order)


def counts(at: Moment) -> dict[str, int]:
    """How many tickets each view holds, in one query."""
    here = Ticket.objects.visible_to(at.actor).here()
    return count_capped({view.key: here.filter(view.rows(at)) for view in VIEWS.values()})


def count_capped(parts: "Mapping[str, QuerySet[Any]]") -> dict[str, int]:
    """How many rows each part holds, in one query that counts no further than the cap and one."""
    counted = [_capped(rows) for rows in parts.values()]
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(sql for sql, _params in counted), [each for _sql, params in counted for each in params])
        return dict(zip(parts, cursor.fetchone(), strict=True))


def _capped(found: "QuerySet[Any]") -> tuple[str, Sequence[Any]]:
    try:
        sql, params = found.order_by().values("pk")[: CAP + 1].query.sql_with_params()
    except EmptyResultSet:
        return "0", ()
    return f"(SELECT COUNT(*) FROM ({sql}) capped)", params  # noqa: S608  SQL that Django compiled, values apart


def _codes(word: str, at: Moment) -> list[int]:
    """The statuses meant by a code or by a group's name."""
    return [int(word)] if word.isdecimal() and int(word) in at.statuses else at.codes(word)
