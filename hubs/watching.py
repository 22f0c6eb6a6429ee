"""Looking at every hub whose time has come, and keeping what was seen (docs/adr/0049).

One silent look is a blip, two are an outage; one answer ends it. Silence of a hub that never answered is no outage, and when every hub
falls silent at once we doubt our own network and say nothing.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Greatest
from django.utils import timezone

from hubs import conditions
from hubs.models import Hub, HubDay, HubQuerySet, HubWatch, HubWatchQuerySet, Outage
from hubs.policy import may_be_private
from hubs.probing import Look, Outcome, Prober
from hubs.uptime import Span, Tally, measure

logger = logging.getLogger(__name__)

AT_ONCE = 10
BATCH = 100
SILENT_LOOKS = 2
APART = timedelta(seconds=45)  # two looks that are closer are one: somebody pressed the button twice
LEASE = timedelta(minutes=5)
LATE = timedelta(minutes=5)  # a look that comes later than this leaves a gap
OFTEN, SELDOM, RARELY = timedelta(seconds=90), timedelta(minutes=10), timedelta(minutes=30)
LONGEST = RARELY + LEASE
VERSION_KEPT = timedelta(days=1)
ENOUGH_TO_DOUBT = 3
SLOWEST_KEPT = 600_000
LEARNT = [each.name for each in HubWatch._meta.concrete_fields if each.name not in {"hub", "created_at"}]

Seen = HubWatch.Seen


@dataclass
class Notes:
    """What a batch of looks changes, collected to be written in few statements."""

    days: dict[tuple[int, date], HubDay] = field(default_factory=dict)
    began: list[Outage] = field(default_factory=list)
    ended: list[int] = field(default_factory=list)
    turned: list[HubWatch] = field(default_factory=list)


def watch_all() -> int:
    """Look at every hub that is due; how many were. Several workers share the work."""
    _begin(Hub.objects.all())
    done = 0
    while found := watch(_claim(HubWatch.objects.all(), most=BATCH)):
        done += found
    return done


def watch_one(hub_pk: int) -> int:
    """Look at that one, if it is due."""
    _begin(Hub.objects.filter(pk=hub_pk))
    return watch(_claim(HubWatch.objects.filter(hub=hub_pk), most=1))


def watch(held: Sequence[HubWatch]) -> int:
    """Look at the hubs that were claimed, ten at once, and keep what was seen; how many those were."""
    if not held:
        return 0
    looks = _look_at(held)
    if _is_our_own_trouble(held, looks):
        logger.warning("None of %s hubs that answered before is heard: taken for trouble of our own network, nothing is kept", len(looks))
        _let_go(held)
    else:
        _keep(held, looks)
    return len(held)


def _begin(hubs: HubQuerySet) -> None:
    """Hubs that came are looked at from now on; outages of hubs that went are over."""
    now = _now()
    new = hubs.present().filter(watch__isnull=True).exclude(domain="").values_list("pk", flat=True)
    HubWatch.objects.bulk_create([HubWatch(hub_id=key, due_at=now, created_at=now) for key in new], ignore_conflicts=True)
    Outage.objects.open().exclude(hub__in=Hub.objects.present()).update(ended=Greatest(F("began"), Value(now)))


def _claim(rows: HubWatchQuerySet, *, most: int) -> list[HubWatch]:
    """Take due hubs for as long as the lease. A clock that was set back is no reason to wait for the old time."""
    now, word = _now(), uuid4().hex
    free = Q(held_until__isnull=True) | Q(held_until__lte=now) | Q(held_until__gt=now + LEASE)
    due = Q(due_at__lte=now) | Q(due_at__gt=now + LONGEST)
    keys = list(rows.watchable().filter(free, due).order_by("due_at", "pk").values_list("pk", flat=True)[:most])
    HubWatch.objects.filter(free, due, pk__in=keys).update(held_by=word, held_until=now + LEASE)
    return list(HubWatch.objects.filter(held_by=word).select_related("hub__cluster")) if keys else []


def _look_at(held: Sequence[HubWatch]) -> dict[int, Look]:
    """One look a hub; the threads know nothing of the database."""
    now = _now()
    asked = [(watch.pk, watch.hub.url, may_be_private(watch.hub.cluster.name), _wants_version(watch, now)) for watch in held]
    with _prober() as prober, ThreadPoolExecutor(AT_ONCE) as pool:
        looks = pool.map(lambda each: prober.look(each[1], private=each[2], with_version=each[3]), asked)
        return {each[0]: look for each, look in zip(asked, looks, strict=True)}


def _prober() -> Prober:
    return Prober(name=f"Hubdesk ({settings.SITE_URL})", transport=settings.HUB_API_TRANSPORT)


def _wants_version(watch: HubWatch, now: datetime) -> bool:
    return watch.version_at is None or watch.seen != Seen.UP or not timedelta(0) <= now - watch.version_at < VERSION_KEPT


def _is_our_own_trouble(held: Iterable[HubWatch], looks: Mapping[int, Look]) -> bool:
    """Whether nobody is heard of all that answered before. A control address knows; without one, hubs of two clusters must agree."""
    before = [watch for watch in held if watch.seen == Seen.UP]
    if not before or not all(looks[watch.pk].is_unheard for watch in before):
        return False
    if settings.HUB_CONTROL_URL:
        with _prober() as prober:
            return prober.look(settings.HUB_CONTROL_URL, private=True).is_unheard
    return len(before) >= ENOUGH_TO_DOUBT and len({watch.hub.cluster_id for watch in before}) > 1


def _let_go(held: Sequence[HubWatch]) -> None:
    rows = HubWatch.objects.filter(held_by=held[0].held_by)
    rows.update(held_by="", held_until=None, due_at=_now() + OFTEN)


@transaction.atomic
def _keep(held: Sequence[HubWatch], looks: Mapping[int, Look]) -> None:
    """Write what was seen, for the hubs that are still ours: another worker may have taken over what took too long."""
    now, notes = _now(), Notes()
    ours = list(HubWatch.objects.select_for_update().filter(held_by=held[0].held_by, pk__in=looks))
    _count(ours, looks, notes, now)
    for watch in ours:
        _learn(watch, looks[watch.pk], notes, now)
    HubWatch.objects.bulk_create(ours, update_conflicts=True, unique_fields=["hub"], update_fields=LEARNT)
    Outage.objects.open().filter(hub__in=notes.ended).update(ended=Greatest(F("began"), Value(now)))
    Outage.objects.bulk_create(notes.began, ignore_conflicts=True)
    _tell(notes.turned, now)


def _count(ours: Sequence[HubWatch], looks: Mapping[int, Look], notes: Notes, now: datetime) -> None:
    """Add the time since the last look to the days, and this look to its day."""
    spent = {watch.pk: _time_since(watch, looks[watch.pk], now) for watch in ours}
    wanted = {(key, day) for key, tallies in spent.items() for day in {*tallies, now.date()}}
    rows = HubDay.objects.select_for_update().filter(hub__in=[watch.pk for watch in ours], day__in={day for _key, day in wanted})
    known = {(row.hub_id, row.day): row for row in rows}
    notes.days = {each: known.get(each) or HubDay(hub_id=each[0], day=each[1]) for each in wanted}
    for key, tallies in spent.items():
        for day, tally in tallies.items():
            notes.days[key, day].watched_seconds += tally.watched
            notes.days[key, day].down_seconds += tally.down
        _add_look(notes.days[key, now.date()], looks[key])
    counted = ["checks", "ok", "watched_seconds", "down_seconds", "took_ms", "slowest_ms"]
    HubDay.objects.bulk_create(notes.days.values(), update_conflicts=True, unique_fields=["hub", "day"], update_fields=counted)


def _add_look(day: HubDay, look: Look) -> None:
    if look.outcome == Outcome.HIDDEN:
        return
    day.checks += 1
    if look.outcome == Outcome.ANSWERS:
        day.ok += 1
        day.took_ms += min(look.took_ms, SLOWEST_KEPT)
        day.slowest_ms = max(day.slowest_ms, min(look.took_ms, SLOWEST_KEPT))


def _time_since(watch: HubWatch, look: Look, now: datetime) -> dict[date, Tally]:
    """The time since the last look, if it was watched: down while an outage goes on, or when this look makes it one."""
    if watch.seen not in {Seen.UP, Seen.DOWN} or look.outcome == Outcome.HIDDEN or not _is_on_time(watch, now):
        return {}
    span = Span(watch.looked_at, now)  # type: ignore[arg-type]  # what is on time was looked at
    is_down = watch.seen == Seen.DOWN or (look.outcome == Outcome.SILENT and _is_sure(watch, now))
    return measure([span], [span] if is_down else [])


def _is_on_time(watch: HubWatch, now: datetime) -> bool:
    """Whether the last look was so lately that we may speak of the time between."""
    return watch.looked_at is not None and watch.looked_at <= now <= max(watch.due_at, watch.looked_at + OFTEN) + LATE


def _is_sure(watch: HubWatch, now: datetime) -> bool:
    """Whether one more silent look makes it an outage."""
    return watch.failures + 1 >= SILENT_LOOKS and watch.failing_since is not None and now - watch.failing_since >= APART


def _learn(watch: HubWatch, look: Look, notes: Notes, now: datetime) -> None:
    """What this look says of the hub, and when to look again."""
    before = (watch.seen, watch.reason)
    if not _is_on_time(watch, now) and watch.seen != Seen.DOWN:
        watch.failures, watch.failing_since = 0, None
    LEARN[look.outcome](watch, look, notes, now)
    watch.looked_at, watch.asked_at, watch.held_by, watch.held_until = now, None, "", None
    watch.due_at = now + _pause(watch, now)
    if before != (watch.seen, watch.reason):
        notes.turned.append(watch)


def _it_answers(watch: HubWatch, look: Look, notes: Notes, now: datetime) -> None:
    if _wants_version(watch, now):
        watch.version, watch.version_at = look.version or watch.version, now
    if watch.seen == Seen.DOWN:
        notes.ended.append(watch.pk)
    _turn(watch, Seen.UP, now)
    watch.reason, watch.failures, watch.failing_since = "", 0, None
    watch.answered_at, watch.took_ms = now, min(look.took_ms, SLOWEST_KEPT)


def _it_is_silent(watch: HubWatch, look: Look, notes: Notes, now: datetime) -> None:
    is_sure = _is_sure(watch, now)
    watch.failures = min(watch.failures + 1, 30_000)
    watch.failing_since = watch.failing_since or now
    if not watch.has_answered:
        watch.seen, watch.seen_since, watch.reason = Seen.NOTHING, None, str(look.why or "")
        return
    if watch.seen != Seen.DOWN and not is_sure:
        return
    if watch.seen != Seen.DOWN:
        notes.began.append(Outage(hub_id=watch.pk, began=watch.failing_since, reason=str(look.why or "")))
        watch.seen_since = watch.failing_since
    watch.seen, watch.reason, watch.took_ms = Seen.DOWN, str(look.why or ""), None


def _it_is_hidden(watch: HubWatch, look: Look, notes: Notes, now: datetime) -> None:
    """It cannot be seen from here any more: an outage that went on is over as far as we know."""
    if watch.seen == Seen.DOWN:
        notes.ended.append(watch.pk)
    _turn(watch, Seen.HIDDEN, now)
    watch.reason, watch.failures, watch.failing_since, watch.took_ms = str(look.why or ""), 0, None, None


LEARN = {Outcome.ANSWERS: _it_answers, Outcome.SILENT: _it_is_silent, Outcome.HIDDEN: _it_is_hidden}


def _turn(watch: HubWatch, seen: str, now: datetime) -> None:
    if watch.seen != seen:
        watch.seen, watch.seen_since = seen, now


def _pause(watch: HubWatch, now: datetime) -> timedelta:
    """Every two minutes while it is well or newly silent, more seldom the longer nobody is there."""
    if watch.seen == Seen.HIDDEN:
        return RARELY
    if not watch.failures:
        return OFTEN
    silent = now - (watch.failing_since or now)
    return OFTEN if silent < timedelta(hours=1) else SELDOM if silent < timedelta(days=1) else RARELY


def _tell(turned: Sequence[HubWatch], now: datetime) -> None:
    """Ready, and the state that follows from it, for hubs that turned. What a deployer saw stays while we see nothing."""
    watches = {watch.pk: watch for watch in turned}
    hubs = list(Hub.objects.select_for_update(of=("self",)).filter(pk__in=watches).running().order_by("pk"))
    for hub in hubs:
        watch = watches[hub.pk]
        if watch.has_answered or conditions.status(hub.conditions, "Ready") == conditions.UNKNOWN:
            hub.conditions = conditions.looked(hub.conditions, ready=watch.ready, reason=watch.reason, now=now)
            hub.state = conditions.summary(hub.conditions)
            hub.updated_at = now
    Hub.objects.bulk_update(hubs, ["conditions", "state", "updated_at"])


def _now() -> datetime:
    """Whole seconds, so that days add up."""
    return timezone.now().replace(microsecond=0)
