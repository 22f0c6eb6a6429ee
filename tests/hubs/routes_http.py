"""Who gets through to the logs of deployments."""

from collections.abc import Sequence
from typing import Any

from communities.roles import StaffGroup
from tests.access.routes import Route, World
from tests.hubs.factories import HubRequestFactory

QUEUE = frozenset({StaffGroup.ENGINEER.value, StaffGroup.OPERATOR.value})
STEP = {"name": "check", "title": "Check it", "status": "failed", "has_log": True}


def of_step(world: World) -> Sequence[Any]:
    return (HubRequestFactory(community=world.community, deployment_id="d-1", deployment={"steps": [STEP]}).reference, "check")


ROUTES: list[Route] = [Route("hubs:log", QUEUE, of_step), Route("hubs:fetch_log", QUEUE, of_step, "post")]
