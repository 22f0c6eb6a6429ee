"""The notices of one person: how many are unread, one page of them, and what was read."""

from django.db.models import QuerySet
from django.utils import timezone

from communities.models import User
from ground.actors import Actor
from ground.paging import Page, keyset
from support.models import Notice, Ticket

CAP = 99
NEWEST = ("-made_at", "-pk")


def unread(user: User | None) -> "QuerySet[Notice]":
    """Those not read yet."""
    return Notice.objects.filter(user=user).unread() if user else Notice.objects.none()


def count(user: User | None) -> int:
    """How many, no further than the cap and one. One query."""
    return unread(user)[: CAP + 1].count()


def page(actor: Actor, *, only_unread: bool, cursor: str = "") -> Page[Notice]:
    """One page, the newest first."""
    rows = Notice.objects.visible_to(actor).select_related("ticket__community", "ticket__status", "message")
    return keyset(rows.unread() if only_unread else rows, order=NEWEST, cursor=cursor)


def read(actor: Actor, pk: int) -> None:
    Notice.objects.visible_to(actor).unread().filter(pk=pk).update(read_at=timezone.now())


def read_ticket(user: User, ticket: Ticket) -> None:
    """Who opens a ticket has seen what is new in it."""
    Notice.objects.filter(user=user, ticket=ticket).unread().update(read_at=timezone.now())


def read_all(actor: Actor) -> int:
    """Everything up to now; how many there were."""
    return Notice.objects.filter(user=actor.user).unread().update(read_at=timezone.now()) if actor.user else 0
