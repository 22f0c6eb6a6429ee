"""What happened in a ticket since it was last followed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from support import timing
from support.automation.occasions import Occasion
from support.models import Message, Ticket, TicketEvent

HISTORY = timedelta(days=1)
"""What was said in Freshdesk longer ago comes in with a ticket's first pull, and is told to nobody."""


@dataclass(frozen=True)
class Happened:
    """Events and messages of the versions that nobody has followed yet, oldest first."""

    events: Sequence[TicketEvent]
    messages: Sequence[Message]

    @property
    def occasions(self) -> list[Occasion]:
        """Everything in order, as rules look at it."""
        found = [*map(Occasion.of_event, self.events), *map(Occasion.of_message, self.messages)]
        return sorted(found, key=lambda each: each.at)


def read(ticket: Ticket, *, since: int, now: datetime) -> Happened:
    """Two queries. A letter of a ticket that was merged into this one counts here too; history that came over from Freshdesk is left out."""
    events = ticket.events.filter(ticket_version__gt=since, ticket_version__lte=ticket.version).select_related("actor")
    told = [each for each in events if each.actor_role != "freshdesk" or each.at > now - HISTORY]
    own = Q(ticket=ticket, ticket_version__gt=since, ticket_version__lte=ticket.version)
    elsewhere = [int(each.note) for each in told if each.field == timing.ECHOED]
    rows = Message.objects.filter(own | Q(pk__in=elsewhere) if elsewhere else own, removed_at=None, held=None)
    return Happened(
        events=told,
        messages=[each for each in rows.defer("remote_raw", "body_html").order_by("created_at", "pk") if _is_news(each, now)],
    )


def _is_news(message: Message, now: datetime) -> bool:
    """A message without a key of ours came from Freshdesk."""
    return bool(message.external_key) or message.created_at > now - HISTORY
