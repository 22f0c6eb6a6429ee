"""Mailing notices: one mail a ticket for what came within minutes, nobody's quiet broken, and what exceeds the ceiling in one summary."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from communities.models import User
from ground.actors import Actor
from ground.mail import Kind
from support import emails
from support.models import Notice, NoticeMail, NoticePreferences, Ticket
from support.notices.telling import may_be_mailed_from
from support.states import Letters

HOUR = timedelta(hours=1)


def send_due(*, now: datetime | None = None) -> int:
    """Write the mails whose time has come; how many were written."""
    moment = now or timezone.now()
    people = Notice.objects.to_mail().filter(mail_at__lte=moment).order_by("user").values_list("user_id", flat=True).distinct()
    return sum(_send_to(pk, moment) for pk in list(people))


@transaction.atomic
def _send_to(user_pk: int, now: datetime) -> int:
    """One person's, while nobody else writes to them: two workers would pass the ceiling together."""
    person = User.objects.select_for_update().get(pk=user_pk)
    choice = NoticePreferences.of(person)
    due = _still_theirs(list(Notice.objects.to_mail().filter(user=person, mail_at__lte=now).order_by("made_at", "pk")), person)
    ready = [each for each in due if not _wait_until(each, may_be_mailed_from(now, each.kind, person, choice), now)]
    if not ready:
        return 0
    left, free_at = _left(person, choice, now)
    if left == 0:
        Notice.objects.filter(pk__in=[each.pk for each in ready]).update(mail_at=free_at)
        return 0
    return _write(person, ready, left, now)


def _still_theirs(due: Sequence[Notice], person: User) -> list[Notice]:
    """Without what the person may not see any more: that goes, unread."""
    tickets = {each.ticket_id for each in due}
    seen = set(Ticket.objects.visible_to(Actor.person(person)).filter(pk__in=tickets).values_list("pk", flat=True))
    if not person.is_active or seen != tickets:
        lost = [each.pk for each in due if not person.is_active or each.ticket_id not in seen]
        Notice.objects.filter(pk__in=lost).delete()
        return [each for each in due if each.pk not in set(lost)]
    return list(due)


def _wait_until(notice: Notice, morning: datetime, now: datetime) -> bool:
    """Whether it falls into quiet hours now: those of a choice made since, or of a worker that came late."""
    if morning > now:
        Notice.objects.filter(pk=notice.pk).update(mail_at=morning)
    return morning > now


def _left(person: User, choice: NoticePreferences, now: datetime) -> tuple[int, datetime]:
    """How many mails this hour still takes, and when there is room again."""
    made = list(NoticeMail.objects.filter(user=person, made_at__gt=now - HOUR).order_by("made_at").values_list("made_at", flat=True))
    left = max(choice.most_an_hour - len(made), 0)
    return left, now if left else made[len(made) - choice.most_an_hour] + HOUR


def _write(person: User, ready: Sequence[Notice], left: int, now: datetime) -> int:
    """One a ticket while they last; the last of the hour takes everything else together."""
    by_ticket: dict[int, list[Notice]] = {}
    for each in ready:
        by_ticket.setdefault(each.ticket_id, []).append(each)
    groups = list(by_ticket.items())
    alone = groups if len(groups) <= left else groups[: left - 1]
    for ticket, notices in alone:
        _queue(person, Letters.TICKET, notices, now, ticket=ticket)
    rest = groups[len(alone) :]
    if rest:
        _queue(person, Letters.SUMMARY, [each for _ticket, notices in rest for each in notices], now)
    return len(alone) + bool(rest)


def _queue(person: User, kind: Letters, notices: Iterable[Notice], now: datetime, *, ticket: int | None = None) -> NoticeMail:
    letter = NoticeMail.objects.create(user=person, kind=kind, ticket_id=ticket, made_at=now)
    Notice.objects.filter(pk__in=[each.pk for each in notices]).update(mail=letter)
    KINDS[kind].queue(to=person.email, language=person.language, mail_id=letter.pk)
    return letter


KINDS: Mapping[str, Kind] = {Letters.TICKET: emails.noticed, Letters.SUMMARY: emails.summarised}
