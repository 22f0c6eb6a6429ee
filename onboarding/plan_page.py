"""The plan as one person sees it: each phase in words, and what they themselves may settle."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ground.actors import Actor
from ground.states import Look
from ground.texts import pick
from hubs.models import HubRequest
from onboarding import progress
from onboarding.access import can_settle
from onboarding.models import OnboardingPlan
from onboarding.readiness import ItemFacts, MissingAnswer, PhaseStanding

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
class ShownPhase:
    """One phase in words."""

    key: str
    title: str
    done_when: str
    standing: str | Promise
    look: Look
    holder: str | Promise
    is_open: bool
    waits_for: str
    missing: Sequence[tuple[MissingAnswer, str | Promise]]
    items: Sequence[ShownItem]


def phases(plan: OnboardingPlan, *, actor: Actor) -> list[ShownPhase]:
    """Every phase in order."""
    may = {side: can_settle(actor, plan.community, supplied_by=side) for side in ("community", "provider")}
    return [_shown(found, may) for found in progress.standings_of(plan)]


def owed(phases: Sequence[ShownPhase]) -> int:
    """How many answers of the hub request the community owes."""
    return sum(answer.supplier == "community" for phase in phases for answer, _who in phase.missing)


def request_url(request: HubRequest | None, *, actor: Actor) -> str:
    """Where the hub request is completed or followed; empty when there is none this person may see."""
    if request is None or not HubRequest.objects.visible_to(actor).filter(pk=request.pk).exists():
        return ""
    return request.get_absolute_url()


def _shown(found: PhaseStanding, may: dict[str, bool]) -> ShownPhase:
    return ShownPhase(
        key=found.phase.key,
        title=pick(found.phase.title),
        done_when=pick(found.phase.done_when),
        standing=found.standing.label,
        look=found.look,
        holder=OWNERS.get(found.holder, found.holder),
        is_open=found.is_open,
        waits_for=_("after: %(phases)s") % {"phases": ", ".join(str(phase) for phase in found.waits_for)} if found.waits_for else "",
        missing=[(answer, OWNERS.get(answer.supplier, answer.supplier)) for answer in found.missing],
        items=[
            ShownItem(item, OWNERS[item.supplied_by], may_settle=may[item.supplied_by] and not item.computed and found.is_open)
            for item in found.phase.items
        ],
    )
