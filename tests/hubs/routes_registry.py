"""Who gets through to the registry of the hubs' room."""

from collections.abc import Sequence
from typing import Any

from communities.roles import StaffGroup
from hubs.models import HubValues, Match
from tests.access.routes import Route, World
from tests.hubs.factories import HubFactory

STAFF = frozenset(
    {
        StaffGroup.ENGINEER.value,
        StaffGroup.OPERATOR.value,
        StaffGroup.COMMUNITY_GUIDE.value,
        StaffGroup.SUPPORT_AGENT.value,
        StaffGroup.SUPPORT_TRIAGER.value,
    }
)
WHO_MATCHES = frozenset({StaffGroup.ENGINEER.value, StaffGroup.OPERATOR.value})


def of_hub(world: World) -> Sequence[Any]:
    hub = HubFactory(community=world.community, match=Match.PERSON)
    HubValues.objects.create(hub=hub, document={"jupyterhub": {}}, read_at=hub.created_at)
    return (hub.cluster.name, hub.name)


def of_cluster(world: World) -> Sequence[Any]:
    return of_hub(world)[:1]


ROUTES = [
    Route("hubs:list", STAFF),
    Route("hubs:one", STAFF, of_hub),
    Route("hubs:values", WHO_MATCHES, of_hub),
    Route("hubs:clusters", STAFF),
    Route("hubs:cluster", STAFF, of_cluster),
    Route("hubs:unmatched", WHO_MATCHES),
    Route("hubs:unmatched", WHO_MATCHES, method="post"),
    Route("hubs:undo_match", WHO_MATCHES, of_hub, "post"),
]
