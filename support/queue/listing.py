"""The tickets of a list, in its order, and what each row shows of them to who looks."""

from django.db.models import Exists, OuterRef, Q, Subquery

from ground.paging import Page, keyset
from support import search
from support.models import Draft, Seen, Ticket
from support.models.seen import NEWS_FOR
from support.models.tickets import TicketQuerySet
from support.queue.choosing import Chosen, order_of, view_of
from support.queue.filters import condition
from support.queue.moments import Moment
from support.queue.views import SORTS

PAGE = 40
SHOWN = (
    *("reference", "subject", "version", "status_id", "priority", "kind", "responsible", "assignee_label", "tags", "sync_state"),
    *("created_at", "updated_at", "waiting_since", "next_due_at", "due_clock", "snoozed_until", "first_replied_at"),
    *("last_message_kind", "last_message_excerpt"),
    *("community__name", "community__slug", "requester__name", "requester__email", "requester__freshdesk_id"),
    *("assignee__name", "assignee__email", "opened_by__name", "opened_by__email", "hub__display_name"),
)


def rows(chosen: Chosen, at: Moment) -> TicketQuerySet:
    """The tickets chosen, unordered."""
    view = view_of(chosen, at)
    found = Ticket.objects.visible_to(at.actor).here().filter(view.rows(at), condition(chosen.filters, at), _only(chosen))
    return search.match(found, f"{view.words} {chosen.q}".strip(), by=at.actor)


def page(chosen: Chosen, at: Moment, *, cursor: str = "", size: int = PAGE) -> Page[Ticket]:
    """One page of the list, in its order, each row with what the person has read and begun to write there."""
    found = keyset(personal(_light(rows(chosen, at)), at), order=order_of(chosen, at), cursor=cursor, size=size)
    for ticket in found.rows:
        if status := at.statuses.get(ticket.status_id or 0):
            ticket.status = status
    return found


def listed(chosen: Chosen, at: Moment) -> TicketQuerySet:
    """The whole list, in its order."""
    return rows(chosen, at).for_list().select_related("opened_by").order_by(*order_of(chosen, at))


def personal(found: TicketQuerySet, at: Moment) -> TicketQuerySet:
    """With `seen_version`, what the person read last, and `has_draft`, whether they have begun to write."""
    read = Seen.objects.filter(ticket=OuterRef("pk"), user=at.actor.user)
    begun = Draft.objects.filter(ticket=OuterRef("pk"), user=at.actor.user)
    return found.annotate(seen_version=Subquery(read.values("version")[:1]), has_draft=Exists(begun))


def is_unread(ticket: Ticket, at: Moment) -> bool:
    """Whether a ticket of `page` changed since the person read it. See `models.seen.is_unread_by`."""
    seen: int | None = getattr(ticket, "seen_version", None)
    return seen < ticket.version if seen is not None else ticket.updated_at > at.now - NEWS_FOR


def _light(found: TicketQuerySet) -> TicketQuerySet:
    """With the columns that a row shows and orders go by, and no others."""
    return found.select_related("community", "requester", "assignee", "hub", "opened_by").only(*SHOWN)


def _only(chosen: Chosen) -> Q:
    return SORTS[chosen.sort].only if chosen.sort in SORTS else Q()
