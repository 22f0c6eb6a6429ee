"""Which tickets belong together, as the desk sees it: parents and children, related ones, and finding one to join with."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from ground.actors import Actor
from ground.sanitising import from_markdown
from support import recording, search, tickets
from support.models import DeskPreferences, Ticket, TicketLink
from support.models.tickets import TicketQuerySet
from support.policy import is_desk_staff
from support.states import Kind, LinkKind, StatusGroup

MOST_FOUND = 8
AT_ONCE = timedelta(minutes=5)
"""What comes again within this was sent twice."""
OVER = (StatusGroup.SOLVED, StatusGroup.CLOSED)


class NotPossible(Exception):
    """Tickets that cannot be joined so; the sentence says why and what can be done."""


@dataclass(frozen=True)
class Family:
    """The tickets around one, for its page."""

    merged: list[Ticket] = field(default_factory=list)
    children: list[Ticket] = field(default_factory=list)
    links: list["Joined"] = field(default_factory=list)
    merged_into: Ticket | None = None
    parent: Ticket | None = None

    @property
    def solved(self) -> int:
        """How many of the children nobody holds a next step of."""
        return sum(child.is_over for child in self.children)


@dataclass(frozen=True)
class Joined:
    """A ticket on the other side of a link, and the words for how."""

    pk: int
    kind: str
    words: str
    ticket: Ticket


def near(rows: TicketQuerySet, reference: str) -> TicketQuerySet:
    """The ticket of that reference and those merged into it, together in one query."""
    keys = (
        Ticket.objects.filter(reference=reference).values("pk").union(Ticket.objects.filter(merged_into__reference=reference).values("pk"))
    )
    return rows.filter(pk__in=keys).order_by("created_at", "pk")


def found(rows: Sequence[Ticket], reference: str) -> Ticket:
    """Of the rows of `near` the ticket, with those merged into it. Raises `Ticket.DoesNotExist`."""
    ticket = next((row for row in rows if row.reference == reference), None)
    if ticket is None:
        raise Ticket.DoesNotExist
    ticket.merged_here = [row for row in rows if row.pk != ticket.pk]
    return ticket


def with_relations(rows: TicketQuerySet, actor: Actor) -> TicketQuerySet:
    """With what a ticket's page says of its relations, and the person's own panels, without a query more."""
    children = Ticket.objects.filter(parent=OuterRef("pk")).order_by().values("parent")
    count = children.annotate(number=Count("pk")).values("number")
    solved = children.filter(status__group__in=OVER).annotate(number=Count("pk")).values("number")
    kept = DeskPreferences.objects.filter(user=actor.user).values("panels")
    return rows.annotate(
        child_count=Coalesce(Subquery(count), 0),
        solved_count=Coalesce(Subquery(solved), 0),
        parent_reference=F("parent__reference"),
        primary_reference=F("merged_into__reference"),
        primary_subject=F("merged_into__subject"),
        kept_panels=Subquery(kept[:1]),
    )


def family(ticket: Ticket, *, reader: Actor) -> Family:
    """Everything that is joined with this ticket and that the reader may see."""
    seen = Ticket.objects.visible_to(reader)
    near = seen.filter(Q(merged_into=ticket) | Q(parent=ticket) | Q(pk__in=[ticket.merged_into_id or 0, ticket.parent_id or 0]))
    rows = list(near.for_list().order_by("pk"))
    return Family(
        merged=[row for row in rows if row.merged_into_id == ticket.pk],
        children=[row for row in rows if row.parent_id == ticket.pk],
        links=_links(ticket, reader),
        merged_into=next((row for row in rows if row.pk == ticket.merged_into_id), None),
        parent=next((row for row in rows if row.pk == ticket.parent_id), None),
    )


def candidates(ticket: Ticket, *, words: str, reader: Actor) -> list[Ticket]:
    """Tickets to join with: those of that reference or those words, else what the same requester and community asked lately."""
    rows = Ticket.objects.visible_to(reader).here().exclude(pk=ticket.pk)
    if words.strip():
        return list(search.match(rows, words, by=reader).for_list().order_by("-updated_at", "-pk")[:MOST_FOUND])
    if ticket.community_id is None:
        return list(rows.filter(requester=ticket.requester_id or 0).for_list().order_by("-updated_at", "-pk")[:MOST_FOUND])
    near = rows.filter(community=ticket.community_id, merged_into=None).for_list().order_by("-updated_at", "-pk")[: 4 * MOST_FOUND]
    return sorted(near, key=lambda row: row.requester_id != ticket.requester_id)[:MOST_FOUND]


@transaction.atomic
def attach(child: Ticket, *, to: Ticket, by: Actor) -> Ticket:
    """Make it a part of another ticket. Raises `NotPossible`."""
    held, parent = recording.locked_together(child.pk, to.pk)
    if sentence := _why_no_parent(held, parent):
        raise NotPossible(sentence)
    if recording.change(held, by=by, parent=parent):
        recording.happened(parent, "child", after=held.reference, note="", by=by)
    return held


@transaction.atomic
def detach(child: Ticket, *, by: Actor) -> Ticket:
    """Let it stand alone again."""
    parent_pk = Ticket.objects.values_list("parent_id", flat=True).get(pk=child.pk)
    held, parent = recording.locked_together(child.pk, parent_pk or child.pk)
    if held.parent_id == parent.pk and recording.change(held, by=by, parent=None):
        recording.happened(parent, "child_left", after=held.reference, note="", by=by)
    return held


@transaction.atomic
def make_child(parent: Ticket, *, subject: str, body: str, by: Actor) -> Ticket:
    """Open a part of this ticket for itself, with the same community, requester, hub and confidentiality. Raises `NotPossible`.

    Sent twice it is one.
    """
    parent = recording.locked(parent.pk)
    if parent.parent_id is not None:
        raise NotPossible(_part_of_another(parent))
    if made := _made_already(parent, subject=subject, body=body, by=by):
        return made
    child = tickets.open_ticket(
        parent.community, subject=subject, body=body, by=by, hub=parent.hub, requester=parent.requester, confidential=parent.confidential
    )
    return attach(child, to=parent, by=by)


def _made_already(parent: Ticket, *, subject: str, body: str, by: Actor) -> Ticket | None:
    """The part that the same person has just opened in the same words."""
    lately = Ticket.objects.filter(parent=parent, opened_by=by.user, created_at__gt=timezone.now() - AT_ONCE)
    return lately.filter(subject=subject[:255], body_html=from_markdown(body)).first()


def solve_children(parent: Ticket, *, by: Actor) -> int:
    """Solve the parts that are still open; how many those were."""
    left = list(Ticket.objects.filter(parent=parent).exclude(status__group__in=OVER))
    for child in left:
        tickets.solve(child, by=by)
    return len(left)


@transaction.atomic
def relate(ticket: Ticket, *, to: Ticket, by: Actor) -> TicketLink:
    """Say that two are about the same thing. Twice changes nothing. Raises `NotPossible`."""
    if ticket.pk == to.pk:
        raise NotPossible(_("A ticket cannot be joined with itself. Choose another one."))
    older, newer = sorted((ticket, to), key=lambda row: row.pk)
    link, is_new = TicketLink.objects.get_or_create(
        kind=LinkKind.RELATED, ticket=older, other=newer, undone_at=None, defaults=written_by(by)
    )
    if is_new:
        _told(ticket, to, "related", by=by)
    return link


@transaction.atomic
def unrelate(link: TicketLink, *, by: Actor) -> None:
    """Take a link back that says that two are related."""
    if link.kind != LinkKind.RELATED:
        raise NotPossible(_("This link says how a ticket came to be. It stays."))
    link.delete()
    _told(link.ticket, link.other, "unrelated", by=by)


def written_by(by: Actor) -> dict[str, Any]:
    """Who joins two tickets, and when."""
    return {"created_at": timezone.now(), "created_by": by.user, "created_label": by.label[:200]}


def _told(ticket: Ticket, other: Ticket, what: str, *, by: Actor) -> None:
    one, two = recording.locked_together(ticket.pk, other.pk)
    recording.happened(one, what, after=two.reference, note="", by=by)
    recording.happened(two, what, after=one.reference, note="", by=by)


def _why_no_parent(child: Ticket, parent: Ticket) -> str:
    if child.pk == parent.pk:
        return _("A ticket cannot be joined with itself. Choose another one.")
    if parent.parent_id is not None:
        return _part_of_another(parent)
    if Ticket.objects.filter(parent=child).exists():
        return _("%(reference)s has parts of its own. Detach them first, or join them with the other ticket one by one.") % {
            "reference": child.reference
        }
    if child.merged_into_id or parent.merged_into_id:
        return _("One of the two was merged into another ticket. Choose that one instead.")
    if child.community_id != parent.community_id and parent.kind != Kind.INCIDENT:
        return _("Only an incident may have parts in several communities. These two belong to different ones.")
    return ""


def _part_of_another(ticket: Ticket) -> str:
    return _("%(reference)s is a part of another ticket already, and parts have no parts. Choose its parent instead.") % {
        "reference": ticket.reference
    }


def _links(ticket: Ticket, reader: Actor) -> list[Joined]:
    """Related ones and those split off, seen from this side."""
    if not is_desk_staff(reader):
        return []
    links = TicketLink.objects.standing().of(ticket).exclude(kind=LinkKind.MERGED)
    rows = links.select_related("ticket__status", "other__status")
    return [_joined(link, ticket) for link in rows]


def _joined(link: TicketLink, ticket: Ticket) -> Joined:
    other = link.other if link.ticket_id == ticket.pk else link.ticket
    came = _("Split off from") if link.ticket_id == ticket.pk else _("Split off into")
    return Joined(link.pk, link.kind, came if link.kind == LinkKind.SPLIT else _("Related to"), other)
