"""What a person has read: a ticket that is opened is read, one's own words are read, and one may say not to have read it."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection
from django.db.models import F
from django.utils import timezone

from ground.actors import Actor
from support.models import Seen, Ticket

FIELDS = [field for field in Seen._meta.concrete_fields if not field.primary_key]
KEEP = (
    f"INSERT INTO {Seen._meta.db_table} ({', '.join(field.attname for field in FIELDS)})"  # noqa: S608  names of columns
    f" VALUES ({', '.join(['%s'] * len(FIELDS))}) ON CONFLICT (user_id, ticket_id)"
)


def read(ticket: Ticket, *, by: Actor) -> None:
    """The person has the ticket before them, as it is now. One query."""
    _keep(ticket, by=by, version=ticket.version, here_at=timezone.now())


def written(ticket: Ticket, *, by: Actor) -> None:
    """What the person did to the ticket is no news to them, nor is what they answered. One query; none for who is no person of the desk."""
    if by.user is not None:
        _keep(ticket, by=by, version=ticket.version)


def caught_up(keys: Iterable[int], *, by: Actor) -> None:
    """Of these tickets, each one step on by this person: who had read it until then has read it still."""
    behind = Seen.objects.filter(user=by.user, ticket__in=keys, version=F("ticket__version") - 1)
    Seen.objects.filter(pk__in=list(behind.values_list("pk", flat=True))).update(version=F("version") + 1, at=timezone.now())


def forget(ticket: Ticket, *, by: Actor) -> None:
    """The ticket is new to the person again."""
    _keep(ticket, by=by, version=0, here_at=None, writing_at=None)


def _keep(ticket: Ticket, *, by: Actor, version: int, **times: datetime | None) -> None:
    """One statement without a transaction around it, for it is asked each time a ticket is looked at."""
    row = Seen(user=by.user, ticket=ticket, version=version, at=timezone.now(), **times)
    changed = ", ".join(f"{name} = excluded.{name}" for name in ("version", "at", *times))
    values = [getattr(row, field.attname) for field in FIELDS]
    with connection.cursor() as cursor:
        held = [field.get_db_prep_save(value, connection) for field, value in zip(FIELDS, values, strict=True)]
        cursor.execute(f"{KEEP} DO UPDATE SET {changed}", held)
