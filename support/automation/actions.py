"""What a rule may do. Each action says whether it changed something; one that no longer fits does nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from communities.models import User
from communities.roles import StaffGroup
from ground.actors import Actor
from ground.texts import pick
from support import emails, replies, threads, tickets
from support.automation.conditions import is_span, later
from support.models import Message, Notice, Rotation, Ticket, TicketStatus
from support.notices import watching
from support.notices.telling import News, tell
from support.policy import DESK_GROUPS
from support.states import MessageKind, NoticeKind
from support.timing import calendars
from support.triage import rotating

MOST_REPLIES = 2
REPLIES_WITHIN = timedelta(days=1)
MOST_TO_ONE = 5
TO_ONE_WITHIN = timedelta(hours=1)
SETTABLE = ("kind", "impact", "responsible", "priority", "status")


@dataclass(frozen=True)
class Action:
    """One thing a rule does."""

    do: str
    value: str = ""
    texts: tuple[tuple[str, str], ...] = ()

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> "Action":
        return cls(raw["do"], str(raw.get("value") or ""), tuple((raw.get("texts") or {}).items()))

    def written(self) -> dict[str, Any]:
        return {"do": self.do, "value": self.value} | ({"texts": dict(self.texts)} if self.texts else {})


@dataclass(frozen=True)
class Doing:
    """For which occasion a rule does it, and in whose name."""

    by: Actor
    key: str


def perform(ticket: Ticket, action: Action, doing: Doing) -> bool:
    """Do it to a ticket that is held; whether anything changed."""
    return DOINGS[action.do](ticket, action, doing)


def may_reply(ticket: Ticket) -> bool:
    """Whether an automatic answer can start no exchange of machines: to a person's address, seldom, and not twice in a row to many tickets."""
    asked = ticket.requester.email if ticket.requester else ""
    if not asked or threads.is_ours(asked) or threads.is_a_machine(asked):
        return False
    now = timezone.now()
    ours = Message.objects.filter(kind=MessageKind.REPLY, author_user=None).exclude(external_key="")
    if ours.filter(ticket=ticket, created_at__gt=now - REPLIES_WITHIN).count() >= MOST_REPLIES:
        return False
    return ours.filter(ticket__requester=ticket.requester, created_at__gt=now - TO_ONE_WITHIN).count() < MOST_TO_ONE


def _set(field: str) -> Callable[[Ticket, Action, Doing], bool]:
    def act(ticket: Ticket, action: Action, doing: Doing) -> bool:
        return _update(ticket, doing, **{field: action.value})

    return act


def _set_priority(ticket: Ticket, action: Action, doing: Doing) -> bool:
    return _update(ticket, doing, priority=int(action.value))


def _set_status(ticket: Ticket, action: Action, doing: Doing) -> bool:
    status = TicketStatus.objects.filter(code=int(action.value)).first()
    return status is not None and _update(ticket, doing, status=status)


def _assign(ticket: Ticket, action: Action, doing: Doing) -> bool:
    person = User.objects.filter(email=action.value, is_active=True, groups__name__in=DESK_GROUPS).first()
    return person is not None and _update(ticket, doing, assignee=person)


def _assign_in_turn(ticket: Ticket, action: Action, doing: Doing) -> bool:
    rotation = Rotation.objects.filter(pk=int(action.value), is_on=True).first()
    return rotation is not None and rotating.give(ticket, rotation, by=doing.by) is not None


def _unassign(ticket: Ticket, _action: Action, doing: Doing) -> bool:
    return _update(ticket, doing, assignee=None, assignee_label="")


def _add_tag(ticket: Ticket, action: Action, doing: Doing) -> bool:
    return action.value not in ticket.tags and _update(ticket, doing, tags=[*ticket.tags, action.value])


def _remove_tag(ticket: Ticket, action: Action, doing: Doing) -> bool:
    return _update(ticket, doing, tags=[tag for tag in ticket.tags if tag != action.value])


def _note(ticket: Ticket, action: Action, doing: Doing) -> bool:
    replies.note(ticket, body=action.value, by=doing.by)
    return True


def _reply(ticket: Ticket, action: Action, doing: Doing) -> bool:
    """In the requester's language, in the desk's name and marked as automatic."""
    body = pick(dict(action.texts), emails.language_of(ticket))
    if not body or not may_reply(ticket):
        return False
    replies.reply(ticket, body=body, by=Actor(user=None, role=doing.by.role, label=settings.OPERATOR_NAME))
    return True


def _watch(ticket: Ticket, action: Action, doing: Doing) -> bool:
    person = User.objects.filter(email=action.value, is_active=True, groups__name__in=DESK_GROUPS).first()
    if person is None or ticket.watches.filter(user=person).exists():
        return False
    watching.watch(ticket, person, by=doing.by)
    return True


def _snooze(ticket: Ticket, action: Action, doing: Doing) -> bool:
    if not is_span(action.value):
        return False
    return _update(ticket, doing, snoozed_until=later(timezone.now(), action.value, calendars.of(ticket.community)))


def _tell(ticket: Ticket, action: Action, doing: Doing) -> bool:
    """A group of the desk."""
    people = User.objects.filter(is_active=True, groups__name=action.value).values_list("pk", flat=True)
    news = News(NoticeKind.TOLD, f"rule:{doing.key}", frozenset(people), actor_label=doing.by.label)
    before = Notice.objects.filter(ticket=ticket, key=news.key).count()
    tell(ticket, [news], now=timezone.now())
    return Notice.objects.filter(ticket=ticket, key=news.key).count() > before


def _update(ticket: Ticket, doing: Doing, **values: Any) -> bool:
    """Whether the ticket took a step."""
    return tickets.update(ticket, by=doing.by, **values).version > ticket.version


DOINGS: Mapping[str, Callable[[Ticket, Action, Doing], bool]] = {
    **{name: _set(name) for name in ("kind", "impact", "responsible")},
    "priority": _set_priority,
    "status": _set_status,
    "assign": _assign,
    "rotation": _assign_in_turn,
    "unassign": _unassign,
    "add_tag": _add_tag,
    "remove_tag": _remove_tag,
    "note": _note,
    "reply": _reply,
    "watch": _watch,
    "snooze": _snooze,
    "tell": _tell,
}
TOLD_GROUPS = (StaffGroup.SUPPORT_TRIAGER, StaffGroup.SUPPORT_AGENT, StaffGroup.ENGINEER, StaffGroup.COMMUNITY_GUIDE, StaffGroup.OPERATOR)
