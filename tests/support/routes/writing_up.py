"""Who gets through to articles from tickets, and to the tickets that cite an article."""

from typing import Any

from tests.access.routes import Route, World
from tests.knowledgebase.factories import bare, published
from tests.support.factories import TicketFactory
from tests.support.routes.relations import DESK, a_ticket

TAKEN = {"where": "shared", "question": "on"}


def to_write_up(world: World) -> tuple[str]:
    bare()
    return a_ticket(world)


def an_article(_world: World) -> tuple[int]:
    return (published(bare(), title="First login").pk,)


def an_article_in_a_community(world: World) -> tuple[Any, ...]:
    TicketFactory(community=world.community)
    return (world.community.slug, *an_article(world))


ROUTES = [
    Route("support:desk_write_up", DESK, to_write_up),
    Route("support:desk_write_up_review", DESK, to_write_up, method="post", data=TAKEN),
    Route("support:desk_write_up_create", DESK, to_write_up, method="post", data=TAKEN),
    Route("support:desk_citing", DESK, an_article),
    Route("support:citing", DESK | {"representative", "hub_champion"}, an_article_in_a_community),
]
