"""The onboarding plan: opened at acceptance, its items settled by people, its phases computed."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.models import Community
from ground.actors import Actor
from ground.states import WrongState
from onboarding import progress
from onboarding.models import Application, Item, OnboardingPlan, Phase, PlanTemplateVersion
from onboarding.readiness import Standing
from onboarding.states import ItemState

PHASE_KEYS = ("key", "owner", "title", "done_when", "needs", "fields", "skip", "starts")


@transaction.atomic
def open_plan(community: Community, application: Application | None = None, *, by: Actor) -> OnboardingPlan:
    """Take the programme's current template over for this community."""
    template = PlanTemplateVersion.objects.get(programme=community.programme, is_current=True)
    plan = OnboardingPlan.objects.create(community=community, application=application, template=template, opened_by=by.user)
    for position, row in enumerate(template.document["phases"]):
        phase = Phase.objects.create(plan=plan, position=position, **{key: row[key] for key in PHASE_KEYS if key in row})
        Item.objects.bulk_create(_item(phase, place, item) for place, item in enumerate(row["items"]))
    _stamp(plan)
    return plan


@transaction.atomic
def settle(item: Item, *, by: Actor, state: str = ItemState.DONE, note: str = "") -> Item:
    """Say that an item is done, or not needed. Raises `WrongState` for what is looked up and never settled."""
    if item.is_computed:
        raise WrongState(_("This is looked up; nobody ticks it."))
    item.settled_by, item.settled_at, item.note = by.user, timezone.now(), note
    item.save(update_fields=["settled_by", "settled_at", "note"])
    item.move_to(state, by=by, note=note)
    _stamp(item.phase.plan)
    return item


@transaction.atomic
def unsettle(item: Item, *, by: Actor) -> Item:
    """Say that it is to do after all."""
    item.move_to(ItemState.TODO, by=by)
    item.settled_by = item.settled_at = None
    item.save(update_fields=["settled_by", "settled_at"])
    return item


def _item(phase: Phase, position: int, row: dict[str, Any]) -> Item:
    return Item(
        phase=phase,
        position=position,
        key=row["key"],
        text=row["text"],
        supplied_by=row["supplied_by"],
        check_name=row.get("check", ""),
        optional=row.get("optional", False),
    )


def _stamp(plan: OnboardingPlan) -> None:
    """Keep when each phase was first ready and first done: how long it waited for whom is told from these."""
    now = timezone.now()
    for found in progress.standings_of(plan):
        if found.standing in {Standing.READY, Standing.DONE}:
            plan.phases.filter(key=found.phase.key, ready_at=None).update(ready_at=now)
        if found.standing == Standing.DONE:
            plan.phases.filter(key=found.phase.key, done_at=None).update(done_at=now)
