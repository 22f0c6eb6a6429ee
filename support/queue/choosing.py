"""What an address of the desk asks for."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields

from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from support.models import Ticket
from support.queue.filters import FILTERS
from support.queue.moments import Moment
from support.queue.views import DEFAULT_VIEW, SORTS, VIEWS, View, kept


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
    hub: str = ""
    priority: str = ""
    clock: str = ""
    turn: str = ""
    tag: str = ""
    sync: str = ""
    unread: str = ""
    sort: str = ""

    @property
    def view_key(self) -> str:
        """The desk's own view that is asked for; a kept one is `view_of`'s to find."""
        return self.view if self.view in VIEWS else ("all" if self.is_filtered else DEFAULT_VIEW)

    @property
    def is_filtered(self) -> bool:
        return bool(self.q or self.filters)

    @property
    def filters(self) -> dict[str, str]:
        """Value by filter, where there is one."""
        return {key: value for key in FILTERS if (value := getattr(self, key))}

    @property
    def asked(self) -> dict[str, str]:
        """Everything that is asked for, as the address says it."""
        return {name: value for name in NAMES if (value := getattr(self, name))}


NAMES = tuple(each.name for each in fields(Chosen))


@dataclass(frozen=True)
class Narrowing:
    """One filter in force, as a chip that takes it away."""

    word: str | Promise
    said: str
    without: str


def view_of(chosen: Chosen, at: Moment) -> View:
    """The view that is asked for: the desk's own, or a kept one that this person may use."""
    if chosen.view and chosen.view not in VIEWS and (saved := at.saved.get(chosen.view)):
        return kept(saved)
    return VIEWS[chosen.view_key]


def order_of(chosen: Chosen, at: Moment) -> tuple[str, ...]:
    """The order that is asked for, else the view's."""
    sort = SORTS.get(chosen.sort)
    return sort.order if sort else view_of(chosen, at).order


def narrowings(chosen: Chosen, at: Moment, *, among: Iterable[Ticket] = ()) -> Iterator[Narrowing]:
    """The filters in force, in the order of the table; `among` them may be a ticket that knows a value's name."""
    names = _names(next(iter(among), None))
    asked = {**chosen.asked, "view": view_of(chosen, at).key}
    if chosen.q:
        yield Narrowing(_("Words"), chosen.q, _without(asked, "q"))
    for key, value in chosen.filters.items():
        yield Narrowing(FILTERS[key].word, names.get((key, value)) or FILTERS[key].said(value, at), _without(asked, key))


def _names(ticket: Ticket | None) -> dict[tuple[str, str], str]:
    """What a row that is there anyway says of the values that only rows know."""
    names: dict[tuple[str, str], str] = {}
    if ticket is not None and ticket.community is not None:
        names["community", ticket.community.slug] = ticket.community.name
    if ticket is not None and ticket.hub is not None:
        names["hub", str(ticket.hub.pk)] = ticket.hub.display_name
    if ticket is not None and ticket.assignee is not None:
        names["assignee", ticket.assignee.email] = str(ticket.assignee)
    return names


def _without(asked: Mapping[str, str], name: str) -> str:
    return urlencode({key: value for key, value in asked.items() if key != name})
