"""Who gets through to the routes of the desk and of a community's tickets."""

from tests.access.routes import NOBODY, Route, World
from tests.support.factories import TicketFactory

DESK = frozenset({"Support agent", "Support triager", "Engineer", "Community guide", "Operator"})


def a_ticket(world: World) -> tuple[str]:
    return (TicketFactory(community=world.community).reference,)


WATCHED = Route("support:desk_conversation", DESK, a_ticket)
ROUTES = [
    Route("support:desk", DESK),
    Route("support:desk_list", DESK),
    Route("support:desk_ticket", DESK, a_ticket),
    WATCHED,
    Route("support:desk_reply", DESK, a_ticket, method="post", data={"reply-body": "Hello", "reply-version": 1}),
    Route("support:desk_note", DESK, a_ticket, method="post", data={"note-body": "Hello"}),
    Route("support:desk_triage", DESK, a_ticket, method="post", data={"triage-status": 2, "triage-priority": 1, "triage-version": 1}),
    Route("support:desk_take", DESK, a_ticket, method="post"),
    Route("support:freshdesk_webhook", NOBODY, method="post", api=True),  # whoever holds the secret, and nobody signed in
]
