"""Who gets through to the addresses of clocks, working calendars and objectives."""

from tests.access.routes import Route
from tests.support.routes.base import DESK, a_ticket

ROUTES: list[Route] = [
    Route("support:desk_ticket_clocks", DESK, a_ticket),
]
