"""Who gets through to the addresses of timeboxes and of issues on GitHub."""

from datetime import timedelta

from django.utils import timezone

from support.models import GitHubIssue, Timebox
from tests.access.routes import NOBODY, Route, World
from tests.factories import staff
from tests.support.factories import TicketFactory
from tests.support.routes.base import DESK, a_ticket


def in_a_timebox(world: World) -> tuple[str]:
    ticket, now = TicketFactory(community=world.community), timezone.now()
    Timebox.objects.create(ticket=ticket, agent=staff(), minutes=30, began_at=now, ends_at=now + timedelta(minutes=30))
    return (ticket.reference,)


def an_issue(world: World) -> tuple[int]:
    ticket = TicketFactory(community=world.community)
    return (GitHubIssue.objects.create(ticket=ticket, repository="hubs/infra", number=1, marker="m", created_at=timezone.now()).pk,)


ROUTES = [
    Route("support:timeboxes", DESK),
    Route("support:timebox_start", DESK, a_ticket, method="post"),
    Route("support:timebox_move", DESK, a_ticket, method="post"),
    Route("support:timebox_extend", DESK, in_a_timebox),
    Route("support:timebox_extend", DESK, in_a_timebox, method="post", data={"extend-minutes": 15, "extend-reason": "It builds"}),
    Route("support:timebox_solve", DESK, in_a_timebox, method="post"),
    Route("support:timebox_leave", DESK, in_a_timebox, method="post"),
    Route("support:timebox_hand_on", DESK, in_a_timebox),
    Route("support:timebox_hand_on", DESK, in_a_timebox, method="post"),
    Route("support:handing", DESK, a_ticket),
    Route("support:escalate", DESK, a_ticket),
    Route("support:escalate", DESK, a_ticket, method="post", data={"title": "x", "body": "y"}),
    Route("support:issue_link", DESK, a_ticket, method="post", data={"link-url": "https://github.com/hubs/infra/issues/7"}),
    Route("support:issue_unlink", DESK, an_issue, method="post"),
    Route("support:issue_retry", DESK, an_issue, method="post"),
    Route("support:github_webhook", NOBODY, method="post", api=True),  # whoever signs with the secret, and nobody signed in
]
