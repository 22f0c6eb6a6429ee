"""The numbers behind the figures: applications, their stages, their scores, and requests, in few queries however many rows there are."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from communities.models import Programme
from communities.states import CommunityState
from ground.models import StageEvent
from hubs.models import HubRequest
from hubs.models.requests import HubRequestQuerySet
from hubs.states import FINAL, Kind
from onboarding import value
from onboarding.models import Application, RubricVersion, Score
from onboarding.models.applications import ApplicationQuerySet
from onboarding.rubric import RubricContent
from onboarding.states import ACCEPTANCES, ApplicationState, ReviewState

READ = frozenset({ApplicationState.IN_REVIEW, ApplicationState.DISCUSSION, ApplicationState.DECIDED})
REACHED_LIVE = frozenset({CommunityState.LIVE, CommunityState.ENDING, CommunityState.ENDED})
FACTS = (
    *("reference", "name", "state", "outcome", "sent_at", "email_verified_at", "state_since", "waiting_since", "reviews_submitted"),
    *("median", "programme", "community__state", "community__slug"),
)


@dataclass(frozen=True)
class Period:
    """How far back the page looks, by when an application was sent."""

    key: str
    words: str | Promise
    days: int | None = None

    def since(self, now: datetime) -> datetime | None:
        return None if self.days is None else now - timedelta(days=self.days)


PERIODS = {
    period.key: period
    for period in (
        Period("quarter", gettext_lazy("the last three months"), 91),
        Period("year", gettext_lazy("the last year"), 365),
        Period("three-years", gettext_lazy("the last three years"), 1096),
        Period("all", gettext_lazy("everything")),
    )
}
DEFAULT_PERIOD = "year"


@dataclass(frozen=True)
class Chosen:
    """What the address asks for. Words nobody knows choose nothing."""

    programme: Programme | None = None
    period: Period = PERIODS[DEFAULT_PERIOD]

    @classmethod
    def of(cls, programme: str, period: str, *, programmes: Sequence[Programme]) -> "Chosen":
        known = {each.slug: each for each in programmes}
        return cls(known.get(programme), PERIODS.get(period, PERIODS[DEFAULT_PERIOD]))


@dataclass(frozen=True)
class Notice:
    """How many days before its start an event was asked for."""

    reference: str
    sent_on: datetime
    days: int


class Numbers:
    """Each kind of number is fetched once, and only when a plot asks for it."""

    def __init__(self, chosen: Chosen, *, now: datetime | None = None) -> None:
        self.chosen = chosen
        self.now = now or timezone.now()

    @cached_property
    def applications(self) -> list[Application]:
        """Everything in earnest that was sent in the period, with where its community stands."""
        return list(self._rows().select_related("community").only(*FACTS).order_by("sent_at", "pk"))

    @cached_property
    def rubric(self) -> RubricContent | None:
        """The rubric whose criteria are shown: the newest of the programme."""
        versions = RubricVersion.objects.filter(is_current=True).order_by("-published_at")
        if self.chosen.programme is not None:
            versions = versions.filter(rubric__programme=self.chosen.programme)
        newest = versions.first()
        return newest.content if newest else None

    @cached_property
    def days_by_stage(self) -> dict[str, list[float]]:
        """How long each stay in a stage lasted that is over, by the stage; what still lasts is not in it."""
        kind = ContentType.objects.get_for_model(Application)
        events = StageEvent.objects.filter(content_type=kind, object_id__in=self._rows().order_by().values("pk"))
        found: dict[str, list[float]] = defaultdict(list)
        entered: dict[int, datetime] = {}
        for key, before, at in events.order_by("object_id", "at", "pk").values_list("object_id", "before", "at"):
            if key in entered:
                found[before].append(days_between(entered[key], at))
            entered[key] = at
        return dict(found)

    @cached_property
    def levels(self) -> dict[str, dict[int, list[int]]]:
        """The levels of submitted reviews, by criterion and then by application."""
        rows = Score.objects.filter(review__state=ReviewState.SUBMITTED, review__application__in=self._rows().order_by().values("pk"))
        found: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
        scored = rows.filter(level__isnull=False, not_applicable=False).order_by("pk")
        for criterion, application, level in scored.values_list("criterion", "review__application_id", "level"):
            found[criterion][application] += [] if level is None else [level]
        return {criterion: dict(given) for criterion, given in found.items()}

    @cached_property
    def notices(self) -> list[Notice]:
        """How early events were asked for, oldest first. The day is the start's own, in its own zone."""
        rows = self._of_programme(HubRequest.objects.filter(kind=Kind.EVENT, submitted_at__isnull=False))
        since = self.chosen.period.since(self.now)
        rows = rows if since is None else rows.filter(submitted_at__gte=since)
        found = rows.order_by("submitted_at", "pk").values_list("reference", "submitted_at", "document__event__starts_at")
        notices = ((reference, sent, start) for reference, sent, start in found if sent is not None)
        return [Notice(name, sent, days) for name, sent, start in notices if (days := notice_days(sent, start)) is not None]

    @cached_property
    def open_requests(self) -> list[HubRequest]:
        """Requests about hubs that have not come to an end, whenever they began."""
        rows = self._of_programme(HubRequest.objects.exclude(state__in=FINAL))
        return list(rows.only("reference", "state", "updated_at"))

    @cached_property
    def first_values(self) -> Mapping[int, float]:
        """Days to first value by community."""
        return value.days_by_community({row.community_id for row in self.applications if row.community_id is not None})

    def _rows(self) -> ApplicationQuerySet:
        rows = Application.objects.sent().in_earnest()
        if self.chosen.programme is not None:
            rows = rows.filter(programme=self.chosen.programme)
        since = self.chosen.period.since(self.now)
        return rows if since is None else rows.filter(sent_at__gte=since)

    def _of_programme(self, rows: HubRequestQuerySet) -> HubRequestQuerySet:
        return rows if self.chosen.programme is None else rows.filter(community__programme=self.chosen.programme)


def is_accepted(application: Application) -> bool:
    return application.outcome in ACCEPTANCES


def is_live(application: Application) -> bool:
    """Whether its community got as far as a live hub, also when it has ended since."""
    return application.community is not None and application.community.state in REACHED_LIVE


def days_between(start: datetime, end: datetime) -> float:
    return max((end - start).total_seconds() / 86400, 0.0)


def notice_days(sent: datetime, start: object) -> int | None:
    """Whole days between the day it was sent and the day it starts; None for a start that is no moment."""
    try:
        begins = datetime.fromisoformat(start) if isinstance(start, str) else None
    except ValueError:
        return None
    if begins is None:
        return None
    return (begins.date() - (sent.astimezone(begins.tzinfo) if begins.tzinfo else sent).date()).days
