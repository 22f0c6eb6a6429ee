"""Meetings: plan one, put applications on its list, hold it, and keep what was said beside the reviews."""

import datetime
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from communities.models import Programme, User
from ground.actors import Actor
from ground.states import WrongState
from onboarding import conflicts, deciding
from onboarding.models import Application, Meeting, MeetingItem, RubricVersion
from onboarding.rubric import RubricContent
from onboarding.scoring import HIGHEST
from onboarding.states import OPEN_TO_REVIEW, ApplicationState


@transaction.atomic
def plan(programme: Programme, *, date: datetime.date, chair: User, by: Actor) -> Meeting:
    """Plan a meeting; what is waiting for a discussion goes on its list at once."""
    meeting = Meeting.objects.create(programme=programme, date=date, chair=chair)
    meeting.present.add(chair)
    for application in _to_discuss(programme):
        MeetingItem.objects.create(meeting=meeting, application=application)
    _sort(meeting)
    log(meeting, "onboarding.plan_meeting", user=by.user, data={"by": by.label})
    return meeting


@transaction.atomic
def call_discussion(application: Application, *, by: Actor, note: str = "") -> Application:
    """Let the reviewers talk about it: it goes on the list of the next meeting, or of the one that is planned next."""
    row = deciding.call_discussion(application, by=by, note=note)
    meeting = Meeting.objects.open().filter(programme=row.programme_id).order_by("date", "pk").first()
    if meeting is not None:
        put_on(meeting, row, by=by)
    return row


@transaction.atomic
def put_on(meeting: Meeting, application: Application, *, by: Actor) -> MeetingItem:
    """Put an application on the list; once it is there it stays one item. Raises `WrongState` and `Conflicted`."""
    _open(meeting)
    if application.state not in OPEN_TO_REVIEW:
        raise WrongState(_("This application is not being reviewed."))
    conflicts.refuse_hard(application, by=by)
    item, _made = MeetingItem.objects.get_or_create(meeting=meeting, application=application)
    _sort(meeting)
    item.refresh_from_db()
    return item


@transaction.atomic
def take_off(item: MeetingItem, *, by: Actor) -> None:
    """Take an application off a list on which nobody has talked about it. Raises `WrongState` and `Conflicted`."""
    _open(item.meeting)
    if item.started_at is not None:
        raise WrongState(_("The meeting has talked about this application already."))
    conflicts.refuse_hard(item.application, by=by)
    item.delete()


@transaction.atomic
def attend(meeting: Meeting, *, chair: User, present: Iterable[User], by: Actor) -> Meeting:
    """Write down who leads the meeting and who is there."""
    row = _open(meeting)
    row.chair = chair
    row.save(update_fields=["chair"])
    row.present.set({chair, *present})
    log(row, "onboarding.attend_meeting", user=by.user, data={"by": by.label})
    return row


@transaction.atomic
def begin(item: MeetingItem, *, by: Actor) -> MeetingItem:
    """Start talking about an application; the clock runs from here. Raises `WrongState` and `Conflicted`."""
    row = _item(item, by=by)
    row.started_at = row.started_at or timezone.now()
    row.ended_at = None
    row.save(update_fields=["started_at", "ended_at"])
    return row


@transaction.atomic
def note(
    item: MeetingItem, *, agreed_scores: Mapping[str, int], outcome: str, minutes: str, lead: User | None = None, by: Actor
) -> MeetingItem:
    """Keep what was said: levels agreed beside those of the reviews, what to answer, the minutes.

    Raises `WrongState`, `Conflicted`, and KeyError for a criterion or a level the rubric lacks.
    """
    row = _item(item, by=by)
    _known(agreed_scores, RubricVersion.objects.current(row.application.programme_id).content)
    row.agreed_scores, row.outcome, row.minutes, row.lead = dict(agreed_scores), outcome, minutes, lead
    row.started_at = row.started_at or timezone.now()
    row.save(update_fields=["agreed_scores", "outcome", "minutes", "lead", "started_at"])
    log(row, "onboarding.note_meeting", user=by.user, data={"outcome": outcome, "by": by.label})
    return row


@transaction.atomic
def end(item: MeetingItem, *, by: Actor) -> MeetingItem:
    """The meeting goes on to the next application. Raises `WrongState` unless this one was begun, and `Conflicted`."""
    row = _item(item, by=by)
    if row.started_at is None:
        raise WrongState(_("Nobody has talked about this application yet."))
    row.ended_at = row.ended_at or timezone.now()
    row.save(update_fields=["ended_at"])
    return row


@transaction.atomic
def close(meeting: Meeting, *, by: Actor) -> Meeting:
    """End the meeting: from here on it is a record. What was not talked about goes on the next list."""
    row, now = _open(meeting), timezone.now()
    row.items.filter(started_at__isnull=False, ended_at__isnull=True).update(ended_at=now)
    row.closed_at = now
    row.save(update_fields=["closed_at"])
    _hand_over(row)
    log(row, "onboarding.close_meeting", user=by.user, data={"by": by.label})
    return row


def place(item: MeetingItem, content: RubricContent) -> tuple[int, Decimal, str]:
    """Where an item stands on its list: flags first, then whoever is closest to the edge of a band."""
    application = item.application
    return (0 if application.flags else 1, content.to_edge(application.median), application.reference)


def _sort(meeting: Meeting) -> None:
    """Put the items that nobody has talked about in order, behind those that have been."""
    content = RubricVersion.objects.current(meeting.programme_id).content
    items = list(meeting.items.select_related("application"))
    begun = [item for item in items if item.started_at]
    waiting = sorted((item for item in items if not item.started_at), key=lambda item: place(item, content))
    for order, item in enumerate([*begun, *waiting], start=1):
        item.order = order
    MeetingItem.objects.bulk_update(items, ["order"])


def _to_discuss(programme: Programme) -> Collection[Application]:
    """What waits for a discussion: on no open list, and not talked through since it came to discussion."""
    of_this = MeetingItem.objects.filter(application=OuterRef("pk"))
    settled = of_this.filter(ended_at__gte=OuterRef("state_since")).exclude(outcome="")
    waiting = Application.objects.in_earnest().filter(programme=programme, state=ApplicationState.DISCUSSION)
    return list(waiting.exclude(Exists(of_this.filter(meeting__closed_at__isnull=True))).exclude(Exists(settled)))


def _hand_over(meeting: Meeting) -> None:
    """What was left over goes on the next meeting's list, where one is planned; else planning it finds them."""
    following = Meeting.objects.open().filter(programme=meeting.programme_id).order_by("date", "pk").first()
    if following is None:
        return
    for application in _to_discuss(meeting.programme):
        MeetingItem.objects.get_or_create(meeting=following, application=application)
    _sort(following)


def _open(meeting: Meeting) -> Meeting:
    row = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if not row.is_open:
        raise WrongState(_("This meeting is over."))
    return row


def _item(item: MeetingItem, *, by: Actor) -> MeetingItem:
    row = MeetingItem.objects.select_for_update(of=("self",)).select_related("meeting", "application").get(pk=item.pk)
    if not row.meeting.is_open:
        raise WrongState(_("This meeting is over."))
    conflicts.refuse_hard(row.application, by=by)
    return row


def _known(scores: Mapping[str, Any], content: RubricContent) -> None:
    for criterion, level in scores.items():
        if criterion not in content.weights or level not in range(HIGHEST + 1):
            raise KeyError(criterion)
