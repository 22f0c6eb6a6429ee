"""Who is away today, each in their own zone."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from communities.models import User
from ground.actors import Actor
from support.models import Absence, Ticket
from support.states import StatusGroup

AROUND = timedelta(days=1)


def enter(user: User, *, first_day: date, last_day: date, note: str, by: Actor) -> Absence:
    """Write down that this person is away on these days, both included."""
    return Absence.objects.create(user=user, first_day=first_day, last_day=last_day, note=note, entered_by=by.user)


def take_back(absence: Absence) -> None:
    absence.delete()


def away_now(*, now: datetime | None = None) -> dict[int, Absence]:
    """Who is away, by their key, with the absence that ends last. One query: zones differ by less than a day from ours."""
    moment = now or timezone.now()
    near = Absence.objects.filter(first_day__lte=(moment + AROUND).date(), last_day__gte=(moment - AROUND).date()).select_related("user")
    return {each.user_id: each for each in near.order_by("last_day") if covers(each, moment)}


def with_absences(people: "QuerySet[User]", *, now: datetime) -> "QuerySet[User, Any]":
    """People with their absences around now, which `away_among` reads: it costs no query of its own. No three of one person's meet in three days."""
    near = Absence.objects.filter(user=OuterRef("pk"), first_day__lte=(now + AROUND).date(), last_day__gte=(now - AROUND).date())
    first, last = near.order_by("first_day", "pk"), near.order_by("-last_day", "-pk")
    return people.annotate(
        absent_from=Subquery(first.values("first_day")[:1]),
        absent_to=Subquery(first.values("last_day")[:1]),
        then_from=Subquery(last.values("first_day")[:1]),
        then_to=Subquery(last.values("last_day")[:1]),
    )


def away_among(people: Iterable[Any], *, now: datetime) -> dict[int, Absence]:
    """Who of `with_absences` is away, by their key."""
    near = [
        Absence(user=person, first_day=first, last_day=last)
        for person in people
        for first, last in ((person.absent_from, person.absent_to), (person.then_from, person.then_to))
        if first
    ]
    return {each.user_id: each for each in near if covers(each, now)}


def covers(absence: Absence, moment: datetime) -> bool:
    """Whether the person's own calendar says one of those days."""
    return absence.first_day <= moment.astimezone(ZoneInfo(absence.user.timezone)).date() <= absence.last_day


def coming(*, now: datetime | None = None) -> list[Absence]:
    """Absences that go on or lie ahead, the next one first."""
    moment = now or timezone.now()
    rows = Absence.objects.filter(last_day__gte=(moment - AROUND).date()).select_related("user", "entered_by")
    return [each for each in rows if each.last_day >= moment.astimezone(ZoneInfo(each.user.timezone)).date()]


def left_behind(people: Iterable[int], *, most: int = 50) -> list[Ticket]:
    """Open tickets of people who are away, those that wait longest first: to be handed over."""
    rows = Ticket.objects.here().of_groups(StatusGroup.OPEN).filter(assignee__in=list(people)).for_list()
    return list(rows.order_by("waiting_since", "pk")[:most])
