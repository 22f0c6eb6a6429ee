"""The numbers of a report, each counted by the database in one query."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.utils import timezone

from ground.actors import Actor
from knowledgebase.models import Edition
from support.models import ClockRun, SatisfactionRating, Suggested, Ticket, TimeEntry
from support.models.deflecting import SuggestedQuerySet
from support.models.tickets import TicketQuerySet
from support.reports.choosing import NONE, Chosen
from support.states import ClockKind, ClockOutcome

MOST_COMMUNITIES = 25
MOST_ARTICLES = 50
DAYS = {"month": 30.4, "quarter": 91.25, "year": 365.0}


@dataclass(frozen=True)
class Standing:
    """How one clock fared: how often it was met, and the working minutes used, the middle one and the ninetieth of a hundred."""

    met: int = 0
    missed: int = 0
    median: int = 0
    ninetieth: int = 0

    @property
    def ended(self) -> int:
        return self.met + self.missed

    @property
    def share(self) -> int:
        """Of a hundred, rounded down: a hundred means every one."""
        return 100 * self.met // self.ended if self.ended else 0


@dataclass(frozen=True)
class Shares:
    """How the clocks of some tickets fared together, and how many tickets came and were solved."""

    opened: int = 0
    solved: int = 0
    met: int = 0
    ended: int = 0

    def __add__(self, other: "Shares") -> "Shares":
        return Shares(self.opened + other.opened, self.solved + other.solved, self.met + other.met, self.ended + other.ended)


@dataclass(frozen=True)
class Spent:
    """Minutes counted for a community, and how many are agreed for as long; None without a limit."""

    slug: str
    name: str
    minutes: int
    agreed: int | None


@dataclass(frozen=True)
class Saving:
    """Beside how many forms an article was shown and opened, and how many of those that opened it sent nothing."""

    title: str
    shown: int
    opened: int
    kept: int


Key = tuple[str, str, str]
"""A community's slug and name, and a kind; blank without."""


@dataclass(frozen=True)
class Numbers:
    """What a report counts, inside what the reader may see."""

    chosen: Chosen
    actor: Actor

    @property
    def tickets(self) -> TicketQuerySet:
        """All tickets the report is about, of any time; one that was merged counts with the one it went into."""
        found = Ticket.objects.visible_to(self.actor).here().filter(merged_into=None)
        if self.chosen.community:
            found = found.filter(community=self.chosen.community)
        elif self.chosen.is_without_community:
            found = found.filter(community=None)
        return found.filter(kind="" if self.chosen.kind == NONE else self.chosen.kind) if self.chosen.kind else found

    @property
    def opened(self) -> TicketQuerySet:
        return self.tickets.filter(created_at__gte=self.chosen.since)

    @property
    def solved(self) -> TicketQuerySet:
        return self.tickets.filter(solved_at__gte=self.chosen.since)

    @property
    def left(self) -> TicketQuerySet:
        return self.tickets.filter(solved_at=None)

    @property
    def runs(self) -> QuerySet[ClockRun]:
        """Clocks that were met or missed in this time."""
        ended = ClockRun.objects.filter(ended_at__gte=self.chosen.since, outcome__in=(ClockOutcome.MET, ClockOutcome.MISSED))
        return ended.filter(ticket__in=self.tickets)

    @property
    def rated(self) -> QuerySet[SatisfactionRating]:
        """What requesters said in this time and have not said otherwise since."""
        return SatisfactionRating.objects.filter(is_current=True, created_at__gte=self.chosen.since, ticket__in=self.tickets)

    @property
    def counted(self) -> QuerySet[TimeEntry]:
        """Time written down in this time against the budget of a community."""
        counted = TimeEntry.objects.visible_to(self.actor).filter(spent_at__gte=self.chosen.since, is_counted=True)
        return counted.filter(ticket__in=self.tickets).exclude(ticket__community=None)

    @cached_property
    def opened_by_step(self) -> Mapping[date, int]:
        return self._by_step(self.opened, "created_at")

    @cached_property
    def solved_by_step(self) -> Mapping[date, int]:
        return self._by_step(self.solved, "solved_at")

    @cached_property
    def backlog_by_step(self) -> Mapping[date, int]:
        """How many were open at the end of each step: what is open now, less what came since, and what was solved since."""
        standing, found = self.left.count(), {}
        for place in reversed(self.chosen.places):
            found[place] = max(standing, 0)
            standing += self.solved_by_step.get(place, 0) - self.opened_by_step.get(place, 0)
        return dict(reversed(found.items()))

    @cached_property
    def standings(self) -> Mapping[str, Standing]:
        """By clock."""
        counted = self.runs.order_by().values_list("clock", "outcome", "used_minutes").annotate(number=Count("pk"))
        used: dict[str, Counter[int]] = {clock: Counter() for clock in ClockKind.values}
        outcomes: Counter[tuple[str, str]] = Counter()
        for clock, outcome, minutes, number in counted:
            used[clock][minutes] += number
            outcomes[clock, outcome] += number
        return {
            clock: Standing(outcomes[clock, "met"], outcomes[clock, "missed"], _at(used[clock], 0.5), _at(used[clock], 0.9))
            for clock in ClockKind.values
        }

    @cached_property
    def shares(self) -> Mapping[Key, Shares]:
        """By community and kind, in three queries for every table."""
        opened, solved, (met, ended) = _counted(self.opened), _counted(self.solved), _clocked(self.runs)
        return {key: Shares(opened[key], solved[key], met[key], ended[key]) for key in {*opened, *solved, *ended}}

    @cached_property
    def by_kind(self) -> Mapping[str, Shares]:
        return self._together(lambda key: key[2])

    @cached_property
    def by_community(self) -> Mapping[tuple[str, str], Shares]:
        """By slug and name, the busiest first."""
        found = self._together(lambda key: key[:2])
        busiest = sorted(found.items(), key=lambda each: (-each[1].opened, each[0]))
        return dict(busiest[:MOST_COMMUNITIES])

    @cached_property
    def ratings(self) -> Mapping[str, int]:
        """How often requesters were happy, neither or unhappy."""
        return self.rated.aggregate(**{word: Count("pk", filter=condition) for word, condition in RATINGS.items()})

    @property
    def suggested(self) -> Mapping[str, int]:
        """Forms that articles were shown beside: how many, opened one, and sent the ticket all the same."""
        places = self.suggested_by_place.values()
        return {step: sum(counted[step] for counted in places) for step in STEPS}

    @cached_property
    def suggested_by_place(self) -> Mapping[str, Mapping[str, int]]:
        """The same for a community's page and for the widget."""
        steps = {step: Exists(Suggested.objects.of_forms().filter(form=OuterRef("form"), step=step)) for step in ("opened", "sent")}
        found = self._suggested(Suggested.objects.of_forms())
        counted = found.annotate(was_opened=steps["opened"], was_sent=steps["sent"]).order_by().values_list("place").annotate(**STEPS)
        return {place: dict(zip(STEPS, numbers, strict=True)) for place, *numbers in counted}

    @cached_property
    def suggested_articles(self) -> Sequence[Saving]:
        """What each article that was shown saved: those that answered most first, those never opened after them."""
        this = Suggested.objects.filter(form=OuterRef("form"))
        steps = {
            "was_opened": Exists(this.filter(article=OuterRef("article"), step=Suggested.Step.OPENED)),
            "was_sent": Exists(this.filter(article=None, step=Suggested.Step.SENT)),
        }
        readable = Edition.objects.visible_to(self.actor)
        found = self._suggested(Suggested.objects.of_articles().filter(article__edition__in=readable)).annotate(**steps).order_by()
        counted = found.values_list("article", "article__edition__title").annotate(
            shown=Count("pk"), opened=Count("pk", filter=Q(was_opened=True)), kept=Count("pk", filter=Q(was_opened=True, was_sent=False))
        )
        return [Saving(*row[1:]) for row in counted.order_by("-kept", "-opened", "-shown", "article")[:MOST_ARTICLES]]

    def _suggested(self, steps: "SuggestedQuerySet") -> "SuggestedQuerySet":
        """Of those steps, what was shown in this time."""
        found = steps.filter(step=Suggested.Step.SHOWN, at__gte=self.chosen.since)
        return found.filter(community=self.chosen.community) if self.chosen.community else found

    @cached_property
    def spent(self) -> Sequence[Spent]:
        """Minutes counted against budgets, the most first."""
        terms = "ticket__community__support_terms__"
        of = ("ticket__community__slug", "ticket__community__name", f"{terms}budget_minutes", f"{terms}budget_period")
        found = self.counted.order_by().values_list(*of).annotate(spent=Sum("minutes"))
        days = (timezone.localdate(self.chosen.now) - self.chosen.start).days + 1
        spent = [Spent(slug, name, minutes, _agreed(agreed, period, days)) for slug, name, agreed, period, minutes in found]
        return sorted(spent, key=lambda each: -each.minutes)[:MOST_COMMUNITIES]

    def _by_step(self, found: TicketQuerySet, field: str) -> Mapping[date, int]:
        rows = found.order_by().annotate(step=self.chosen.step_of(field)).values_list("step").annotate(number=Count("pk"))
        return {timezone.localdate(step): number for step, number in rows}

    def _together(self, of: Callable[[Key], Any]) -> dict[Any, Shares]:
        found: dict[Any, Shares] = {}
        for key, shares in self.shares.items():
            found[of(key)] = found.get(of(key), Shares()) + shares
        return found


def _counted(rows: TicketQuerySet) -> Counter[Key]:
    found = rows.order_by().values_list("community__slug", "community__name", "kind").annotate(number=Count("pk"))
    return Counter({(slug or "", name or "", kind): number for slug, name, kind, number in found})


def _clocked(runs: "QuerySet[ClockRun]") -> tuple[Counter[Key], Counter[Key]]:
    """How many were met, and how many ended."""
    by = runs.order_by().values_list("ticket__community__slug", "ticket__community__name", "ticket__kind")
    found = list(by.annotate(met=Count("pk", filter=Q(outcome=ClockOutcome.MET)), ended=Count("pk")))
    keys = [(slug or "", name or "", kind) for slug, name, kind, _met, _ended in found]
    return Counter(dict(zip(keys, (row[3] for row in found), strict=True))), Counter(
        dict(zip(keys, (row[4] for row in found), strict=True))
    )


def _agreed(minutes: int | None, period: str | None, days: int) -> int | None:
    """What is agreed for so many days."""
    return None if minutes is None else round(minutes * days / DAYS.get(period or "month", DAYS["month"]))


def _at(used: Counter[int], share: float) -> int:
    """The smallest value that so large a share of all does not exceed."""
    reached = 0
    for minutes in sorted(used):
        reached += used[minutes]
        if reached >= share * used.total():
            return minutes
    return 0


STEPS: Mapping[str, Count] = {
    "shown": Count("pk"),
    "opened": Count("pk", filter=Q(was_opened=True)),
    "kept": Count("pk", filter=Q(was_opened=True, was_sent=False)),
    "gave_up": Count("pk", filter=Q(was_opened=False, was_sent=False)),
    "sent": Count("pk", filter=Q(was_sent=True)),
}
RATINGS: Mapping[str, Q] = {  # 103 to -103, 100 in the middle; older surveys 1, 2, 3 (Freshdesk's fact sheet §6)
    "happy": Q(rating__gt=100) | Q(rating=1),
    "neither": Q(rating__in=(100, 2)),
    "unhappy": Q(rating__lt=0) | Q(rating=3),
}
