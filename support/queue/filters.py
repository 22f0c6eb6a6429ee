"""The filters of the list: each a word in the address, and the tickets it leaves. Words nobody knows choose nothing."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communities.states import Party
from support import vocabulary
from support.models import Ticket
from support.models.seen import is_unread_by
from support.queue.moments import Moment
from support.states import Kind, StatusGroup, SyncState

NOTHING = Q(pk__in=[])
NONE = "none"
ME = "me"
SOON = timedelta(hours=4)
OUT_OF_STEP = (SyncState.CONFLICT, SyncState.UNKNOWN, SyncState.DEAD)
CLOCKS: Mapping[str, str | Promise] = {
    "overdue": _("Overdue"),
    "soon": _("Due within four hours"),
    "later": _("Due later"),
    "paused": _("Paused while we wait"),
}
TURNS: Mapping[str, str | Promise] = {
    "new": _("Nobody has answered yet"),
    "responded": _("The requester answered us"),
    "theirs": _("We spoke last"),
}

Words = Sequence[tuple[str, str | Promise]]


@dataclass(frozen=True)
class Filter:
    """One filter: its word in the address, its name, the tickets of a value, and the values worth offering."""

    key: str
    word: str | Promise
    rows: Callable[[str, Moment], Q]
    choices: Callable[[Moment], Words] = lambda _at: ()

    def said(self, value: str, at: Moment) -> str:
        """The value as people read it."""
        return str(dict(self.choices(at)).get(value, value))


def provider() -> str:
    """What the party that runs the hubs is called: by its name."""
    return str(settings.OPERATOR_NAME)


def parties() -> dict[str, str]:
    """Whose job it may be, in the desk's words."""
    return {value: provider() if value == Party.PROVIDER else str(word) for value, word in Party.choices}


def tagged(tag: str) -> Q:
    """Tickets that bear the tag."""
    if connection.features.supports_json_field_contains:
        return Q(tags__contains=[tag])
    return Q(pk__in=Ticket.objects.annotate(written=Cast("tags", TextField())).filter(written__contains=json.dumps(tag)).values("pk"))


def clock_state(ticket: Ticket, at: Moment) -> str:
    """Which clock filter this ticket is found by."""
    if ticket.next_due_at is None:
        return "paused" if ticket.status.group == StatusGroup.WAITING else ""
    if ticket.next_due_at < at.now:
        return "overdue"
    return "soon" if ticket.next_due_at <= at.now + SOON else "later"


def turn(ticket: Ticket) -> str:
    """Which turn filter this ticket is found by, where it says something."""
    if ticket.waiting_since is None:
        return ""
    return "responded" if ticket.first_replied_at else "new"


def _status(value: str, at: Moment) -> Q:
    """The statuses meant by a code or by a group's name."""
    codes = [int(value)] if value.isdecimal() and int(value) in at.statuses else at.codes(value)
    return Q(status__in=codes)


def _chosen(field: str, values: Iterable[str]) -> Callable[[str, Moment], Q]:
    """A field that holds one of these, or is blank."""
    known = frozenset(values)

    def rows(value: str, _at: Moment) -> Q:
        if value == NONE:
            return Q(**{field: ""})
        return Q(**{field: value}) if value in known else NOTHING

    return rows


def _community(value: str, _at: Moment) -> Q:
    return Q(community=None) if value == NONE else Q(community__slug=value)


def _hub(value: str, _at: Moment) -> Q:
    return Q(hub=int(value)) if _is_key(value) else NOTHING


def _assignee(value: str, at: Moment) -> Q:
    match value:
        case "none":
            return Q(assignee=None, assignee_label="")
        case "me":
            return Q(assignee=at.actor.user)
        case _:
            return Q(assignee__email=value)


def _priority(value: str, _at: Moment) -> Q:
    return Q(priority=int(value)) if value.isdecimal() and int(value) < 100 else NOTHING


def _clock(value: str, at: Moment) -> Q:
    found = {
        "overdue": Q(next_due_at__lt=at.now),
        "soon": Q(next_due_at__gte=at.now, next_due_at__lte=at.now + SOON),
        "later": Q(next_due_at__gt=at.now + SOON),
        "paused": Q(next_due_at=None, status__in=at.codes(StatusGroup.WAITING)),
    }
    return found.get(value, NOTHING)


def _turn(value: str, _at: Moment) -> Q:
    found = {
        "new": Q(waiting_since__isnull=False, first_replied_at=None),
        "responded": Q(waiting_since__isnull=False, first_replied_at__isnull=False),
        "theirs": Q(last_public_kind="reply"),
    }
    return found.get(value, NOTHING)


def _unread(value: str, at: Moment) -> Q:
    return is_unread_by(at.actor.user, at.now) if value == "1" else NOTHING


def _sync(value: str, _at: Moment) -> Q:
    if value == "trouble":
        return Q(sync_state__in=OUT_OF_STEP)
    return Q(sync_state=value) if value in SyncState.values else NOTHING


def _is_key(value: str) -> bool:
    return value.isdecimal() and len(value) < 10


NOT_DECIDED = (NONE, _("Not decided"))
FILTERS: Mapping[str, Filter] = {
    each.key: each
    for each in (
        Filter(
            "status",
            _("Status"),
            _status,
            lambda at: [*StatusGroup.choices, *((str(code), str(status)) for code, status in at.statuses.items())],
        ),
        Filter("assignee", _("Assignee"), _assignee, lambda _at: [(ME, _("Me")), (NONE, _("Nobody"))]),
        Filter("kind", _("Kind"), _chosen("kind", Kind.values), lambda _at: [NOT_DECIDED, *Kind.choices]),
        Filter("responsible", _("Responsible"), _chosen("responsible", Party.values), lambda _at: [NOT_DECIDED, *parties().items()]),
        Filter(
            "priority",
            _("Priority"),
            _priority,
            lambda _at: [(str(code), word) for code, word in sorted(vocabulary.priority_words().items(), reverse=True)],
        ),
        Filter("clock", _("Clock"), _clock, lambda _at: list(CLOCKS.items())),
        Filter("turn", _("Whose turn"), _turn, lambda _at: list(TURNS.items())),
        Filter("unread", _("Read"), _unread, lambda _at: [("1", _("Not read by me"))]),
        Filter("community", _("Community"), _community, lambda _at: [(NONE, _("No community"))]),
        Filter("hub", _("Hub"), _hub),
        Filter("tag", _("Tag"), lambda value, _at: tagged(value)),
        Filter(
            "sync",
            pgettext_lazy("filter", "Mirror"),
            _sync,
            lambda _at: [("trouble", _("Not in step")), *((value, word) for value, word in SyncState.choices if value != SyncState.GONE)],
        ),
    )
}


def condition(values: Mapping[str, str], at: Moment) -> Q:
    """Every named filter as one condition."""
    joined = Q()
    for key, value in values.items():
        if value and key in FILTERS:
            joined &= FILTERS[key].rows(value, at)
    return joined
