"""Who gets through to triage, one ticket after another, and to the desk's keys."""

from tests.access.routes import Route
from tests.support.routes.base import DESK, a_ticket

DECISIONS = {"kind": "incident", "impact": "some", "responsible": "provider", "assignee": "", "version": 1}
ROUTES: list[Route] = [
    Route("support:triage", DESK),
    Route("support:triage_decide", DESK, a_ticket, method="post", data=DECISIONS),
    Route("support:triage_undo", DESK, a_ticket, method="post"),
    Route("support:keys", DESK),
    Route("support:keys_switch", DESK, method="post", data={"off": "1"}),
    Route("support:keys_reset", DESK, method="post"),
]
