"""Who gets through to the reviewers' pages and to a community's plan."""

from collections.abc import Sequence
from typing import Any

from communities.roles import Role, StaffGroup
from onboarding import plans, reviewing
from onboarding.models import Application, Item
from onboarding.states import ConflictKind, Outcome, Supplier
from tests.access.routes import MEMBERS, STAFF, Route, World, of_community
from tests.factories import acting
from tests.onboarding.review_factories import in_review, marks, proposed, rubric, screened

SCORERS = frozenset({StaffGroup.REVIEWER, StaffGroup.REVIEW_LEAD})
LEADS = frozenset({StaffGroup.REVIEW_LEAD})
SETTLE_OURS = frozenset({StaffGroup.COMMUNITY_GUIDE, StaffGroup.REVIEW_LEAD, StaffGroup.ENGINEER})
SETTLE_THEIRS = frozenset({StaffGroup.COMMUNITY_GUIDE, StaffGroup.REVIEW_LEAD, Role.REPRESENTATIVE, Role.HUB_CHAMPION})


def new(_world: World) -> Sequence[Any]:
    return (screened().reference,)


def being_reviewed(world: World) -> Sequence[Any]:
    return (_without_conflicts(in_review(), world).reference,)


def scored_by_all(world: World) -> Sequence[Any]:
    application = _without_conflicts(in_review(), world)
    for group in SCORERS:
        reviewing.record(application, scores=marks(), recommendation=Outcome.ACCEPT, by=acting(world.people[group]))
    return (application.reference,)


def with_proposal(_world: World) -> Sequence[Any]:
    return (proposed().application.reference,)


def item_of(side: str) -> Any:
    def args(world: World) -> Sequence[Any]:
        rubric()
        plan = plans.open_plan(world.community, by=acting(world.stranger()))
        return (world.community.slug, Item.objects.filter(phase__plan=plan, supplied_by=side, check_name="").first().pk)

    return args


def _without_conflicts(application: Application, world: World) -> Application:
    for group in SCORERS:
        reviewing.declare_conflict(application, kind=ConflictKind.NONE, by=acting(world.people[group]))
    return application


ROUTES = [
    Route("onboarding:review_queue", SCORERS),
    Route("onboarding:review", SCORERS, being_reviewed),
    Route("onboarding:declare_conflict", SCORERS, being_reviewed, method="post"),
    Route("onboarding:keep_review", SCORERS, being_reviewed, method="post"),
    Route("onboarding:submit_review", SCORERS, being_reviewed, method="post"),
    Route("onboarding:reopen_review", SCORERS, scored_by_all, method="post"),
    Route("onboarding:start_review", LEADS, new, method="post"),
    Route("onboarding:answer_gates", SCORERS, being_reviewed, method="post"),
    Route("onboarding:decision", SCORERS, being_reviewed),
    Route("onboarding:propose_decision", SCORERS, being_reviewed, method="post"),
    Route("onboarding:edit_letter", SCORERS, with_proposal, method="post"),
    Route("onboarding:approve_decision", LEADS, with_proposal, method="post"),
    Route("onboarding:release_decision", LEADS, with_proposal, method="post"),
    Route("onboarding:set_aside_decision", LEADS, with_proposal, method="post"),
    Route("onboarding:send_letter_again", LEADS, with_proposal, method="post"),
    Route("onboarding:plan", MEMBERS | STAFF, of_community),
    Route("onboarding:settle_item", SETTLE_THEIRS, item_of(Supplier.COMMUNITY), method="post"),
    Route("onboarding:unsettle_item", SETTLE_OURS, item_of(Supplier.PROVIDER), method="post"),
]
