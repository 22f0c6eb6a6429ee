"""Writing notices down: one row a person and thing, by the channel they chose, with the time from which it may be mailed."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from communities.models import User
from support.models import Message, Notice, NoticePreferences, Ticket, TicketEvent
from support.notices.kinds import URGENT, default
from support.notices.quiet import Quiet, allowed_from
from support.policy import DESK_GROUPS
from support.states import Channel

GATHERED = timedelta(minutes=3)
"""How long the news of one ticket are gathered into one mail."""


@dataclass(frozen=True)
class News:
    """One thing to tell: what, of which ticket, to whom. Who did it is not told."""

    kind: str
    key: str
    people: frozenset[int]
    by: int | None = None
    actor_label: str = ""
    detail: str = ""
    event: TicketEvent | None = None
    message: Message | None = None


@dataclass
class Readers:
    """People of the desk and their choices, read once for everything that is told together."""

    people: Mapping[int, User]
    choices: Mapping[int, NoticePreferences]
    groups: Mapping[int, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def read(cls, keys: Collection[int]) -> "Readers":
        """Two queries, whoever many they are; nobody without an account that is in use."""
        people = {user.pk: user for user in User.objects.filter(pk__in=keys, is_active=True).prefetch_related("groups")}
        choices = {each.user_id: each for each in NoticePreferences.objects.filter(user__in=people)}
        groups = {pk: frozenset(group.name for group in user.groups.all()) for pk, user in people.items()}
        return cls(people, choices, groups)

    def choice(self, pk: int) -> NoticePreferences:
        return self.choices.get(pk) or NoticePreferences(user=self.people[pk])

    def channel(self, pk: int, kind: str) -> Channel:
        chosen = self.choice(pk).channels.get(kind)
        return Channel(chosen) if chosen in Channel.values else default(kind, self.groups[pk])

    def is_of_the_desk(self, pk: int) -> bool:
        return self.people[pk].is_superuser or bool(self.groups[pk] & DESK_GROUPS)


def tell(ticket: Ticket, news: Iterable[News], *, now: datetime) -> list[Notice]:
    """Write down who is told what. The database lets nobody be told a thing twice."""
    told = [each for each in news if each.people - {each.by}]
    if not told:
        return []
    readers = Readers.read({pk for each in told for pk in each.people})
    rows = [row for each in told for pk in sorted(each.people - {each.by}) if (row := _row(ticket, each, pk, readers, now))]
    return Notice.objects.bulk_create(rows, ignore_conflicts=True)


def quiet_of(user: User, choice: NoticePreferences) -> Quiet:
    """The hours in which this person gets no mail."""
    return Quiet(ZoneInfo(user.timezone), choice.quiet_from, choice.quiet_until, weekends=choice.quiet_weekends)


def may_be_mailed_from(moment: datetime, kind: str, user: User, choice: NoticePreferences) -> datetime:
    """The moment itself, or the morning after; an incident passes where the person lets it."""
    return moment if kind in URGENT and choice.urgent_passes else allowed_from(moment, quiet_of(user, choice))


def _row(ticket: Ticket, news: News, pk: int, readers: Readers, now: datetime) -> Notice | None:
    if pk not in readers.people:
        return None
    channel = readers.channel(pk, news.kind)
    if channel == Channel.NEVER:
        return None
    mailed = may_be_mailed_from(now + GATHERED, news.kind, readers.people[pk], readers.choice(pk)) if channel == Channel.MAIL else None
    return Notice(
        user_id=pk,
        ticket=ticket,
        kind=news.kind,
        key=news.key,
        event=news.event,
        message=news.message,
        actor_label=news.actor_label,
        detail=news.detail[:255],
        channel=channel,
        made_at=now,
        mail_at=mailed,
    )
