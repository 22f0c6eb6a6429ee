"""Who begins to watch because of what happened, and who is told what."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from communities.models import User
from support import sync
from support.following.happened import Happened
from support.models import Message, NoticePreferences, Ticket, TicketEvent, Watch
from support.notices import watching
from support.notices.kinds import GROUPS, TELLINGS, Telling, Who
from support.notices.telling import News
from support.policy import TEAM_ROLES
from support.replies import mentions
from support.states import Follows, Kind, MessageKind, NoticeKind, SyncState, Why

DESK_KINDS: Mapping[str, str] = {
    MessageKind.INCOMING: NoticeKind.MESSAGE,
    MessageKind.REPLY: NoticeKind.MESSAGE,
    MessageKind.NOTE: NoticeKind.NOTE,
}


@dataclass
class Circle:
    """The people around one ticket, each asked for once and only where somebody is to be told."""

    ticket: Ticket

    @cached_property
    def watchers(self) -> frozenset[int]:
        return frozenset(Watch.objects.on().filter(ticket=self.ticket).values_list("user_id", flat=True))

    @cached_property
    def groups(self) -> dict[str, frozenset[int]]:
        rows = User.objects.filter(is_active=True, groups__name__in=GROUPS.values()).values_list("groups__name", "pk")
        found = list(rows)
        return {group: frozenset(pk for name, pk in found if name == group) for group in GROUPS.values()}

    @cached_property
    def members(self) -> frozenset[int]:
        """Representatives and champions who want to hear of every ticket, where Freshdesk does not write to them already."""
        ticket = self.ticket
        if ticket.community_id is None or ticket.confidential or sync.is_connected():
            return frozenset()
        chosen = NoticePreferences.objects.filter(
            follows=Follows.COMMUNITY, user__memberships__community=ticket.community_id, user__memberships__role__in=TEAM_ROLES
        )
        told = {ticket.opened_by_id, ticket.requester.user_id if ticket.requester else None}
        copied = {str(address).lower() for address in ticket.cc}
        people = chosen.values_list("user_id", "user__email")
        return frozenset(pk for pk, email in people if pk not in told and email.lower() not in copied)

    def of(self, who: Who) -> frozenset[int]:
        match who:
            case Who.WATCHERS:
                return self.watchers
            case Who.HOLDER | Who.NAMED:
                return self.holder if who == Who.HOLDER else frozenset({self.ticket.assignee_id} if self.ticket.assignee_id else ())
        return self.groups[GROUPS[who]]

    @property
    def holder(self) -> frozenset[int]:
        """Who takes care of it; while nobody does, the triagers."""
        return frozenset({self.ticket.assignee_id}) if self.ticket.assignee_id else self.groups[GROUPS[Who.TRIAGERS]]


def begin_to_watch(ticket: Ticket, happened: Happened) -> None:
    """Who was given the ticket, wrote in it or was mentioned watches it from now on."""
    if any(event.field in {"assignee", "opened"} for event in happened.events):
        watching.let_go(ticket, assignee=ticket.assignee_id)
        watching.begin(ticket, filter(None, [ticket.assignee_id]), Why.ASSIGNEE)
    ours = [each for each in happened.messages if each.kind != MessageKind.INCOMING and each.author_user_id]
    watching.begin(ticket, (each.author_user_id for each in ours if each.author_user_id), Why.REPLIED)
    watching.begin(ticket, {pk for people in mentioned(happened.messages).values() for pk in people}, Why.MENTIONED)


def news(ticket: Ticket, happened: Happened) -> list[News]:
    """Everything there is to tell, oldest first; a mention is told as one, not as a note too."""
    circle, named = Circle(ticket), mentioned(happened.messages)
    last_given = next((each for each in reversed(happened.events) if each.field == "assignee"), None)
    of_events = [
        each for event in happened.events if event.field != "assignee" or event is last_given for each in _of_event(ticket, event, circle)
    ]
    of_messages = [each for message in happened.messages for each in _of_message(message, named.get(message.pk, frozenset()), circle)]
    return [*of_events, *of_messages]


def mentioned(messages: Iterable[Message]) -> dict[int, frozenset[int]]:
    """By note, the people of the desk whom it calls."""
    notes = [each for each in messages if each.kind == MessageKind.NOTE and "@" in each.body_text]
    return mentions.by_message(notes) if notes else {}


def _of_event(ticket: Ticket, event: TicketEvent, circle: Circle) -> Iterator[News]:
    telling = TELLINGS.get(event.field)
    if telling and telling.kind == NoticeKind.UNASSIGNED:
        if _is_new_to_the_desk(ticket):
            yield _told(event, telling, circle, key=f"new:{ticket.pk}")
    elif telling and telling.is_about(event):
        yield _told(event, telling, circle)
    if event.field == "opened" and ticket.kind == Kind.INCIDENT:
        yield _told(event, TELLINGS["kind"], circle, key=f"incident:{event.pk}")
    if event.field == "opened" and circle.members:
        yield News(NoticeKind.COMMUNITY, f"event:{event.pk}", circle.members, event.actor_id, event.actor_label, event=event)


def _is_new_to_the_desk(ticket: Ticket) -> bool:
    """Nobody has it, and nobody in the community still decides whether the desk gets it."""
    return not (ticket.assignee_id or ticket.assignee_label or ticket.sync_state == SyncState.AWAITING_APPROVAL)


def _told(event: TicketEvent, telling: Telling, circle: Circle, *, key: str = "") -> News:
    people = frozenset(pk for who in telling.who for pk in circle.of(who))
    return News(telling.kind, key or f"event:{event.pk}", people, event.actor_id, event.actor_label, detail=event.after, event=event)


def _of_message(message: Message, named: frozenset[int], circle: Circle) -> Iterator[News]:
    key, by, author = f"message:{message.pk}", message.author_user_id, message.author
    if named:
        yield News(NoticeKind.MENTION, key, named, by, author, message=message)
    yield News(DESK_KINDS[message.kind], key, circle.watchers - named, by, author, message=message)
    if message.kind == MessageKind.REPLY and circle.members - circle.watchers:
        yield News(NoticeKind.COMMUNITY, key, circle.members - circle.watchers, by, author, message=message)
