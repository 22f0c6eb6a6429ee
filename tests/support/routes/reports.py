"""Who gets through to the addresses of reports."""

from tests.access.routes import MEMBERS, Route, World, of_community
from tests.support.factories import TicketFactory
from tests.support.routes.base import DESK, TEAM


def opened(world: World) -> tuple[str]:
    TicketFactory(community=world.community)
    return ("opened",)


def opened_there(world: World) -> tuple[str, str]:
    TicketFactory(community=world.community)
    return (world.community.slug, "opened")


ROUTES: list[Route] = [
    Route("support:reports", DESK),
    Route("support:report_rows", DESK, opened),
    Route("support:community_report", TEAM, of_community),
    Route("support:community_report_rows", TEAM, opened_there),
    Route("support:suggestion_opened", MEMBERS | DESK, of_community, data={"to": "/kb/", "form": "0" * 32}),
]
