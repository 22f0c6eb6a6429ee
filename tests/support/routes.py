"""Who gets through to the routes of the desk and of a community's tickets."""

from tests.access.routes import NOBODY, SIGNED_IN, Route, World
from tests.support.factories import TicketFactory

DESK = frozenset({"Support agent", "Support triager", "Engineer", "Community guide", "Operator"})


def a_ticket(world: World) -> tuple[str]:
    return (TicketFactory(community=world.community).reference,)


def a_key(world: World) -> tuple[int]:
    return (TicketFactory(community=world.community).pk,)


TEAM = DESK | {"representative", "hub_champion"}
ROUTES = [
    Route("support:desk", DESK),
    Route("support:desk_list", DESK),
    Route("support:desk_ticket", DESK, a_ticket),
    Route("support:desk_conversation", DESK, a_ticket),
    Route("support:desk_reply", DESK, a_ticket, method="post", data={"reply-body": "Hello", "reply-version": 1}),
    Route("support:desk_note", DESK, a_ticket, method="post", data={"note-body": "Hello"}),
    Route("support:desk_triage", DESK, a_ticket, method="post", data={"triage-status": 2, "triage-priority": 1, "triage-version": 1}),
    Route("support:desk_take", DESK, a_ticket, method="post"),
    Route("support:freshdesk_webhook", NOBODY, method="post", api=True),  # whoever holds the secret, and nobody signed in
    Route("api:ticket-list", SIGNED_IN, api=True),
    Route("api:ticket-detail", TEAM, a_key, api=True),
    Route("api:ticket-detail", DESK, a_key, method="patch", data={"version": 1, "priority": 2}, api=True),
    Route("api:ticket-messages", TEAM, a_key, api=True),
    Route("api:ticket-messages", TEAM, a_key, method="post", data={"kind": "reply", "body": "Hello"}, api=True),
]
