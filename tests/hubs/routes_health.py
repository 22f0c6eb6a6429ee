"""Who gets through to the health of the hubs' room."""

from collections.abc import Sequence
from typing import Any

from communities.roles import Role, StaffGroup
from hubs.models import WATCHERS
from tests.access.routes import MEMBERS, Route, World, of_community
from tests.hubs.factories import HubFactory

STAFF = frozenset(group.value for group in WATCHERS)
SEE = MEMBERS | STAFF
SHOW = frozenset({Role.REPRESENTATIVE.value, StaffGroup.ENGINEER.value})


def of_hub(world: World) -> Sequence[Any]:
    hub = HubFactory(community=world.community)
    return (world.community.slug, hub.cluster.name, hub.name)


ROUTES: list[Route] = [
    Route("hubs:hub", SEE, of_hub),
    Route("hubs:hub_health", SEE, of_hub),
    Route("hubs:hub_look", SEE, of_hub, "post"),
    Route("hubs:hub_public", SHOW, of_hub, "post"),
    Route("hubs:community_use", SEE, of_community),
    Route("hubs:health", STAFF),
    Route("hubs:use", STAFF),
]
