"""What an address of the reports asks for: a period, a community, a kind."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models.functions import Trunc
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from communities.models import Community
from support.states import Kind

NONE = "-"
"""In an address: tickets that have no community, or no kind yet."""


@dataclass(frozen=True)
class Period:
    """How far back a report goes, and in which steps."""

    key: str
    words: str | Promise
    days: int
    step: str


PERIODS: Mapping[str, Period] = {
    each.key: each
    for each in (
        Period("month", _("Last 30 days"), 30, "day"),
        Period("quarter", _("Last 13 weeks"), 91, "week"),
        Period("year", _("Last 12 months"), 365, "month"),
    )
}


@dataclass(frozen=True)
class Chosen:
    """What a report is of. Words nobody knows choose nothing."""

    period: Period
    now: datetime
    community: Community | None = None
    kind: str = ""
    """`NONE` for those that nobody has given a kind."""
    is_without_community: bool = False

    @classmethod
    def of(cls, asked: Mapping[str, str], *, communities: Iterable[Community]) -> "Chosen":
        """What the address says, of communities that the reader may see."""
        slug, kind = asked.get("community", ""), asked.get("kind", "")
        return cls(
            period=PERIODS.get(asked.get("period", ""), PERIODS["quarter"]),
            now=timezone.now(),
            community=next((each for each in communities if each.slug == slug), None) if slug else None,
            kind=kind if kind in {*Kind.values, NONE} else "",
            is_without_community=slug == NONE,
        )

    @property
    def start(self) -> date:
        """The first day, a whole step's."""
        day = timezone.localdate(self.now) - timedelta(days=self.period.days)
        match self.period.step:
            case "week":
                return day - timedelta(days=day.weekday())
            case "month":
                return day.replace(day=1)
        return day

    @property
    def since(self) -> datetime:
        return midnight(self.start)

    @property
    def places(self) -> list[date]:
        """The first day of each step."""
        days, day = [], self.start
        while day <= timezone.localdate(self.now):
            days.append(day)
            day = self.after(day)
        return days

    def after(self, day: date) -> date:
        """Where the next step begins."""
        match self.period.step:
            case "day":
                return day + timedelta(days=1)
            case "week":
                return day + timedelta(days=7)
        return (day.replace(day=1) + timedelta(days=32)).replace(day=1)

    def step_of(self, field: str) -> Trunc:
        """The step that a moment lies in."""
        return Trunc(field, self.period.step)

    def address(self, **more: str) -> str:
        """These choices as the address says them, with others."""
        community = self.community.slug if self.community else NONE if self.is_without_community else ""
        said = {"period": self.period.key, "community": community, "kind": self.kind, **more}
        return urlencode({name: value for name, value in said.items() if value})


def midnight(day: date) -> datetime:
    """When a day begins where the reader is."""
    return datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone())
