"""What happens in a ticket, and what people are told of it: the one table of both."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from communities.roles import StaffGroup
from support.models import TicketEvent
from support.states import Channel, Escalation, Face, Kind, NoticeKind


class Who(StrEnum):
    """Who is told."""

    NAMED = "named"
    WATCHERS = "watchers"
    HOLDER = "holder"
    TRIAGERS = "triagers"
    ENGINEERS = "engineers"


@dataclass(frozen=True)
class Telling:
    """What an event means to whom; `after`: only where it came to one of these values, `only`: only where this holds of the value."""

    kind: NoticeKind
    who: frozenset[Who]
    after: frozenset[str] = frozenset()
    only: Callable[[str], bool] | None = None

    def is_about(self, event: TicketEvent) -> bool:
        return (not self.after or event.after in self.after) and (self.only is None or self.only(event.after))


def is_bad(rating: str) -> bool:
    """Whether the number of a rating, as an event holds it, says that the help was not good."""
    return rating.removeprefix("-").isdecimal() and Face.of(int(rating)) == Face.BAD


HELD = frozenset({Who.HOLDER})
TELLINGS: Mapping[str, Telling] = {
    "assignee": Telling(NoticeKind.ASSIGNED, frozenset({Who.NAMED})),
    "opened": Telling(NoticeKind.UNASSIGNED, frozenset({Who.TRIAGERS})),
    "approved": Telling(NoticeKind.UNASSIGNED, frozenset({Who.TRIAGERS})),
    "clock_warned": Telling(NoticeKind.CLOCK_WARNED, HELD),
    "clock_missed": Telling(NoticeKind.CLOCK_MISSED, HELD | {Who.TRIAGERS}),
    "timebox_over": Telling(NoticeKind.TIMEBOX, HELD),
    "escalation": Telling(NoticeKind.ESCALATION, HELD | {Who.WATCHERS}, after=frozenset({Escalation.CLOSED, Escalation.FAILED})),
    "kind": Telling(NoticeKind.INCIDENT, frozenset({Who.TRIAGERS, Who.ENGINEERS}), after=frozenset({Kind.INCIDENT})),
    "rated": Telling(NoticeKind.RATED, HELD | {Who.TRIAGERS}, only=is_bad),
    "budget": Telling(NoticeKind.CLOCK_WARNED, frozenset({Who.TRIAGERS})),
}
GROUPS: Mapping[Who, StaffGroup] = {Who.TRIAGERS: StaffGroup.SUPPORT_TRIAGER, Who.ENGINEERS: StaffGroup.ENGINEER}
DEFAULTS: Mapping[str, Channel] = {
    NoticeKind.ASSIGNED: Channel.MAIL,
    NoticeKind.MESSAGE: Channel.MAIL,
    NoticeKind.NOTE: Channel.PAGE,
    NoticeKind.MENTION: Channel.MAIL,
    NoticeKind.UNASSIGNED: Channel.PAGE,
    NoticeKind.CLOCK_WARNED: Channel.PAGE,
    NoticeKind.CLOCK_MISSED: Channel.MAIL,
    NoticeKind.TIMEBOX: Channel.PAGE,
    NoticeKind.ESCALATION: Channel.MAIL,
    NoticeKind.INCIDENT: Channel.MAIL,
    NoticeKind.RATED: Channel.DIGEST,
    NoticeKind.APPROVAL: Channel.DIGEST,
    NoticeKind.TOLD: Channel.MAIL,
    NoticeKind.COMMUNITY: Channel.MAIL,
}
DEFAULTS_OF: Mapping[StaffGroup, Mapping[str, Channel]] = {
    StaffGroup.SUPPORT_TRIAGER: {NoticeKind.UNASSIGNED: Channel.MAIL, NoticeKind.APPROVAL: Channel.MAIL},
    StaffGroup.OPERATOR: {NoticeKind.INCIDENT: Channel.PAGE},
}
URGENT = frozenset({NoticeKind.INCIDENT})
OF_THE_DESK = tuple(kind for kind in NoticeKind if kind != NoticeKind.COMMUNITY)


def default(kind: str, groups: frozenset[str] = frozenset()) -> Channel:
    """How people of these groups are told unless they say otherwise; the first group that says something decides."""
    return next((said[kind] for group, said in DEFAULTS_OF.items() if group in groups and kind in said), DEFAULTS[kind])
