"""Time that tickets take, and how much of it is agreed with each community."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.models import Community
from ground.actors import Actor
from support import recording
from support.models import SupportTerms, Ticket, TimeEntry
from support.states import BudgetPeriod

WARNED_AT = (80, 100)
"""Of a hundred: when the desk is told."""
AT_ONCE = timedelta(seconds=10)
"""What comes again within this was sent twice."""
MONTHS = {BudgetPeriod.MONTH: 1, BudgetPeriod.QUARTER: 3, BudgetPeriod.YEAR: 12}


@dataclass(frozen=True)
class Budget:
    """What a community has used since the period began. Minutes; `agreed` is None where no limit is agreed."""

    used: int
    agreed: int | None
    period: str
    since: datetime

    @property
    def left(self) -> int | None:
        return None if self.agreed is None else max(self.agreed - self.used, 0)

    @property
    def over(self) -> int:
        return max(self.used - self.agreed, 0) if self.agreed is not None else 0

    @property
    def share(self) -> int | None:
        """Of a hundred, rounded down; None where no limit is agreed. A budget of nothing is used up by the first minute."""
        if self.agreed is None:
            return None
        return self.used * 100 // self.agreed if self.agreed else 100 * bool(self.used)

    @property
    def tone(self) -> str:
        share = self.share or 0
        return "bad" if share >= WARNED_AT[1] else "act" if share >= WARNED_AT[0] else "good"

    @property
    def words(self) -> str:
        """Used, agreed and left, in one sentence."""
        if self.agreed is None:
            return _("%(used)s used; no limit is agreed") % {"used": in_words(self.used)}
        said = {"used": in_words(self.used), "agreed": in_words(self.agreed), "left": in_words(self.left or 0), "over": in_words(self.over)}
        if self.over:
            return _("%(used)s of %(agreed)s used: %(over)s more than agreed") % said
        return _("%(used)s of %(agreed)s used, %(left)s left") % said


@transaction.atomic
def add(ticket: Ticket, *, minutes: int, by: Actor, note: str = "", at: datetime | None = None, is_counted: bool = True) -> TimeEntry:
    """Write time down. What brings the community to four fifths of its budget, or to its end, is said in the ticket's history.

    Sent twice it is one entry.
    """
    ticket = recording.locked(ticket.pk)
    if by.user and (written := _written_already(ticket, minutes=minutes, note=note, by=by)):
        return written
    before = budget_of(ticket.community) if ticket.community and is_counted else None
    entry = TimeEntry.objects.create(
        ticket=ticket,
        minutes=minutes,
        note=note[:255],
        is_counted=is_counted,
        spent_at=at or timezone.now(),
        user=by.user,
        label=by.label[:200],
    )
    if before is not None and ticket.community is not None:
        _warn(ticket, before, budget_of(ticket.community), by=by)
    return entry


def _written_already(ticket: Ticket, *, minutes: int, note: str, by: Actor) -> TimeEntry | None:
    """What the same person has just written down of this ticket."""
    same = TimeEntry.objects.filter(ticket=ticket, minutes=minutes, note=note[:255], user=by.user)
    return same.filter(spent_at__gt=timezone.now() - AT_ONCE).first()


def remove(entry: TimeEntry) -> None:
    """Take an entry back that was written by mistake."""
    entry.delete()


def budget_of(community: Community, *, now: datetime | None = None) -> Budget:
    """Used and agreed in the period that runs, by the community's own calendar. Two queries."""
    terms = SupportTerms.of(community)
    since = began(now or timezone.now(), zone=community.timezone, period=terms.budget_period)
    return Budget(used=_used(community, since), agreed=terms.budget_minutes, period=terms.budget_period, since=since)


def used_this_month(community: Community, *, now: datetime | None = None) -> int:
    """Minutes counted for the community since its month began."""
    return _used(community, began(now or timezone.now(), zone=community.timezone, period=BudgetPeriod.MONTH))


def agree(community: Community, *, minutes: int | None, period: str) -> SupportTerms:
    """Say how much support time is agreed; None for no limit."""
    terms, _is_new = SupportTerms.objects.update_or_create(
        community=community, defaults={"budget_minutes": minutes, "budget_period": period}
    )
    return terms


def began(now: datetime, *, zone: str, period: str) -> datetime:
    """When the period began in which `now` lies: midnight of the first of a month, a quarter or a year there. Pure."""
    here = now.astimezone(ZoneInfo(zone))
    months = MONTHS[BudgetPeriod(period)]
    month = (here.month - 1) // months * months + 1
    return datetime(here.year, month, 1, tzinfo=here.tzinfo)


def in_words(minutes: int) -> str:
    """Hours and minutes as people say them."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("%(minutes)d min") % {"minutes": rest}
    if not rest:
        return _("%(hours)d h") % {"hours": hours}
    return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": rest}


def _used(community: Community, since: datetime) -> int:
    counted = TimeEntry.objects.filter(ticket__community=community, is_counted=True, spent_at__gte=since)
    return int(counted.aggregate(total=Sum("minutes"))["total"] or 0)


def _warn(ticket: Ticket, before: Budget, after: Budget, *, by: Actor) -> None:
    if before.share is None or after.share is None:
        return
    reached = [mark for mark in WARNED_AT if before.share < mark <= after.share]
    if reached:
        recording.happened(ticket, "budget", after=str(reached[-1]), note="", by=by)
