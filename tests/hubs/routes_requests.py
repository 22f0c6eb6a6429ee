"""Who gets through to the requests of the hubs' room."""

from communities.roles import Role, StaffGroup
from tests.access.routes import Route, World
from tests.hubs.factories import HubRequestFactory

FILL_IN = frozenset({Role.REPRESENTATIVE.value, Role.HUB_CHAMPION.value, StaffGroup.ENGINEER.value})
ENGINEER = frozenset({StaffGroup.ENGINEER.value})
ASSESS = ENGINEER | {StaffGroup.OPERATOR.value, StaffGroup.COMMUNITY_GUIDE.value}


def reference(world: World) -> tuple[str]:
    return (HubRequestFactory(community=world.community).reference,)


def of_request(world: World) -> tuple[str, str]:
    return (world.community.slug, *reference(world))


def of_hub(world: World) -> tuple[str, str, int]:
    return (*of_request(world), 1)


ROUTES: list[Route] = [
    Route("hubs:add_hub", FILL_IN, of_request, "post"),
    Route("hubs:remove_hub", FILL_IN, of_hub, "post"),
    Route("hubs:review", ASSESS, reference),
    Route("hubs:work", ASSESS, reference),
    Route("hubs:assess", ASSESS, reference, "post"),
    *(Route(f"hubs:{name}", ENGINEER, reference, "post") for name in ("take_answer", "leave_answer", "start_now")),
]
