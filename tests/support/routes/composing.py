"""Who gets through to the addresses of drafts, ready-made answers and what a composer looks up."""

from datetime import timedelta

from django.utils import timezone

from support.models import HeldReply, Macro
from tests.access.routes import Route, World
from tests.factories import UserFactory
from tests.support.factories import MessageFactory, TicketFactory
from tests.support.routes.base import DESK

EDITORS = frozenset({"Support triager", "Operator"})


def a_ticket(world: World) -> tuple[str]:
    return (TicketFactory(community=world.community).reference,)


def a_draft(world: World) -> tuple[str, str]:
    return (*a_ticket(world), "reply")


def a_macro(_world: World) -> tuple[int]:
    return (Macro.objects.create(name="Restart", text={"en": "Please restart."}).pk,)


def a_macro_of_a_ticket(world: World) -> tuple[str, str]:
    return (*a_ticket(world), f"m{a_macro(world)[0]}")


def somebodys_own_macro(_world: World) -> tuple[int]:
    return (Macro.objects.create(name="Mine", owner=UserFactory()).pk,)


def a_held_reply(world: World) -> tuple[int]:
    message = MessageFactory(ticket__community=world.community)
    later = timezone.now() + timedelta(seconds=10)
    HeldReply.objects.create(message=message, by=UserFactory(), source="Try again", leaves_at=later, next_attempt_at=later)
    return (message.pk,)


WORDS = {"reply-body": "Hello", "reply-version": 1}
ROUTES: list[Route] = [
    Route("support:desk_solve", DESK, a_ticket, method="post", data=WORDS),
    Route("support:desk_solve_next", DESK, a_ticket, method="post", data=WORDS),
    Route("support:desk_recipients", DESK, a_ticket, method="post", data={"reply-cc": ""}),
    Route("support:desk_draft", DESK, a_draft, method="post", data=WORDS),
    Route("support:desk_draft_discard", DESK, a_draft, method="post", data=WORDS),
    Route("support:desk_draft_preview", DESK, a_draft, method="post", data=WORDS),
    Route("support:desk_macros", DESK, a_ticket),
    Route("support:desk_macro", DESK, a_macro_of_a_ticket),
    Route("support:desk_articles", DESK, a_ticket),
    Route("support:desk_people", DESK, a_ticket),
    Route("support:desk_use", DESK, a_ticket, method="post", data={"text": "Hello"}),
    Route("support:desk_undo", DESK, a_held_reply, method="post"),
    Route("support:macros", DESK),
    Route("support:new_macro", DESK),
    Route("support:macro", EDITORS, a_macro),
    Route("support:macro", frozenset(), somebodys_own_macro),
    Route("support:remove_macro", EDITORS, a_macro, method="post"),
]
