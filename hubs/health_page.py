"""Is it down, or is it me? How a hub is, in one sentence; how it was for ninety days; and what is said of it elsewhere."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Max, Q, Sum
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from prometheus_client import CollectorRegistry, Gauge

from ground.actors import Actor
from ground.plots import Cell, Plot, strip
from hubs import conditions
from hubs.models import Hub, HubDay, HubQuerySet, HubWatch, Past
from hubs.states import HubState
from hubs.uptime import DAYS, Day, Level, Tally, days, percent, total

STALE = timedelta(minutes=10)
"""So long after a look was due, what it would have found is not claimed any more."""
LOOKS = {Level.UNKNOWN: "unknown", Level.UP: "well", Level.PARTLY: "partly", Level.DOWN: "bad"}
Seen = HubWatch.Seen


@dataclass(frozen=True)
class Health:
    """How a hub is: a tone and a word for its badge, and a sentence for somebody in class. `looked_at` is when we last looked."""

    tone: str
    word: str
    sentence: str
    looked_at: datetime | None = None
    is_down: bool = False
    answers: bool = False


@dataclass(frozen=True)
class News:
    """Something that is said of a hub elsewhere: an incident that is known. `url` is where the reader may read more, if anywhere."""

    title: str
    tone: str
    word: str
    url: str = ""


Source = Callable[[Hub, Actor], Iterable[News]]
SOURCES: list[Source] = []


def hear_from(source: Source) -> None:
    """Have that source asked for news of a hub; it stands further on and says only what this reader may know."""
    if source not in SOURCES:
        SOURCES.append(source)


def news_of(hub: Hub, *, actor: Actor) -> list[News]:
    """What is said of the hub elsewhere."""
    return [news for source in SOURCES for news in source(hub, actor)]


def watch_of(hub: Hub) -> HubWatch | None:
    """What was seen of the hub, if anybody looked."""
    return getattr(hub, "watch", None)


def health_of(hub: Hub, *, now: datetime) -> Health:
    """How the hub is, as far as we know now."""
    watch = watch_of(hub)
    if hub.state == HubState.ENDED:
        return Health("wait", _("ended"), _("This hub has ended."))
    if not hub.domain:
        return Health("wait", _("not known"), _("Its address is not known to us yet, so we cannot look."))
    if watch is None or watch.looked_at is None:
        return Health("wait", _("not looked yet"), _("We have not looked at it yet. That happens within a few minutes."))
    if now > watch.due_at + STALE:
        return Health(
            "wait",
            _("not known"),
            _("We have not been able to look since %(when)s.") % {"when": told(watch.looked_at, now)},
            watch.looked_at,
        )
    return _seen(hub, watch, now)


def _seen(hub: Hub, watch: HubWatch, now: datetime) -> Health:
    at, why = watch.looked_at, conditions.reason_said(watch.reason)
    match watch.seen:
        case Seen.DOWN:
            since = told(watch.seen_since or now, now)
            sentence = _("It has not answered since %(when)s: %(why)s.") % {"when": since, "why": why}
            return Health("bad", _("does not answer"), sentence, at, is_down=True)
        case Seen.HIDDEN:
            return Health("wait", _("not known"), _("We cannot see it from here: %(why)s.") % {"why": why}, at)
        case Seen.NOTHING:
            return Health("wait", _("not seen yet"), _("We have not seen it answer yet: %(why)s.") % {"why": why}, at)
    if watch.failures:
        return Health("act", _("not sure"), _("It did not answer when we last looked. We look once more before we call it down."), at)
    if conditions.status(hub.conditions, "Usable") == "False":
        return Health("bad", _("in trouble"), _("It answers, but the last time it was tried no server started."), at, is_down=True)
    return Health("good", _("answers"), _("It answers."), at, answers=True)


def told(at: datetime, now: datetime) -> str:
    """A moment in the reader's time: the hour alone today, with the day before that."""
    local = timezone.localtime(at)
    return date_format(local, "H:i" if local.date() == timezone.localdate(now) else "D j M, H:i")


def looked_said(at: datetime, now: datetime) -> str:
    """How long ago that look was, in a sentence."""
    if now - at < timedelta(minutes=1):
        return _("Last looked less than a minute ago.")
    return _("Last looked %(ago)s ago.") % {"ago": timesince(at, now, depth=1)}


def days_of(seen: Past, *, until: date) -> list[Day]:
    """Ninety days out of what was seen of a hub."""
    return days({day: Tally(watched or 0, down or 0) for day, watched, down, _checks in seen}, until=until)


def days_by(field: str, keys: Iterable[int], *, until: date) -> dict[int, list[Day]]:
    """Ninety days of many, by that field of the hubs (`cluster`, `pk`), all their hubs taken together. One query."""
    rows = (
        HubDay.objects.filter(day__gt=until - timedelta(days=DAYS), day__lte=until, **{f"hub__{field}__in": list(keys)})
        .exclude(hub__state=HubState.ENDED)
        .values_list(f"hub__{field}", "day")
        .annotate(watched=Sum("watched_seconds"), down=Sum("down_seconds"))
        .order_by()
    )
    found: dict[int, dict[date, Tally]] = {}
    for key, day, watched, down in rows:
        found.setdefault(key, {})[day] = Tally(watched, down)
    return {key: days(tallies, until=until) for key, tallies in found.items()}


def uptime_said(shown: Sequence[Day]) -> str:
    """The share of the time in which it answered, in words that also say how much of it was watched."""
    tally = total(shown)
    if tally.share is None:
        return ""
    watched = sum(1 for day in shown if day.tally.watched)
    share = number_format(percent(tally.share), 2)
    if watched >= len(shown):
        return _("It answered %(share)s %% of the last %(days)s days.") % {"share": share, "days": len(shown)}
    said = ngettext(
        "It answered %(share)s %% of the time we watched it: %(watched)s day of the last %(days)s.",
        "It answered %(share)s %% of the time we watched it: %(watched)s days of the last %(days)s.",
        watched,
    )
    return said % {"share": share, "watched": watched, "days": len(shown)}


def bar_of(shown: Sequence[Day], *, key: str, title: str) -> Plot:
    """Those days as a row, with the days of trouble in words beside it."""
    cells = [Cell(date_format(day.day, "D j M Y"), LOOKS[day.level], _day_said(day)) for day in shown]
    ends = (date_format(shown[0].day, "j M"), date_format(shown[-1].day, "j M")) if shown else ("", "")
    headings = [_("Day (UTC)"), _("Did not answer for"), _("Watched")]
    return strip(key, title=title, description=uptime_said(shown), cells=cells, headings=headings, ends=ends)


def _day_said(day: Day) -> list[str]:
    return [length_said(day.tally.down), length_said(day.tally.watched)]


def length_said(seconds: int) -> str:
    """A length of time as people say it; less than a minute is one."""
    hours, minutes = divmod(max(round(seconds / 60), 1 if seconds else 0), 60)
    if not hours:
        return _("%(minutes)s min") % {"minutes": minutes}
    return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes}


@dataclass(frozen=True)
class Counted:
    """How many hubs of some are in which state."""

    live: int = 0
    troubled: int = 0
    unseen: int = 0

    @property
    def tone(self) -> str:
        return "bad" if self.troubled else "good" if self.live else "wait"

    @property
    def word(self) -> str:
        if self.troubled:
            return _("in trouble") if not self.live else _("partly in trouble")
        return _("answers") if self.live else _("not known")


def count_now(hubs: HubQuerySet, *, now: datetime) -> Counted:
    """How many of those hubs that run are in which state. One query."""
    return Counted(**hubs.present().aggregate(**_numbers(now)))


def states_of_clusters(clusters: Iterable[int], *, now: datetime) -> dict[int, Counted]:
    """How the hubs of each cluster are, taken together. One query."""
    rows = Hub.objects.present().filter(cluster__in=list(clusters)).order_by().values_list("cluster").annotate(**_numbers(now))
    return {cluster: Counted(*numbers) for cluster, *numbers in rows}


def _numbers(now: datetime) -> dict[str, Count]:
    """What was found of a hub counts as long as we go on looking."""
    lately = Q(watch__isnull=True) | Q(watch__due_at__gte=now - STALE)
    live, troubled = Q(state=HubState.LIVE) & lately, Q(state=HubState.TROUBLED) & lately
    return {
        "live": Count("pk", filter=live),
        "troubled": Count("pk", filter=troubled),
        "unseen": Count("pk", filter=~Q(state__in=[HubState.LIVE, HubState.TROUBLED]) | Q(watch__due_at__lt=now - STALE)),
    }


def measure(registry: CollectorRegistry) -> None:
    """For the site's metrics: hubs by state, and how long ago one was last looked at. Two queries."""
    hubs = Gauge("hubdesk_hubs", "Hubs that have not ended: live, troubled, or unseen", ["state"], registry=registry)
    for state, number in asdict(count_now(Hub.objects.all(), now=timezone.now())).items():
        hubs.labels(state).set(number)
    last = HubWatch.objects.aggregate(last=Max("looked_at"))["last"]
    if last is not None:
        age = Gauge("hubdesk_hub_look_age_seconds", "Since a hub was last looked at", registry=registry)
        age.set((timezone.now() - last).total_seconds())
