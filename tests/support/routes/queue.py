"""Who gets through to the addresses of the desk's views, of what is done to many tickets at once, and of who is here."""

from django.utils import timezone

from communities.roles import StaffGroup
from support.models import BulkChange, SavedView
from tests.access.routes import Route, World
from tests.factories import staff
from tests.support.routes.base import DESK, a_ticket

KEEPERS = frozenset({"Support triager", "Operator"})


def a_shared_view(world: World) -> tuple[str]:
    owner = staff(StaffGroup.SUPPORT_AGENT, name="Owner")
    SavedView.objects.create(key="ocean", name="Ocean", owner=owner, is_shared=True)
    return ("ocean",)


def somebodys_view(world: World) -> tuple[str]:
    SavedView.objects.create(key="mine-alone", name="Mine alone", owner=staff(StaffGroup.SUPPORT_AGENT, name="Owner"))
    return ("mine-alone",)


def a_change_of_many(world: World) -> tuple[int]:
    return (BulkChange.objects.create(by=staff(StaffGroup.SUPPORT_AGENT, name="Doer"), at=timezone.now()).pk,)


ROUTES: list[Route] = [
    Route("support:desk_filters", DESK),
    Route("support:desk_communities", DESK),
    Route("support:desk_layout", DESK),
    Route("support:desk_views", DESK),
    Route("support:desk_new_view", DESK),
    Route("support:desk_new_view", DESK, method="post", data={"name": "Ocean"}),
    Route("support:desk_view", KEEPERS, a_shared_view),
    Route("support:desk_view", frozenset(), somebodys_view),
    Route("support:desk_drop_view", KEEPERS, a_shared_view, method="post"),
    Route("support:desk_drop_view", frozenset(), somebodys_view, method="post"),
    Route("support:desk_many", DESK, method="post"),
    Route("support:desk_change_many", DESK, method="post"),
    Route("support:desk_undo_many", DESK, a_change_of_many, method="post"),
    Route("support:desk_here", DESK, a_ticket, method="post"),
    Route("support:desk_unread", DESK, a_ticket, method="post"),
]
