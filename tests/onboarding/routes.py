"""Who gets through to the onboarding room's addresses: applying needs no account."""

from collections.abc import Sequence
from typing import Any

from communities.roles import StaffGroup
from onboarding import links, reviewing
from onboarding.states import ConflictKind
from tests.access.routes import EVERYBODY, SIGNED_IN, Route, World
from tests.factories import acting
from tests.onboarding.applying_routes import ROUTES as APPLYING_ROUTES
from tests.onboarding.deciding_routes import ROUTES as DECIDING_ROUTES
from tests.onboarding.factories import ApplicationFactory, draft
from tests.onboarding.figures_routes import ROUTES as FIGURES_ROUTES
from tests.onboarding.ready_routes import ROUTES as READY_ROUTES
from tests.onboarding.review_routes import ROUTES as REVIEW_ROUTES
from tests.onboarding.reviewing_routes import ROUTES as REVIEWING_ROUTES
from tests.onboarding.statements_routes import ROUTES as STATEMENT_ROUTES


def a_step(_world: World) -> Sequence[Any]:
    return ("community",)


def a_link(_world: World) -> Sequence[Any]:
    return (links.mint(draft()).rstrip("/").rsplit("/", 1)[-1],)


def a_judged_one(world: World) -> Sequence[Any]:
    """The reviewer said that there is no conflict of interest."""
    application = ApplicationFactory()
    reviewing.declare_conflict(application, kind=ConflictKind.NONE, by=acting(world.people[StaffGroup.REVIEWER.value]))
    return (application.reference,)


READERS = frozenset({StaffGroup.REVIEWER.value, StaffGroup.REVIEW_LEAD.value, StaffGroup.OPERATOR.value})
HANDLERS = frozenset({StaffGroup.REVIEW_LEAD.value, StaffGroup.OPERATOR.value})

ROUTES = [
    Route("onboarding:apply", EVERYBODY),
    Route("onboarding:page", EVERYBODY, a_step),
    Route("onboarding:pause", EVERYBODY, a_step, method="post"),
    Route("onboarding:existing", EVERYBODY),
    Route("onboarding:check", EVERYBODY),
    Route("onboarding:send", EVERYBODY, method="post"),
    Route("onboarding:later", EVERYBODY),
    Route("onboarding:leave", EVERYBODY, method="post"),
    Route("onboarding:lost", EVERYBODY),
    Route("onboarding:status", EVERYBODY),
    Route("onboarding:address", EVERYBODY, method="post"),
    Route("onboarding:withdraw", EVERYBODY, method="post"),
    Route("onboarding:open", EVERYBODY, a_link),
    Route("api:application-list", SIGNED_IN, api=True),
    Route("api:application-detail", READERS, a_judged_one, api=True),
    Route("api:application-commands", HANDLERS, a_judged_one, method="post", data={"command": "verify"}, api=True),
    *REVIEW_ROUTES,
    *APPLYING_ROUTES,
    *STATEMENT_ROUTES,
    *FIGURES_ROUTES,
    *READY_ROUTES,
    *REVIEWING_ROUTES,
    *DECIDING_ROUTES,
]
