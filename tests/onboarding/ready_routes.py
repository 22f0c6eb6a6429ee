"""Who gets through to the pages after acceptance."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.utils import timezone

from communities.roles import Role, StaffGroup
from onboarding import asking, ending, links, plans, renewing
from onboarding.models import Asking, Item
from onboarding.states import Supplier
from tests.access.routes import EVERYBODY, Route, World
from tests.factories import acting
from tests.onboarding.review_factories import rubric

GUIDES = frozenset({StaffGroup.COMMUNITY_GUIDE, StaffGroup.REVIEW_LEAD})
ASKERS = GUIDES | {StaffGroup.ENGINEER}
SEES_PLANS = ASKERS | {StaffGroup.OPERATOR}
VALIDATORS = ASKERS | {Role.REPRESENTATIVE}
STATERS = GUIDES | {Role.REPRESENTATIVE}


def with_plan(world: World) -> Sequence[Any]:
    rubric()
    plans.open_plan(world.community, by=acting(world.stranger()))
    return (world.community.slug,)


def asked(world: World) -> Asking:
    with_plan(world)
    plan = world.community.onboarding_plan
    person = world.people[Role.REPRESENTATIVE.value]
    items = Item.objects.filter(phase__plan=plan, supplied_by=Supplier.COMMUNITY, check_name="")[:2]
    return asking.ask(plan, items=list(items.select_related("phase")), to=person, by=acting(world.stranger()))


def revocable(world: World) -> Sequence[Any]:
    return (world.community.slug, asked(world).pk)


def a_link(world: World) -> Sequence[Any]:
    return (links.mint_asking(asked(world)).rstrip("/").rsplit("/", 1)[-1],)


def with_agreement(world: World) -> Sequence[Any]:
    with_plan(world)
    renewing.record(world.community, starts_on=timezone.localdate(), signed_note="signed", by=acting(world.stranger()))
    return (world.community.slug, 1)


def with_end(world: World) -> Sequence[Any]:
    with_plan(world)
    day = timezone.localdate() + timedelta(days=40)
    ending.begin(world.community, ends_on=day, reason="The course is over.", by=acting(world.stranger()))
    return (world.community.slug,)


ROUTES = [
    Route("onboarding:plans", SEES_PLANS),
    Route("onboarding:ask_community", ASKERS, with_plan),
    Route("onboarding:revoke_asking", ASKERS, revocable, method="post"),
    Route("onboarding:answer", frozenset({Role.REPRESENTATIVE, Role.HUB_CHAMPION}), with_plan),
    Route("onboarding:all_good", VALIDATORS, with_plan, method="post"),
    Route("onboarding:needs_more", VALIDATORS, with_plan),
    Route("onboarding:go_live", GUIDES, with_plan),
    Route("onboarding:record_agreement", GUIDES, with_plan),
    Route("onboarding:decide_renewal", GUIDES, with_agreement),
    Route("onboarding:state_value", STATERS, with_plan),
    Route("onboarding:begin_end", GUIDES, with_plan),
    Route("onboarding:say_unused", STATERS, with_end, method="post"),
    Route("onboarding:settle_data", STATERS, with_end),
    Route("onboarding:say_deleted", frozenset({StaffGroup.COMMUNITY_GUIDE, StaffGroup.ENGINEER}), with_end, method="post"),
    Route("onboarding:withdraw_end", GUIDES, with_end, method="post"),
    Route("onboarding:finish_end", GUIDES, with_end, method="post"),
    Route("onboarding:asked", EVERYBODY),
    Route("onboarding:open_asked", EVERYBODY, a_link),
]
