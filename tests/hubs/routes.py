"""Who gets through to the hubs' room."""

from collections.abc import Callable, Sequence
from typing import Any

from communities.roles import Role, StaffGroup
from hubs.models import WATCHERS
from tests.access.routes import MEMBERS, NOBODY, OUTSIDER, SIGNED_IN, Route, World, of_community
from tests.hubs import routes_calendar, routes_github, routes_health, routes_http, routes_registry, routes_requests
from tests.hubs.factories import HubFactory, HubRequestFactory

SEE = MEMBERS | {group.value for group in WATCHERS}
FILL_IN = frozenset({Role.REPRESENTATIVE.value, Role.HUB_CHAMPION.value, StaffGroup.ENGINEER.value})
REPRESENTATIVE = frozenset({Role.REPRESENTATIVE.value})
ENGINEER = frozenset({StaffGroup.ENGINEER.value})
QUEUE = ENGINEER | {StaffGroup.OPERATOR.value}


def reference(world: World) -> Sequence[Any]:
    return (HubRequestFactory(community=world.community).reference,)


def of_request(world: World) -> Sequence[Any]:
    return (world.community.slug, *reference(world))


def of_kind(world: World) -> Sequence[Any]:
    return (world.community.slug, "event")


def of_hub(world: World) -> Sequence[Any]:
    return (HubFactory(community=world.community).pk,)


def page(name: str, allowed: frozenset[str], args: Callable[[World], Sequence[Any]] = lambda _world: (), method: str = "get") -> Route:
    return Route(f"hubs:{name}", allowed, args, method)


def api(
    name: str, allowed: frozenset[str], args: Callable[[World], Sequence[Any]] = lambda _world: (), method: str = "get", **data: Any
) -> Route:
    return Route(f"api:{name}", allowed, args, method, data, api=True)


ROUTES = [
    page("community", SEE, of_community),
    page("start_request", FILL_IN, of_kind),
    page("request", SEE, of_request),
    page("request", FILL_IN, of_request, "post"),
    page("questions", FILL_IN, of_request, "post"),
    page("submit", REPRESENTATIVE, of_request, "post"),
    page("cancel", REPRESENTATIVE | ENGINEER, of_request, "post"),
    page("start_instead", REPRESENTATIVE | ENGINEER, of_request, "post"),
    page("progress", SEE, of_request),
    page("queue", QUEUE),
    *(page(name, ENGINEER, reference, "post") for name in ("answer", "approve", "reject", "settle", "retry", "take_back")),
    Route("hubs:deployer_callback", NOBODY, method="post", api=True),
    api("hub-list", SIGNED_IN),
    api("hub-detail", SEE, of_hub),
    api("cluster-list", SIGNED_IN),
    api("cluster-detail", NOBODY, lambda _world: ("nowhere",)),
    api("hub-request-list", SIGNED_IN),
    api(
        "hub-request-list", FILL_IN | {OUTSIDER}, method="post", community="coastal", kind="event"
    ),  # who is told that nobody knows this community
    api("hub-request-detail", SEE, reference),
    api("hub-request-detail", FILL_IN, reference, "patch", version=1, request={}),
    api("hub-request-submit", REPRESENTATIVE, reference, "post"),
    api("hub-request-cancel", REPRESENTATIVE | ENGINEER, reference, "post"),
    *(api(f"hub-request-{name}", ENGINEER, reference, "post") for name in ("approve", "reject", "settle", "retry")),
    *routes_registry.ROUTES,
    *routes_requests.ROUTES,
    *routes_health.ROUTES,
    *routes_calendar.ROUTES,
    *routes_http.ROUTES,
    *routes_github.ROUTES,
]
