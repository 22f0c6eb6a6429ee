"""Who watches a ticket: by hand, or because of what they did in it or what was done to them."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from communities.models import User
from ground.actors import Actor
from support.models import Ticket, Watch
from support.states import Why


@transaction.atomic
def watch(ticket: Ticket, user: User, *, by: Actor) -> Watch:
    """Let this person watch, also one who had stopped."""
    why = Why.BY_HAND if by.role != "rule" else Why.RULE
    known, is_new = Watch.objects.select_for_update().get_or_create(
        ticket=ticket, user=user, defaults={"why": why, "since": timezone.now()}
    )
    if not is_new and known.stopped_at is not None:
        known.why, known.since, known.stopped_at = why, timezone.now(), None
        known.save()
    return known


def stop(ticket: Ticket, user: User) -> None:
    """This person has seen enough; what happens later does not make them watch again."""
    Watch.objects.on().filter(ticket=ticket, user=user).update(stopped_at=timezone.now())


def begin(ticket: Ticket, people: Iterable[int], why: Why) -> None:
    """Let these people watch, unless they do or have stopped. They hear of what comes from now on, and of what made them watch."""
    now = timezone.now()
    rows = [Watch(ticket=ticket, user_id=pk, why=why, since=now) for pk in dict.fromkeys(people)]
    if rows:
        Watch.objects.bulk_create(rows, ignore_conflicts=True)


def let_go(ticket: Ticket, *, assignee: int | None) -> None:
    """Who took care of it and does not any more stops watching; who also wrote in it watches on."""
    Watch.objects.filter(ticket=ticket, why=Why.ASSIGNEE, stopped_at=None).exclude(user=assignee).delete()


def watchers(ticket: Ticket) -> list[Watch]:
    """Who watches, the first one first."""
    return list(Watch.objects.on().filter(ticket=ticket).select_related("user").order_by("since", "pk"))
