"""How far a plan is: its items, the community's record and its hub request, read and put together."""

from collections.abc import Iterable
from typing import Any

from communities.models import Community
from communities.roles import Role
from hubs import requests
from hubs.models import HubRequest
from hubs.states import Kind, RequestState
from onboarding.models import Item, OnboardingPlan, Phase
from onboarding.readiness import ItemFacts, MissingAnswer, PhaseFacts, PhaseStanding, World, standings
from onboarding.states import ItemState


def standings_of(plan: OnboardingPlan) -> list[PhaseStanding]:
    """Where every phase stands now, in order."""
    checks = _checks(plan.community)
    phases = plan.phases.prefetch_related("items").order_by("position")
    return standings([_phase_facts(phase, checks) for phase in phases], _world(hub_request(plan.community)))


def hub_request(community: Community) -> HubRequest | None:
    """The request for the community's hub: the newest that nobody dropped."""
    dropped = (RequestState.REJECTED, RequestState.CANCELLED)
    return HubRequest.objects.filter(community=community, kind=Kind.NEW_HUB).exclude(state__in=dropped).order_by("-pk").first()


def _phase_facts(phase: Phase, checks: dict[str, bool]) -> PhaseFacts:
    return PhaseFacts(
        key=phase.key,
        title=phase.title,
        done_when=phase.done_when,
        owner=phase.owner,
        needs=phase.needs,
        fields=phase.fields,
        skip=phase.skip,
        starts=phase.starts,
        items=[_item_facts(item, checks) for item in phase.items.all()],
    )


def _item_facts(item: Item, checks: dict[str, bool]) -> ItemFacts:
    return ItemFacts(
        key=item.key,
        text=item.text,
        supplied_by=item.supplied_by,
        settled=checks.get(item.check_name, False) if item.is_computed else item.state != ItemState.TODO,
        optional=item.optional,
        computed=item.is_computed,
        pk=item.pk,
        note=item.note,
    )


def _checks(community: Community) -> dict[str, bool]:
    """The facts that settle computed items."""
    roles = set(community.memberships.values_list("role", flat=True))
    return {
        "record_complete": all([community.name, community.website, community.country, community.description]),
        "has_representative": Role.REPRESENTATIVE in roles,
        "has_technical_contact": Role.TECHNICAL_CONTACT in roles,
        "matrix_agreed": community.matrices.agreed().exists(),
        "hub_recorded": HubRequest.objects.filter(community=community, kind=Kind.NEW_HUB, state=RequestState.SUCCEEDED).exists(),
    }


def _world(request: HubRequest | None) -> World:
    if request is None:
        return World()
    return World(missing=_by_phase(requests.missing(request)), skips=frozenset(_skips(request.document)))


def _by_phase(missing: Iterable[Any]) -> dict[str, list[MissingAnswer]]:
    found: dict[str, list[MissingAnswer]] = {}
    for answer in missing:
        found.setdefault(answer.phase or "p3_1_initial", []).append(MissingAnswer(answer.pointer, answer.title, answer.supplier))
    return found


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
