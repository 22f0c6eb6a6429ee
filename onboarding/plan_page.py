"""The plan as one person sees it: each phase in words, and what they themselves may settle."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from communities.models import Community
from communities.states import CommunityState
from ground.actors import Actor
from ground.states import Look
from ground.texts import pick
from hubs.models import HubRequest
from onboarding import asking, progress, value
from onboarding.access import ANSWER, ASK_COMMUNITY, GUIDE, SAY_DELETED, SETTLE_DATA, STATE_VALUE, VALIDATE, can_settle
from onboarding.ending import rules as ending_rules
from onboarding.models import Agreement, Asking, Ending, OnboardingPlan, Phase
from onboarding.models.plans import Held
from onboarding.readiness import ItemFacts, MissingAnswer, PhaseStanding
from onboarding.states import Supplier

MINUTES_A_DAY = 24 * 60
ASKINGS_SHOWN = 10
OWNERS: dict[str, str | Promise] = {
    "community": gettext_lazy("the community"),
    "partnerships": gettext_lazy("our partnerships team"),
    "product_services": gettext_lazy("our service team"),
    "engineer": gettext_lazy("our engineers"),
    "provider": gettext_lazy("us"),
}


@dataclass(frozen=True)
class ShownItem:
    """One item, and whether this person may settle it."""

    item: ItemFacts
    holder: str | Promise
    may_settle: bool


@dataclass(frozen=True)
class Times:
    """When a phase was ready and done, and how many days it waited for whom until now."""

    ready_at: datetime | None
    due_at: datetime | None
    done_at: datetime | None
    is_overdue: bool
    loops: int
    days_community: int
    days_us: int


@dataclass(frozen=True)
class ShownPhase:
    """One phase in words."""

    key: str
    title: str
    done_when: str
    standing: str | Promise
    look: Look
    holder: str | Promise
    is_open: bool
    times: "Times"
    waits_for: str
    missing: Sequence[tuple[MissingAnswer, str | Promise]]
    items: Sequence[ShownItem]


def context(plan: OnboardingPlan, *, actor: Actor) -> dict[str, Any]:
    """Everything the page shows, in the same number of queries for a short plan and a long one."""
    request = progress.hub_request(plan.community)
    shown = phases(plan, progress.standings_for(plan, request), actor=actor)
    return {
        "phases": shown,
        "owed": owed(shown),
        "request_url": request_url(request, actor=actor),
        "may": _rights(actor, plan.community),
        "is_validated_now": any(phase.key == "p4_validate" and phase.is_open and not phase.missing for phase in shown),
        "is_live": plan.community.state == CommunityState.LIVE,
        "is_ending": plan.community.state == CommunityState.ENDING,
        "may_begin_end": plan.community.state in {CommunityState.ONBOARDING, CommunityState.LIVE},
        "may_go_live": plan.community.state == CommunityState.ONBOARDING,
        "waited": days_waited(plan, timezone.now()),
        "askings": _askings(plan, request) if ASK_COMMUNITY.is_held_by(actor) else [],
    } | _papers(plan)


def _papers(plan: OnboardingPlan) -> dict[str, Any]:
    """The agreement that holds, the end if it has begun, and first value."""
    ending = Ending.objects.filter(community=plan.community, withdrawn_at=None).first()
    if ending is not None:
        ending.community = plan.community
    return {
        "agreement": Agreement.objects.latest_of(plan.community),
        "ending": ending,
        "ending_rules": ending_rules(ending, timezone.localdate()) if ending else [],
        "first_value_on": value.first_value_on(plan.community),
        "days_to_value": value.days_to_first_value(plan.community),
    }


def _rights(actor: Actor, community: Community) -> dict[str, bool]:
    rights = {"ask": ASK_COMMUNITY, "answer": ANSWER, "validate": VALIDATE, "guide": GUIDE, "state_value": STATE_VALUE}
    rights |= {"settle_data": SETTLE_DATA, "say_deleted": SAY_DELETED}
    return {name: right.is_held_by(actor, community) for name, right in rights.items()}


def _askings(plan: OnboardingPlan, request: HubRequest | None) -> list[tuple[Asking, asking.Standing]]:
    """What was asked lately and how far it is answered."""
    rows = plan.askings.select_related("to", "asked_by").prefetch_related("items")[:ASKINGS_SHOWN]
    return [(row, asking.standing(row, request)) for row in rows]


def phases(plan: OnboardingPlan, found: Sequence[PhaseStanding], *, actor: Actor) -> list[ShownPhase]:
    """Every phase in order."""
    may = {side: can_settle(actor, plan.community, supplied_by=side) for side in ("community", "provider")}
    rows, now = {row.key: row for row in plan.phases.all()}, timezone.now()
    return [_shown(each, may, times(rows[each.phase.key], now)) for each in found]


def times(phase: Phase, now: datetime) -> Times:
    """The times of one phase, the running wait included."""
    waited = days_waited(phase, now)
    return Times(
        ready_at=phase.ready_at,
        due_at=phase.due_at,
        done_at=phase.done_at,
        is_overdue=phase.due_at is not None and phase.done_at is None and phase.due_at < now,
        loops=phase.loops,
        days_community=waited[Supplier.COMMUNITY],
        days_us=waited[Supplier.PROVIDER],
    )


def days_waited(held: Held, now: datetime) -> dict[str, int]:
    """Whole days that somebody waited for the community, and for us; two numbers, for they have two remedies."""
    minutes = {Supplier.COMMUNITY: held.minutes_community, Supplier.PROVIDER: held.minutes_provider}
    if held.held_since is not None:
        side = Supplier.COMMUNITY if held.held_by == Supplier.COMMUNITY else Supplier.PROVIDER
        minutes[side] += int((now - held.held_since).total_seconds() // 60)
    return {side: each // MINUTES_A_DAY for side, each in minutes.items()}


def owed(phases: Sequence[ShownPhase]) -> int:
    """How many answers of the hub request the community owes; one that holds up two phases is one."""
    return len({answer.pointer for phase in phases for answer, _who in phase.missing if answer.supplier == Supplier.COMMUNITY})


def request_url(request: HubRequest | None, *, actor: Actor) -> str:
    """Where the hub request is completed or followed; empty when there is none this person may see."""
    if request is None or not HubRequest.objects.visible_to(actor).filter(pk=request.pk).exists():
        return ""
    return request.get_absolute_url()


def _shown(found: PhaseStanding, may: dict[str, bool], when: Times) -> ShownPhase:
    return ShownPhase(
        key=found.phase.key,
        title=pick(found.phase.title),
        done_when=pick(found.phase.done_when),
        standing=found.standing.label,
        look=found.look,
        holder=OWNERS.get(found.holder, found.holder),
        is_open=found.is_open,
        times=when,
        waits_for=_("after: %(phases)s") % {"phases": ", ".join(str(phase) for phase in found.waits_for)} if found.waits_for else "",
        missing=[(answer, OWNERS.get(answer.supplier, answer.supplier)) for answer in found.missing],
        items=[
            ShownItem(item, OWNERS[item.supplied_by], may_settle=may[item.supplied_by] and item.can_be_ticked and found.is_open)
            for item in found.phase.items
        ],
    )
