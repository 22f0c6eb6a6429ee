"""Finding tickets by their words, in the site's own search table."""

from collections.abc import Iterable

from ground import search
from support.models import Ticket
from support.models.tickets import TicketQuerySet

KIND = "ticket"
MOST = 500


def match(rows: TicketQuerySet, query: str) -> TicketQuerySet:
    """Of these rows, the one of that reference, else those that hold the words."""
    words = query.strip()
    if not words:
        return rows
    if words.upper().startswith("T-") and rows.filter(reference=words.upper()).exists():
        return rows.filter(reference=words.upper())
    return rows.filter(pk__in=[found.object_id for found in search.match(KIND, words, within=rows, limit=MOST)])


def index_many(tickets: Iterable[Ticket]) -> None:
    """`index` for many at once."""
    search.index_many(KIND, ((ticket.pk, ticket.subject, ticket.body_text) for ticket in tickets))


def index(ticket: Ticket) -> None:
    """Make the ticket findable by what its requester wrote."""
    search.index(KIND, ticket.pk, title=ticket.subject, body=ticket.body_text)
