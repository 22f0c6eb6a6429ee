"""Who is at which ticket right now, looking or writing. Known among staff alone, and forgotten within a minute."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, CharField, Func, QuerySet, Value, When
from django.db.models.functions import Cast, Coalesce, Concat, NullIf
from django.utils import timezone

from ground.actors import Actor
from support.models import Seen, Ticket
from support.models.seen import WRITING_FOR

BETWEEN = "\x1f"


@dataclass(frozen=True, order=True)
class Person:
    """Somebody at a ticket."""

    ticket: int
    is_writing: bool
    name: str


def here(ticket: Ticket, *, by: Actor, is_writing: bool) -> None:
    """The person is at the ticket. One query."""
    now = timezone.now()
    row = Seen(user=by.user, ticket=ticket, version=0, at=now, here_at=now, writing_at=now if is_writing else None)
    Seen.objects.bulk_create([row], update_conflicts=True, unique_fields=["user", "ticket"], update_fields=["here_at", "writing_at"])


def others(ticket: Ticket, *, by: Actor) -> list[Person]:
    """Who else is at the ticket, who writes first. One query."""
    now = timezone.now()
    people = Seen.objects.present(now).filter(ticket=ticket).exclude(user=by.user).select_related("user")
    found = [Person(ticket.pk, each.writing_at is not None and each.writing_at > now - WRITING_FOR, str(each.user)) for each in people]
    return sorted(found, key=lambda person: (not person.is_writing, person.name))


def everybody_else(now: datetime, *, by: Actor) -> "QuerySet[Any, Any]":
    """Who else is at any ticket, as one text in one row, so that it comes along with another query; `told` reads it."""
    writes = Case(When(writing_at__gt=now - WRITING_FOR, then=Value("w")), default=Value("r"), output_field=CharField())
    name = Coalesce(NullIf("user__name", Value("")), "user__email", output_field=CharField())
    line = Concat(Cast("ticket_id", CharField()), Value(BETWEEN), writes, Value(BETWEEN), name, output_field=CharField())
    return Seen.objects.present(now).exclude(user=by.user).order_by().values_list(_Joined(line, output_field=CharField()))


def told(text: str | None) -> list[Person]:
    """The people of `everybody_else`, in an order that stays."""
    return sorted(_people(text or ""))


def _people(text: str) -> Iterator[Person]:
    for line in text.split("\n"):
        match line.split(BETWEEN):
            case [ticket, writes, name]:
                yield Person(int(ticket), writes == "w", name.split("@")[0])


class _Joined(Func):
    """Every row's text, a line each."""

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return super().as_sql(compiler, connection, template="GROUP_CONCAT(%(expressions)s, char(10))", **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return super().as_sql(compiler, connection, template="STRING_AGG(%(expressions)s, chr(10))", **context)
