"""Who gets through to the addresses of approvals, ratings and the widget."""

from tests.access.routes import EVERYBODY, NOBODY, Route, World, of_community
from tests.support.asking.factories import site_of, waiting_ticket
from tests.support.factories import TicketFactory
from tests.support.routes.base import DESK, TEAM, in_community


def a_waiting(world: World) -> tuple[str, str]:
    return (world.community.slug, waiting_ticket(world.community).reference)


def a_site(world: World) -> tuple[str, int]:
    return (world.community.slug, site_of(world.community).pk)


def a_key(world: World) -> tuple[str]:
    return (site_of(world.community).key,)


def a_solved_ticket(world: World) -> tuple[str, str]:
    return (world.community.slug, TicketFactory(community=world.community, status_id=4).reference)


EDITORS = frozenset({"Community guide", "Support triager", "Operator", "representative"})
APPROVERS = DESK | {"representative"}
ROUTES = [
    Route("support:terms", EDITORS, of_community),
    Route("support:terms", EDITORS, of_community, method="post", data={"who_opens": "members", "who_sees": "all"}),
    Route("support:widget_sites", TEAM, of_community),
    Route("support:widget_site", TEAM, a_site),
    Route("support:approve", APPROVERS, a_waiting, method="post"),
    Route("support:decline", APPROVERS, a_waiting, method="post", data={"reason": "We do it ourselves"}),
    Route("support:rename", APPROVERS, a_waiting, method="post", data={"subject": "More memory"}),
    Route("support:readers", DESK, in_community, method="post", data={"confidential": "on"}),
    Route("support:rate", NOBODY, a_solved_ticket, method="post", data={"face": "103"}),  # who asked, and nobody for them
    Route("support:reopen", TEAM, a_solved_ticket, method="post"),
    Route("support:held", DESK),
    Route("support:rate_by_link", NOBODY, lambda _world: ("not-a-link",)),  # whoever holds a link of ours
    Route("support:widget", EVERYBODY),
    Route("support:widget_start", NOBODY, a_key, method="post", api=True),  # pages of an allowed origin, not people
    Route("support:widget_articles", NOBODY, a_key, method="post", api=True),
    Route("support:widget_opened", NOBODY, a_key, method="post", api=True),
    Route("support:widget_ask", NOBODY, a_key, method="post", api=True),
]
