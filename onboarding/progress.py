"""How far a plan is: its items, the community's record and its hub request, read and put together."""

from collections.abc import Collection, Iterable
from typing import Any

from communities.models import Community
from hubs import owing
from hubs.models import HubRequest
from hubs.states import Kind, RequestState
from onboarding import facts
from onboarding.models import Item, OnboardingPlan, Phase
from onboarding.readiness import ItemFacts, MissingAnswer, PhaseFacts, PhaseStanding, World, standings
from onboarding.states import ItemState


def standings_of(plan: OnboardingPlan) -> list[PhaseStanding]:
    """Where every phase stands now, in order."""
    return standings_for(plan, hub_request(plan.community))


def standings_for(plan: OnboardingPlan, request: HubRequest | None) -> list[PhaseStanding]:
    """The same for who has the hub request in hand. Always the same number of queries, however long the plan is."""
    known = facts.of(plan)
    phases = plan.phases.prefetch_related("items").order_by("position")
    return standings([_phase_facts(phase, known) for phase in phases], _world(request, known))


def missing_of(request: HubRequest | None) -> list[MissingAnswer]:
    """Every answer the hub request lacks, with who owes it."""
    return [_answer(row) for row in owing.missing(request)] if request is not None else []


def hub_request(community: Community) -> HubRequest | None:
    """The request for the community's first hub: the one that made it, else the newest that nobody dropped."""
    dropped = (RequestState.REJECTED, RequestState.CANCELLED)
    rows = HubRequest.objects.filter(community=community, kind=Kind.NEW_HUB).exclude(state__in=dropped)
    made = rows.filter(state=RequestState.SUCCEEDED).order_by("pk").first()
    found = made or rows.order_by("-pk").first()
    if found is not None:
        found.community = community
    return found


def _phase_facts(phase: Phase, known: Collection[str]) -> PhaseFacts:
    return PhaseFacts(
        key=phase.key,
        title=phase.title,
        done_when=phase.done_when,
        owner=phase.owner,
        needs=phase.needs,
        fields=phase.fields,
        skip=phase.skip,
        starts=phase.starts,
        items=[_item_facts(item, known) for item in phase.items.all()],
        after_start=phase.after_start,
        whole=phase.whole,
    )


def _is_settled(item: Item, known: Collection[str]) -> bool:
    if item.is_computed:
        return item.check_name in known
    return item.state != ItemState.TODO or (item.or_check in known and item.or_check != "")


def _item_facts(item: Item, known: Collection[str]) -> ItemFacts:
    return ItemFacts(
        key=item.key,
        text=item.text,
        supplied_by=item.supplied_by,
        settled=_is_settled(item, known),
        optional=item.optional,
        can_be_ticked=item.can_be_ticked,
        pk=item.pk,
        note=item.note,
    )


def _world(request: HubRequest | None, known: Collection[str]) -> World:
    started = {name for name in ("renewal", "decommission") if name in known}
    if request is None:
        return World(started=started)
    return World(missing=_by_phase(owing.missing(request)), skips=frozenset(_skips(request.document)), started=started)


def _by_phase(missing: Iterable[Any]) -> dict[str, list[MissingAnswer]]:
    found: dict[str, list[MissingAnswer]] = {}
    for answer in missing:
        found.setdefault(answer.phase or "p3_1_initial", []).append(_answer(answer))
    return found


def _answer(row: Any) -> MissingAnswer:
    return MissingAnswer(row.pointer, row.title, row.supplier)


def _skips(document: dict[str, Any]) -> list[str]:
    """Facts of the hub request under which a phase is not needed."""
    spec = (document.get("hubs") or [{}])[0]
    method = spec.get("authentication", {}).get("method")
    images = spec.get("environment", {}).get("images", [])
    facts = {
        "shared_cluster": "cluster" in document,
        "sign_in_needs_no_tuning": method is not None and method not in {"github", "cilogon"},
        "no_own_image": bool(images) and all("preset" in image for image in images),
    }
    return [name for name, holds in facts.items() if holds]
