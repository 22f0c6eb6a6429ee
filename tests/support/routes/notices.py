"""Who gets through to the addresses of notices and who watches."""

from django.utils import timezone

from support.models import Notice
from tests.access.routes import SIGNED_IN, Route, World
from tests.support.factories import TicketFactory
from tests.support.routes.base import DESK, a_ticket


def an_agents_notice(world: World) -> tuple[int]:
    ticket = TicketFactory(community=world.community)
    agent = world.people["Support agent"]
    return (Notice.objects.create(user=agent, ticket=ticket, kind="note", key="message:1", channel="page", made_at=timezone.now()).pk,)


OWN = frozenset({"Support agent"})
ROUTES: list[Route] = [
    Route("support:notices", DESK),
    Route("support:read_notices", DESK, method="post"),
    Route("support:open_notice", OWN, an_agents_notice, method="post"),
    Route("support:read_notice", OWN, an_agents_notice, method="post"),
    Route("support:desk_ticket_people", DESK, a_ticket),
    Route("support:desk_watch", DESK, a_ticket, method="post"),
    Route("support:desk_unwatch", DESK, a_ticket, method="post"),
    Route("support:desk_add_watcher", frozenset(), a_ticket, method="post", data={"user": "0"}),
    Route("support:notice_settings", SIGNED_IN),
]
