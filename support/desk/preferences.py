"""How one person likes the list: what a row shows, and how close rows stand."""

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from communities.models import User
from support.models import DeskPreferences

COLUMNS: Mapping[str, str | Promise] = {
    "last": _("Last message"),
    "community": _("Community"),
    "hub": _("Hub"),
    "requester": _("Requester"),
    "kind": _("Kind"),
    "responsible": _("Responsible"),
    "assignee": _("Assignee"),
    "priority": _("Priority"),
    "tags": _("Tags"),
    "turn": _("New, answered"),
    "clock": _("Next clock"),
    "since": _("Waiting since"),
    "reference": _("Reference"),
}
DEFAULT = tuple(key for key in COLUMNS if key not in {"tags", "reference"})


def shown(columns: Iterable[str]) -> frozenset[str]:
    """The columns that a row shows: the chosen ones, else the usual."""
    return frozenset(key for key in columns if key in COLUMNS) or frozenset(DEFAULT)


def lay_out(user: User, *, columns: Iterable[str], is_dense: bool) -> None:
    """Keep what this person's rows show, and whether they take one line."""
    chosen = [key for key in COLUMNS if key in set(columns)]
    values = {"columns": [] if chosen == list(DEFAULT) else chosen, "is_dense": is_dense}
    DeskPreferences.objects.update_or_create(user=user, defaults=values)
