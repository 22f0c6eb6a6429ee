"""The views of the desk: those it comes with, and those that people keep."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from support.models import SavedView
from support.queue.filters import OUT_OF_STEP, SOON, condition
from support.queue.moments import Moment
from support.states import Kind, StatusGroup

LATELY = timedelta(days=14)
NEWEST_FIRST = ("-updated_at", "-pk")


@dataclass(frozen=True)
class Sort:
    """An order of the list by columns that an index holds; `only` leaves out the tickets that have no place in it."""

    word: str | Promise
    order: tuple[str, ...]
    only: Q = field(default_factory=Q)


SORTS: Mapping[str, Sort] = {
    "newest": Sort(_("Newest activity first"), NEWEST_FIRST),
    "oldest": Sort(_("Oldest activity first"), ("updated_at", "pk")),
    "opened": Sort(_("Opened last first"), ("-created_at", "-pk")),
    "waiting": Sort(_("Waiting longest first, only who waits for us"), ("waiting_since", "pk"), Q(waiting_since__isnull=False)),
    "due": Sort(_("Next due first, only with a running clock"), ("next_due_at", "pk"), Q(next_due_at__isnull=False)),
    "priority": Sort(_("Most urgent first"), ("-priority", "-updated_at", "-pk")),
}


@dataclass(frozen=True)
class View:
    """One view of the desk."""

    key: str
    word: str | Promise
    rows: Callable[[Moment], Q]
    order: tuple[str, ...] = NEWEST_FIRST
    words: str = ""
    """What is searched for in it besides."""
    saved: SavedView | None = None


VIEWS: Mapping[str, View] = {
    view.key: view
    for view in (
        View(
            "triage",
            _("Needs triage"),
            lambda at: Q(kind="", status__in=at.codes(StatusGroup.OPEN)) & at.awake,
            ("created_at", "pk"),
        ),
        View("mine", _("Mine"), lambda at: Q(assignee=at.actor.user) & at.active & at.awake),
        View("waiting", _("Waiting on us"), lambda at: Q(waiting_since__isnull=False) & at.awake, ("waiting_since", "pk")),
        View("due", _("Due soon"), lambda at: Q(next_due_at__lte=at.now + SOON) & at.active & at.awake, ("next_due_at", "pk")),
        View("community", _("Waiting on community"), lambda at: Q(status__in=at.codes(StatusGroup.WAITING)) & at.awake),
        View("escalated", _("Escalated to GitHub"), lambda at: ~Q(escalation="") & at.active & at.awake),
        View("incidents", _("Incidents"), lambda at: Q(kind=Kind.INCIDENT) & at.active & at.awake),
        View("unassigned", _("Unassigned"), lambda at: Q(assignee=None, assignee_label="") & at.active & at.awake),
        View("snoozed", _("Snoozed"), lambda at: Q(snoozed_until__gt=at.now), ("snoozed_until", "pk")),
        View(
            "solved",
            _("Recently solved"),
            lambda at: Q(status__in=at.codes(StatusGroup.SOLVED, StatusGroup.CLOSED), updated_at__gte=at.now - LATELY),
        ),
        View("sync", _("Not in step"), lambda _at: Q(sync_state__in=OUT_OF_STEP)),
        View("all", _("All"), lambda _at: Q()),
    )
}
DEFAULT_VIEW = "waiting"


def kept(saved: SavedView) -> View:
    """A view that somebody keeps: one of the desk's, narrowed and in an order of its own."""
    filters = {key: str(value) for key, value in saved.filters.items()}
    base = VIEWS[filters["view"]] if filters.get("view") in VIEWS else VIEWS["all"]
    sort = SORTS.get(saved.sort)
    return View(
        key=saved.key,
        word=saved.name,
        rows=lambda at: base.rows(at) & condition(filters, at) & (sort.only if sort else Q()),
        order=sort.order if sort else base.order,
        words=filters.get("q", ""),
        saved=saved,
    )
