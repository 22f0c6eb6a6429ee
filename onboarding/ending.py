"""The end of our service to a community: begun, exported, written about, deleted only when that is safe, and finished."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from communities.models import Community, User
from communities.states import CommunityState
from ground.actors import Actor
from ground.states import WrongState
from hubs.models import Hub, HubRequest
from hubs.states import CARRIED_OUT, Kind
from onboarding import emails, plans, progress
from onboarding.models import Ending, EndingLetter, OnboardingPlan
from onboarding.readiness import Standing

EXPORT_DAYS = 7  # between the last export and the end; docs.2i2c.org
LETTERS = {EndingLetter.Kind.BEFORE: 14, EndingLetter.Kind.REMINDER: 2}
METRICS = timedelta(days=365)
PHASE = "x_offboard"


class Blocked(Exception):
    """A rule forbids it; `rules` says which, in words."""

    def __init__(self, rules: list[str]) -> None:
        super().__init__("; ".join(rules))
        self.rules = rules


@dataclass(frozen=True)
class Rule:
    """One rule of an end, and whether it holds. `severity`: warn, block or task, as in intake_defaults.yaml."""

    key: str
    severity: str
    holds: bool
    words: str


@transaction.atomic
def begin(
    community: Community, *, ends_on: date, reason: str, by: Actor, export_until: date | None = None, request: HubRequest | None = None
) -> Ending:
    """Begin the end. Raises `Blocked` when there is no week left for exports, `WrongState` when it has begun or is over."""
    community = Community.objects.select_for_update(of=("self",)).select_related("programme").get(pk=community.pk)
    export_until = export_until or ends_on - timedelta(days=EXPORT_DAYS)
    if export_until > ends_on - timedelta(days=EXPORT_DAYS) or export_until <= timezone.localdate():
        raise Blocked([_("People need until at least a day from now to export, and a week passes between that and the last day.")])
    community.move_to(CommunityState.ENDING, by=by, note=reason[:200])
    ending = Ending.objects.create(
        community=community, request=request, ends_on=ends_on, export_until=export_until, reason=reason, begun_by=by.user
    )
    log(community, "onboarding.ending", user=by.user, data={"ends_on": ends_on.isoformat(), "by": by.label})
    _look_again(community)
    return ending


@transaction.atomic
def withdraw(ending: Ending, *, by: Actor, note: str = "") -> Ending:
    """It goes on after all. Raises `WrongState` once the data is deleted."""
    ending = _locked(ending)
    if ending.deleted_at is not None:
        raise WrongState(_("The data is deleted; this end cannot be taken back."))
    ending.withdrawn_at = timezone.now()
    ending.save(update_fields=["withdrawn_at"])
    ending.community.move_to(_state_before(ending.community), by=by, note=note)
    _look_again(ending.community)
    return ending


@transaction.atomic
def say_unused(ending: Ending, *, by: Actor) -> Ending:
    """Nobody uses the hub any more."""
    ending = _locked(ending)
    ending.unused_by, ending.unused_at = by.user, timezone.now()
    return _kept(ending, "unused_by", "unused_at")


@transaction.atomic
def settle_data(ending: Ending, *, data: str, note: str, by: Actor) -> Ending:
    """The data is moved, or may be deleted; who said so stands in the note."""
    ending = _locked(ending)
    ending.data, ending.data_note, ending.data_by, ending.data_at = data, note, by.user, timezone.now()
    return _kept(ending, "data", "data_note", "data_by", "data_at")


@transaction.atomic
def say_deleted(ending: Ending, *, by: Actor) -> Ending:
    """The hub and its data are gone. Raises `Blocked` while that would not have been safe."""
    ending, today = _locked(ending), timezone.localdate()
    if broken := [rule.words for rule in rules(ending, today) if rule.key in {"end_data", "end_export"} and not rule.holds]:
        raise Blocked(broken)
    ending.deleted_by, ending.deleted_at = by.user, timezone.now()
    ending.metrics_until = today + METRICS
    _kept(ending, "deleted_by", "deleted_at", "metrics_until")
    write_letters(ending, today)
    _look_again(ending.community)
    return ending


@transaction.atomic
def finish(ending: Ending, *, by: Actor) -> Ending:
    """The community has ended; its record stays readable. Raises `Blocked` while a rule or an item is open."""
    ending = _locked(ending)
    if broken := [*_broken(ending, timezone.localdate()), *_undone(ending)]:
        raise Blocked(broken)
    ending.finished_at = timezone.now()
    ending.save(update_fields=["finished_at"])
    ending.community.move_to(CommunityState.ENDED, by=by)
    _look_again(ending.community)
    return ending


def rules(ending: Ending, today: date) -> list[Rule]:
    """The rules of an end (`intake_defaults.yaml`, rules end_*), each with whether it holds."""
    notice = ending.community.programme.policy.ending_notice_days
    given = (ending.ends_on - timezone.localdate(ending.begun_at)).days
    safe = ending.unused_at is not None and bool(ending.data)
    return [
        Rule(
            "end_notice",
            "warn",
            given >= notice,
            _("%(given)d days of notice; %(wanted)d are promised.") % {"given": given, "wanted": notice},
        ),
        Rule(
            "end_export",
            "block",
            ending.export_until < today,
            _("People may export until %(day)s.") % {"day": date_format(ending.export_until)},
        ),
        Rule("end_data", "block", safe, _("Nothing is deleted before the hub is no longer used and the data is moved or may be deleted.")),
        Rule("end_letters", "task", _all_written(ending), _("Letters go out 14 days before, 2 days before and after the deletion.")),
        Rule("end_metrics", "task", ending.metrics_until is not None, _("Figures of use and cost are kept for a year.")),
    ]


def begin_accepted(today: date) -> int:
    """Begin the end of every community whose last hub is closed by an accepted request. How many began."""
    known = Ending.objects.filter(request__isnull=False).values("request")
    rows = HubRequest.objects.filter(kind=Kind.DECOMMISSION, state__in=sorted(CARRIED_OUT)).exclude(pk__in=known)
    return sum(
        _begin_for(row, today) for row in rows.filter(community__state__in=["onboarding", "live"]).select_related("community", "hub")
    )


def write_due(today: date) -> int:
    """Queue every letter whose day has come, each once a person. How many."""
    endings = Ending.objects.open().select_related("community__programme")
    return sum(write_letters(ending, today) for ending in endings)


def write_letters(ending: Ending, today: date) -> int:
    """Queue the letters of one end that are due and were not written yet."""
    people = list(ending.community.representatives().filter(is_active=True))
    return sum(_write(ending, kind, user) for kind in _due(ending, today) for user in people)


@transaction.atomic
def _write(ending: Ending, kind: str, user: User) -> bool:
    letter, is_new = EndingLetter.objects.get_or_create(ending=ending, kind=kind, to=user)
    if is_new:
        emails.ending.queue(to=user.email, language=user.language, letter_id=letter.pk)
    return is_new


def _due(ending: Ending, today: date) -> Iterator[str]:
    if ending.deleted_at is not None:
        yield EndingLetter.Kind.DELETED
        return
    for kind, days in LETTERS.items():
        if today >= ending.ends_on - timedelta(days=days):
            yield kind


def _all_written(ending: Ending) -> bool:
    return ending.letters_settled >= set(EndingLetter.Kind.values)


def _begin_for(request: HubRequest, today: date) -> bool:
    """One hub of several ends without the community ending; a last day that leaves no week for exports is moved to one that does."""
    others = Hub.objects.filter(community=request.community).running().exclude(pk=request.hub_id or 0)
    if others.exists():
        return False
    told = request.document.get("decommission", {})
    soonest = today + timedelta(days=EXPORT_DAYS + 1)
    last = date.fromisoformat(told["last_day"]) if told.get("last_day") else soonest
    reason = told.get("note") or told.get("reason") or request.reference
    begin(request.community, ends_on=max(last, soonest), reason=str(reason)[:500], by=Actor.system(), request=request)
    return True


def _state_before(community: Community) -> str:
    """Where the community was when the end began."""
    event = community.stage_events().filter(after=CommunityState.ENDING).last()
    return event.before if event else CommunityState.LIVE


def _broken(ending: Ending, today: date) -> list[str]:
    deleted = [] if ending.deleted_at else [_("The hub and its data are not deleted yet.")]
    return deleted + [rule.words for rule in rules(ending, today) if rule.severity != "warn" and not rule.holds]


def _undone(ending: Ending) -> list[str]:
    plan = OnboardingPlan.objects.filter(community=ending.community).select_related("community__programme").first()
    found = progress.standings_of(plan) if plan else []
    return [str(item) for each in found if each.phase.key == PHASE and each.standing != Standing.DONE for item in each.open_items]


def _locked(ending: Ending) -> Ending:
    """The open ending, held. Raises `WrongState` when it is over."""
    row = Ending.objects.select_for_update(of=("self",)).select_related("community__programme").get(pk=ending.pk)
    if not row.is_open:
        raise WrongState(_("This end is over already."))
    return row


def _kept(ending: Ending, *fields: str) -> Ending:
    ending.save(update_fields=fields)
    _look_again(ending.community)
    return ending


def _look_again(community: Community) -> None:
    for plan in OnboardingPlan.objects.filter(community=community):
        plans.recompute(plan)
