"""Who gets through to the addresses of what joins and parts tickets, and of the panels beside one."""

from typing import Any

from django.utils import timezone

from support.models import ChecklistItem, ChecklistTemplate, TimeEntry
from support.relations import merging, relating
from tests.access.routes import Route, World
from tests.factories import acting
from tests.support.factories import MessageFactory, TicketFactory

DESK = frozenset({"Support agent", "Support triager", "Engineer", "Community guide", "Operator"})


def a_ticket(world: World) -> tuple[str]:
    return (TicketFactory(community=world.community).reference,)


def a_merged_ticket(world: World) -> tuple[str]:
    merged, primary = TicketFactory(community=world.community), TicketFactory(community=world.community)
    merging.merge(merged, into=primary, by=acting(world.people["Support agent"]))
    return (merged.reference,)


def a_related_one(world: World) -> tuple[str, int]:
    ticket, other = TicketFactory(community=world.community), TicketFactory(community=world.community)
    return (ticket.reference, relating.relate(ticket, to=other, by=acting(world.people["Support agent"])).pk)


def with_letters(world: World) -> tuple[str]:
    return (MessageFactory(ticket__community=world.community).ticket.reference,)


def an_item(world: World) -> tuple[str, int]:
    item = ChecklistItem.objects.create(ticket=TicketFactory(community=world.community), text="Look at the logs")
    return (item.ticket.reference, item.pk)


def with_a_template(world: World) -> tuple[str]:
    ChecklistTemplate.objects.create(pk=1, name="Any", lines="Look")
    return a_ticket(world)


def a_panel(key: str) -> Any:
    return lambda world: (*a_ticket(world), key)


def some_time(user: str) -> Any:
    def made(world: World) -> tuple[str, int]:
        ticket = TicketFactory(community=world.community)
        entry = TimeEntry.objects.create(ticket=ticket, minutes=5, spent_at=timezone.now(), user=world.people[user])
        return (ticket.reference, entry.pk)

    return made


def with_another(world: World) -> tuple[str]:
    TicketFactory(community=world.community, reference="T-OTHER1")
    return a_ticket(world)


OTHER = {"other": "T-OTHER1"}
ROUTES: list[Route] = [
    Route("support:desk_panels", DESK, method="post", data={"panel": "hub", "is_open": "0"}),
    *(Route("support:desk_panel", DESK, a_panel(key)) for key in ("community", "hub", "articles", "linked", "checklist")),
    Route("support:desk_link", DESK, a_ticket),
    Route("support:desk_merge", DESK, with_another, method="post", data=OTHER),
    Route("support:desk_merge_here", DESK, with_another, method="post", data=OTHER),
    Route("support:desk_unmerge", DESK, a_merged_ticket, method="post"),
    Route("support:desk_relate", DESK, with_another, method="post", data=OTHER),
    Route("support:desk_unrelate", DESK, a_related_one, method="post"),
    Route("support:desk_attach", DESK, with_another, method="post", data=OTHER),
    Route("support:desk_attach_here", DESK, with_another, method="post", data=OTHER),
    Route("support:desk_detach", DESK, a_ticket, method="post"),
    Route("support:desk_child", DESK, a_ticket, method="post", data={"subject": "A part", "body": "Do it"}),
    Route("support:desk_solve_children", DESK, a_ticket, method="post"),
    Route("support:desk_split", DESK, with_letters),
    Route("support:desk_snooze", DESK, a_ticket, method="post", data={"moment": "hour"}),
    Route("support:desk_wake", DESK, a_ticket, method="post"),
    Route("support:desk_tags", DESK, a_ticket),
    Route("support:desk_add_tag", DESK, a_ticket, method="post", data={"tag": "gpu"}),
    Route("support:desk_remove_tag", DESK, a_ticket, method="post", data={"tag": "gpu"}),
    Route("support:desk_add_item", DESK, a_ticket, method="post", data={"text": "Look"}),
    Route("support:desk_use_checklist", DESK, with_a_template, method="post", data={"template": "1"}),
    *(
        Route(f"support:{name}", DESK, an_item, method="post")
        for name in ("desk_tick", "desk_untick", "desk_item_up", "desk_item_down", "desk_remove_item")
    ),
    Route("support:desk_add_time", DESK, a_ticket, method="post", data={"minutes": "5"}),
    Route("support:desk_remove_time", frozenset({"Engineer"}), some_time("Engineer"), method="post"),
    Route("support:desk_budget", frozenset({"Community guide", "Operator"}), lambda world: (world.community.slug,), method="post"),
]
