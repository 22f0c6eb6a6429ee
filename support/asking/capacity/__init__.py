"""Days with less capacity: a word on the portal, and an automatic answer to whoever asks, once a person and period."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language, override

from communities.models import Community
from ground.actors import Actor
from ground.texts import pick
from support import emails, replies, sync, threads
from support.models import CapacityAnswer, ReducedPeriod, Ticket
from support.states import StatusGroup, SyncState
from support.timing import calendars, words

LATELY = timedelta(hours=24)
MOST = 200
NO_PERSON = re.compile(r"^(no|do-?not)[-_.]?reply\b|^noreply|^(mailer-daemon|postmaster)$", re.IGNORECASE)


@dataclass(frozen=True)
class Notice:
    """What a community reads while the desk can do less, in the reader's language, and until which day."""

    text: str
    ends_on: date


def notice_for(community: Community | None, *, now: datetime | None = None) -> Notice | None:
    """The notice of the day; no query on a day with nothing to say."""
    period = _active(community, now or timezone.now())
    text = pick(period.message, get_language()) if period else ""
    return Notice(text, period.ends_on) if period and text else None


def answer_newcomers(*, now: datetime | None = None) -> int:
    """Answer whoever asked within the last day, and was not answered in this period before; the number.

    Freshdesk mails requesters when it is connected: then only where an operator said so for the period.
    """
    at = now or timezone.now()
    return sum(_answer(ticket, period) for ticket, period in islice(_unanswered(at), MOST))


def _unanswered(now: datetime) -> Iterator[tuple[Ticket, ReducedPeriod]]:
    periods = list(ReducedPeriod.objects.filter(answers=True, begins_on__lte=now + LATELY, ends_on__gte=now - LATELY))
    if not periods:
        return
    told = set(CapacityAnswer.objects.filter(period__in=periods).values_list("period", "contact"))
    for ticket in _asked_lately(now):
        period = _active(ticket.community, now)
        if period is not None and (period.pk, ticket.requester_id) not in told and _is_to_be_answered(ticket, period):
            yield ticket, period


def _asked_lately(now: datetime) -> Iterable[Ticket]:
    """Tickets of people, still open, that nobody has answered."""
    rows = Ticket.objects.of_groups(StatusGroup.OPEN).filter(created_at__gt=now - LATELY, origin="", requester__isnull=False)
    waiting = rows.filter(first_replied_at=None).exclude(sync_state__in=[SyncState.GONE, SyncState.AWAITING_APPROVAL])
    return waiting.select_related("community", "requester__user", "status").order_by("pk")


def _is_to_be_answered(ticket: Ticket, period: ReducedPeriod) -> bool:
    asked = ticket.requester.email if ticket.requester else ""
    is_person = bool(asked) and not threads.is_ours(asked) and not NO_PERSON.match(asked.partition("@")[0])
    is_ours_to_say = period.answers_through_freshdesk or not sync.is_connected()
    began = calendars.of(ticket.community).day_of(ticket.created_at) >= period.begins_on
    return period.answers and bool(period.message) and is_person and is_ours_to_say and began


@transaction.atomic
def _answer(ticket: Ticket, period: ReducedPeriod) -> bool:
    """Once a person and period, whoever looks at the same time."""
    _told, is_first = CapacityAnswer.objects.get_or_create(period=period, contact=ticket.requester, defaults={"ticket": ticket})
    if is_first:
        replies.answer_by_itself(ticket, body=_body(ticket, period), by=Actor.system())
    return is_first


def _body(ticket: Ticket, period: ReducedPeriod) -> str:
    """The period's message in the requester's language, and when to expect an answer, in the calendar's zone."""
    language, zone = emails.language_of(ticket), calendars.of(ticket.community).tz
    with override(language), timezone.override(zone):
        expected = words.expected(ticket.next_due_at, timezone.now(), ticket.due_clock)
    return "\n\n".join(part for part in (pick(period.message, language), expected) if part)


def _active(community: Community | None, now: datetime) -> ReducedPeriod | None:
    calendar = calendars.of(community)
    day = calendar.day_of(now)
    if calendar.reduced_on(day) is None:
        return None
    held = ReducedPeriod.objects.filter(calendar=calendars.key_of(community), begins_on__lte=day, ends_on__gte=day)
    return held.order_by("begins_on", "pk").first()
