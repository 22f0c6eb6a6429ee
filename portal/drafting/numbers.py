"""The numbers of a month for every community, each counted by the database in one query however many communities there are."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC
from typing import Any

from django.db.models import Count, Max, QuerySet
from django.db.models.functions import TruncMonth

from hubs.models import HubUse
from onboarding.models import ValueWatch
from portal.drafting import facts
from portal.models import NamedForAll
from portal.months import Month
from support.models import ClockRun
from support.states import ClockKind, ClockOutcome

MONTHS_DRAWN = 6
FEW = 20
ALL = None
"""The place of what is counted of all communities together."""

Facts = dict[str, Any]
Counts = dict[int | None, int]


class Numbers:
    """Everything that the updates of one month say, by the key of the community; that of all stands under `ALL`."""

    def __init__(self, month: Month) -> None:
        self.month = month
        self.counts: Mapping[str, Counts] = {fact.key: {**fact.counts(month), ALL: fact.total(month)} for fact in facts.FACTS}
        self.medians = _medians(month)
        self.people = _people(month)
        self.drawn = month.last(MONTHS_DRAWN)
        self.opened = _by_month(facts.tickets(), "created_at", self.drawn)
        self.solved = _by_month(facts.tickets(), "solved_at", self.drawn)
        self.named = _named(month)

    def of(self, community: int | None) -> Facts:
        """The facts of one update, as they are kept: plain values that do not move any more."""
        return {
            "numbers": {key: counts.get(community, 0) for key, counts in self.counts.items()}
            | {"first_response_minutes": self.medians.get(community), "people": self.people.get(community)},
            "series": [
                {"month": str(month), "opened": self.opened[community, month], "solved": self.solved[community, month]}
                for month in self.drawn
            ],
            "named": self.named.get(community, {}) if community is not ALL else {},
            "communities": _who_agreed() if community is ALL else [],
        }


def _medians(month: Month) -> Counts:
    """Working minutes until the first answer, the middle one of those that were given in the month."""
    runs = ClockRun.objects.filter(
        clock=ClockKind.FIRST,
        outcome__in=(ClockOutcome.MET, ClockOutcome.MISSED),
        ended_at__gte=month.start,
        ended_at__lt=month.end,
        ticket__in=facts.tickets().exclude(community=None),
    )
    used: dict[int | None, Counter[int]] = defaultdict(Counter)
    for community, minutes, number in runs.order_by().values_list("ticket__community", "used_minutes").annotate(number=Count("pk")):
        used[community][minutes] += number
        used[ALL][minutes] += number
    return {community: _middle(counted) for community, counted in used.items()}


def _people(month: Month) -> Counts:
    """Who used the hubs: the most people a month that was read of each hub, else the most that were counted in it."""
    read = HubUse.objects.filter(day__gte=month.first, day__lt=month.next.first, hub__community__isnull=False, monthly__isnull=False)
    counted = ValueWatch.objects.filter(on__gte=month.first, on__lt=month.next.first)
    of_hubs = {
        **{(community, hub): most for community, hub, most in _most(counted, "community", "hub", "separate_users")},
        **{(community, hub): most for community, hub, most in _most(read, "hub__community", "hub", "monthly")},
    }
    found: Counter[int | None] = Counter()
    for (community, _hub), most in of_hubs.items():
        found[community] += most
        found[ALL] += most
    return dict(found)


def _most(rows: "QuerySet[Any]", community: str, hub: str, number: str) -> "QuerySet[Any, tuple[int, int | None, int]]":
    return rows.order_by().values_list(community, hub).annotate(most=Max(number))


def _by_month(rows: "QuerySet[Any]", name: str, drawn: list[Month]) -> Counter[tuple[int | None, Month]]:
    within = rows.exclude(community=None).filter(**{f"{name}__gte": drawn[0].start, f"{name}__lt": drawn[-1].end})
    found: Counter[tuple[int | None, Month]] = Counter()
    counted = within.order_by().annotate(step=TruncMonth(name, tzinfo=UTC)).values_list("community", "step").annotate(number=Count("pk"))
    for community, step, number in counted:
        found[community, Month.of(step)] += number
        found[ALL, Month.of(step)] += number
    return found


def _named(month: Month) -> dict[int | None, Facts]:
    """What a community's own update calls by its name: articles, events and incidents that its people know of."""
    found: dict[int | None, Facts] = defaultdict(lambda: {"articles": [], "events": [], "incidents": []})
    for community, title, address in _of("articles", month, "knowledge_base__community", "title", "address"):
        found[community]["articles"].append({"title": title, "address": address})
    for community, document in _of("events", month, "community", "document"):
        event = document.get("event", {})
        found[community]["events"].append({"title": event.get("title", ""), "starts_at": event.get("starts_at", "")})
    for community, title, began in _of("incidents", month, "community", "update__incident__title", "update__incident__began_at"):
        told = {"title": title, "began_at": began.isoformat()}
        if told not in found[community]["incidents"]:
            found[community]["incidents"].append(told)
    return {community: {name: rows[:FEW] for name, rows in lists.items()} for community, lists in found.items()}


def _of(key: str, month: Month, *columns: str) -> Iterable[tuple[Any, ...]]:
    fact = facts.BY_KEY[key]
    rows: Iterable[tuple[Any, ...]] = fact.rows(month).exclude(**{fact.of: None}).order_by("pk").values_list(*columns)
    return rows


def _who_agreed() -> list[str]:
    return list(NamedForAll.objects.order_by("community__name").values_list("community__name", flat=True))


def _middle(used: Counter[int]) -> int:
    """The smallest value that half of all do not exceed."""
    reached = 0
    for minutes in sorted(used):
        reached += used[minutes]
        if 2 * reached >= used.total():
            return minutes
    return 0
