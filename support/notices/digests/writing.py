"""Writing the daily mails, once a day each, at the hour people chose in their own zone."""

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from communities.models import User
from communities.roles import StaffGroup
from support import emails
from support.models import Notice, NoticeMail, NoticePreferences
from support.states import Letters

SATURDAY = 5


def write_due(*, now: datetime | None = None) -> int:
    """Write every daily mail whose hour has come; how many."""
    moment = now or timezone.now()
    triagers = User.objects.filter(is_active=True, groups__name=StaffGroup.SUPPORT_TRIAGER)
    waiting = User.objects.filter(is_active=True, pk__in=Notice.objects.to_digest().values("user"))
    return _each(waiting, Letters.DIGEST, moment) + _each(triagers, Letters.OVERDUE, moment)


def _each(people: Iterable[User], kind: Letters, now: datetime) -> int:
    rows = list(people)
    choices = {each.user_id: each for each in NoticePreferences.objects.filter(user__in=rows)}
    return sum(_write(person, kind, now) for person in rows if _is_due(person, choices.get(person.pk), kind, now))


def _is_due(person: User, choice: NoticePreferences | None, kind: Letters, now: datetime) -> bool:
    """Not yet today, the hour has come, and a day on which the person reads mail."""
    chosen, local = choice or NoticePreferences(user=person), now.astimezone(ZoneInfo(person.timezone))
    if kind == Letters.OVERDUE and not chosen.wants_overdue:
        return False
    rests = chosen.quiet_weekends and local.weekday() >= SATURDAY
    return not rests and local.hour >= chosen.digest_hour and _last(chosen, kind) != local.date()


def _last(choice: NoticePreferences, kind: Letters) -> date | None:
    return choice.digest_on if kind == Letters.DIGEST else choice.overdue_on


@transaction.atomic
def _write(person: User, kind: Letters, now: datetime) -> bool:
    """The person's row is held: two workers write one mail."""
    NoticePreferences.objects.get_or_create(user=person)
    choice = NoticePreferences.objects.select_for_update().get(user=person)
    if not _is_due(person, choice, kind, now):
        return False
    today = now.astimezone(ZoneInfo(person.timezone)).date()
    if kind == Letters.DIGEST:
        choice.digest_on = today
    else:
        choice.overdue_on = today
    choice.save(update_fields=["digest_on", "overdue_on"])
    letter = NoticeMail.objects.create(user=person, kind=kind, made_at=now)
    if kind == Letters.OVERDUE:
        emails.overdue.queue(to=person.email, language=person.language, mail_id=letter.pk)
        return True
    Notice.objects.to_digest().filter(user=person).update(mail=letter)
    emails.digest.queue(to=person.email, language=person.language, mail_id=letter.pk)
    return True
