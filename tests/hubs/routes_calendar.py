"""Who gets through to the calendar of the hubs' room."""

from collections.abc import Sequence
from typing import Any

from communities.roles import StaffGroup
from hubs import subscribing
from hubs.models import WATCHERS
from tests.access.routes import EVERYBODY, MEMBERS, NOBODY, SIGNED_IN, Route, World, of_community
from tests.hubs.calendar_rows import event, subscription

STAFF = frozenset(group.value for group in WATCHERS)
ENGINEER = frozenset({StaffGroup.ENGINEER.value})


def of_event(world: World) -> Sequence[Any]:
    return (event(world.community).reference,)


def of_month(_world: World) -> Sequence[Any]:
    return (2027, 3)


def of_subscription(world: World) -> Sequence[Any]:
    return (subscription(world.stranger()).pk,)


def of_feed(world: World) -> Sequence[Any]:
    return (subscribing.make(world.stranger()).rpartition("/")[2].removesuffix(".ics"),)


def page(name: str, allowed: frozenset[str], args: Any = lambda _world: (), method: str = "get", **data: Any) -> Route:
    return Route(f"hubs:{name}", allowed, args, method, data)


ROUTES = [
    page("calendar", STAFF),
    page("calendar_month", STAFF, of_month),
    page("occasion", STAFF, of_event),
    page("event_task", ENGINEER, of_event, "post", key="quota", status="met"),
    page("community_calendar", MEMBERS | STAFF, of_community),
    page("subscriptions", SIGNED_IN),
    page("subscriptions", SIGNED_IN, method="post"),
    page("revoke_subscription", NOBODY, of_subscription, "post"),  # nobody but its own person, who is not among these
    page("calendar_feed", EVERYBODY, of_feed),  # who holds the address; what it shows is its person's
]
