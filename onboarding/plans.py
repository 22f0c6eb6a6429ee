"""The onboarding plan: opened at acceptance, its items settled by people, its phases computed and their times kept."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.models import Community
from ground.actors import Actor
from ground.states import WrongState
from onboarding import progress
from onboarding.models import Application, Decision, Item, OnboardingPlan, Phase, PlanTemplateVersion
from onboarding.models.plans import Held, PlanQuerySet
from onboarding.readiness import PhaseStanding, Standing
from onboarding.states import ItemState, Outcome, Supplier

PHASE_KEYS = ("key", "owner", "title", "done_when", "needs", "fields", "skip", "starts", "after_start", "whole", "days")
FIRST_PHASE = "p0_agree"
NO_LANGUAGE = "und"  # of texts that people wrote in whichever language they write


class NotTicked(WrongState):
    """Nobody ticks this, or not now; the words say why."""


@transaction.atomic
def open_plan(community: Community, application: Application | None = None, *, by: Actor) -> OnboardingPlan:
    """Take the programme's current template over for this community, with the conditions it was accepted under as items."""
    template = PlanTemplateVersion.objects.get(programme=community.programme, is_current=True)
    plan = OnboardingPlan.objects.create(community=community, application=application, template=template, opened_by=by.user)
    for position, row in enumerate(template.document["phases"]):
        phase = Phase.objects.create(plan=plan, position=position, **{key: row[key] for key in PHASE_KEYS if key in row})
        Item.objects.bulk_create(_item(phase, place, item) for place, item in enumerate(row["items"]))
    _add_conditions(plan, application)
    recompute(plan)
    return plan


@transaction.atomic
def settle(item: Item, *, by: Actor, state: str = ItemState.DONE, note: str = "") -> Item:
    """Say that an item is done, or not needed. Raises `NotTicked`, and `WrongState` when it was said before."""
    plan = locked(item.phase.plan)
    _refuse(item, plan)
    return _settled(item, plan, state=state, note=note, by=by)


@transaction.atomic
def confirm(item: Item, *, by: Actor) -> Item:
    """Keep one side's word on a new hub. `validating.all_good` decides whose it is, and whether it can be said now."""
    return _settled(item, locked(item.phase.plan), state=ItemState.DONE, note="", by=by)


def _settled(item: Item, plan: OnboardingPlan, *, state: str, note: str, by: Actor) -> Item:
    item.settled_by, item.settled_at, item.settled_label = by.user, timezone.now(), by.label[:200]
    item.note = note
    item.save(update_fields=["settled_by", "settled_at", "settled_label", "note"])
    item.move_to(state, by=by, note=note)
    Phase.objects.filter(pk=item.phase_id, started_at=None).update(started_at=item.settled_at)
    recompute(plan)
    return item


@transaction.atomic
def unsettle(item: Item, *, by: Actor) -> Item:
    """Say that it is to do after all. Raises `NotTicked`, and `WrongState` when it is to do already."""
    plan = locked(item.phase.plan)
    _refuse(item, plan)
    _put_back(item, by=by)
    recompute(plan)
    return item


@transaction.atomic
def restart(phase: Phase, *, by: Actor) -> Phase:
    """Begin a phase again: its items are to do, and the loop is counted. When it was first ready stays."""
    for item in phase.items.exclude(state=ItemState.TODO):
        _put_back(item, by=by)
    phase.loops, phase.done_at, phase.started_at, phase.due_at = phase.loops + 1, None, None, None
    phase.save(update_fields=["loops", "done_at", "started_at", "due_at"])
    return phase


def add_items(phase: Phase, texts: Iterable[Mapping[str, str]], *, supplied_by: str, prefix: str) -> list[Item]:
    """More to do in a phase, after what is there; keys go on counting behind `prefix`."""
    position, taken = phase.items.count(), phase.items.filter(key__startswith=f"{prefix}-").count()
    return Item.objects.bulk_create(
        Item(phase=phase, position=position + number, key=f"{prefix}-{taken + number + 1}", text=text, supplied_by=supplied_by)
        for number, text in enumerate(texts)
    )


def locked(plan: OnboardingPlan) -> OnboardingPlan:
    """The plan, held until the transaction ends: whoever changes a plan does so after the other."""
    return OnboardingPlan.objects.select_for_update(of=("self",)).select_related("community__programme").get(pk=plan.pk)


@transaction.atomic
def recompute(plan: OnboardingPlan, *, now: datetime | None = None) -> list[PhaseStanding]:
    """Look again where each phase stands; keep when it was first ready, when done, and who held it for how long."""
    now, plan = now or timezone.now(), locked(plan)
    found, phases = progress.standings_of(plan), {phase.key: phase for phase in plan.phases.all()}
    for each in found:
        _keep(phases[each.phase.key], each, now)
    _hand_over(plan, holder_of(found), now)
    plan.computed_at = now
    plan.save(update_fields=["computed_at", "held_by", "held_since", "minutes_community", "minutes_provider"])
    return found


def recompute_all() -> int:
    """Every plan that may still move, one transaction each; how many there were."""
    return _recompute_each(OnboardingPlan.objects.moving())


def recompute_changed() -> int:
    """Those whose hub request, matrix or people changed since they were computed last: rooms to the left know no plans."""
    return _recompute_each(OnboardingPlan.objects.moving().overtaken())


def holder_of(found: Iterable[PhaseStanding]) -> str:
    """Who has to move a plan: the owner of the first open phase that is not the community's alone, else the community."""
    holders = [each.holder for each in found if each.is_open]
    ours = [holder for holder in holders if holder != Supplier.COMMUNITY]
    return (ours or holders or [""])[0]


def _refuse(item: Item, plan: OnboardingPlan) -> None:
    """Raise `NotTicked` unless a person may tick this now: it is neither looked up nor confirmed, and its phase has begun."""
    if item.is_computed:
        raise NotTicked(_("This is looked up; nobody ticks it."))
    if item.is_confirmation:
        raise NotTicked(_("Each side says this for itself, once the hub is being validated."))
    found = {each.phase.key: each for each in progress.standings_of(plan)}
    if not found[item.phase.key].has_begun:
        raise NotTicked(_("This phase has not begun yet."))


def _recompute_each(rows: PlanQuerySet) -> int:
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    for key in keys:
        recompute(OnboardingPlan(pk=key))
    return len(keys)


def _keep(phase: Phase, found: PhaseStanding, now: datetime) -> None:
    before = (phase.ready_at, phase.done_at, phase.due_at, phase.held_by)
    is_done = found.standing == Standing.DONE
    if is_done or found.standing == Standing.READY:
        phase.ready_at = phase.ready_at or now
    if found.standing == Standing.READY and phase.days:
        phase.due_at = phase.due_at or now + timedelta(days=phase.days)
    phase.done_at = (phase.done_at or now) if is_done else None
    _hand_over(phase, found.holder, now)
    if before != (phase.ready_at, phase.done_at, phase.due_at, phase.held_by):
        phase.save(update_fields=["ready_at", "done_at", "due_at", "held_by", "held_since", "minutes_community", "minutes_provider"])


def _hand_over(held: Held, holder: str, now: datetime) -> None:
    """From now on that one holds it; the minutes of who held it until now are counted."""
    if held.held_by == holder:
        return
    if held.held_since:
        minutes = max(int((now - held.held_since).total_seconds() // 60), 0)
        if held.held_by == Supplier.COMMUNITY:
            held.minutes_community += minutes
        else:
            held.minutes_provider += minutes
    held.held_by, held.held_since = holder, now if holder else None


def _put_back(item: Item, *, by: Actor) -> None:
    item.move_to(ItemState.TODO, by=by)
    item.settled_by = item.settled_at = None
    item.settled_label = ""
    item.save(update_fields=["settled_by", "settled_at", "settled_label"])


def _add_conditions(plan: OnboardingPlan, application: Application | None) -> None:
    """The community fulfils what it was accepted under before the first phase is done; one condition a line."""
    decision = Decision.objects.standing().filter(application=application, outcome=Outcome.ACCEPT_WITH_CONDITIONS).first()
    lines = [line.strip(" -•\t") for line in decision.conditions.splitlines()] if application and decision else []
    phase = plan.phases.filter(key=FIRST_PHASE).first() or plan.phases.first()
    if phase is not None:
        add_items(phase, [{NO_LANGUAGE: line} for line in lines if line], supplied_by=Supplier.COMMUNITY, prefix="condition")


def _item(phase: Phase, position: int, row: dict[str, Any]) -> Item:
    return Item(
        phase=phase,
        position=position,
        key=row["key"],
        text=row["text"],
        supplied_by=row["supplied_by"],
        check_name=row.get("check", ""),
        or_check=row.get("or_check", ""),
        optional=row.get("optional", False),
    )
