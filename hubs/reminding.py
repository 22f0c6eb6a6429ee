"""Reminding: a deployment may wait for a person for days. Nobody is blamed, nothing fails; whoever holds it hears of it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from communities.models import User
from communities.roles import StaffGroup
from ground.mail import Kind
from hubs import emails
from hubs.models import HubRequest
from hubs.states import RequestState

AT_DAYS = (2, 5, 10)
STUCK_AFTER_DAYS = 14
BATCH = 500


def remind(now: datetime) -> int:
    """Write the mails whose time has come; how many requests had one."""
    return sum(_remind(request, now) for request in _waiting(now)[:BATCH])


def stage_at(waiting_since: datetime, now: datetime) -> int:
    """How many of the days have come, the last one being when it counts as stuck."""
    return sum(waiting_since + timedelta(days=days) <= now for days in (*AT_DAYS, STUCK_AFTER_DAYS))


def holders(request: HubRequest) -> Iterator[tuple[Kind, QuerySet[User]]]:
    """Who has to do something, each with the mail for them: the community's representatives for what it owes, else engineers."""
    owed = {precondition.get("who", "engineer") for precondition in request.preconditions if precondition["status"] == "open"}
    if "community" in owed:
        yield emails.waits_for_community, request.community.representatives().filter(is_active=True)
    if owed != {"community"}:
        yield emails.waits_for_engineers, engineers()


def engineers() -> QuerySet[User]:
    """Everybody who carries requests out."""
    return User.objects.filter(is_active=True, groups__name=StaffGroup.ENGINEER.value)


@transaction.atomic
def _remind(request: HubRequest, now: datetime) -> bool:
    """One round of mails for where it stands, also when the scheduler slept; whoever counts up first writes them."""
    stage = stage_at(request.waiting_since or now, now)
    if stage <= request.reminders:
        return False
    if not HubRequest.objects.filter(pk=request.pk, state=RequestState.WAITING, reminders=request.reminders).update(reminders=stage):
        return False
    told = [(emails.is_stuck, engineers())] if stage > len(AT_DAYS) else list(holders(request))
    for kind, people in told:
        for person in people:
            kind.queue(to=person.email, language=person.language, request_id=request.pk, reader_id=person.pk)
    return True


def _waiting(now: datetime) -> QuerySet[HubRequest]:
    """Requests that wait for a person, and of which not everything has been said."""
    rows = HubRequest.objects.filter(state=RequestState.WAITING, waiting_since__lte=now - timedelta(days=AT_DAYS[0]))
    return rows.filter(reminders__lte=len(AT_DAYS)).select_related("community").order_by("waiting_since", "pk")
