"""Who gets through to the board, the meetings, the rights and the commands of an application."""

import datetime
from collections.abc import Sequence
from typing import Any

from communities.roles import StaffGroup
from onboarding import meetings, reviewing
from onboarding.models import MeetingItem
from onboarding.states import ConflictKind
from tests.access.routes import Route, World
from tests.factories import acting
from tests.onboarding.review_factories import in_review, lead, screened

READERS = frozenset({StaffGroup.REVIEWER, StaffGroup.REVIEW_LEAD, StaffGroup.OPERATOR})
HANDLERS = frozenset({StaffGroup.REVIEW_LEAD, StaffGroup.OPERATOR})
SCORERS = frozenset({StaffGroup.REVIEWER, StaffGroup.REVIEW_LEAD})
LEADS = frozenset({StaffGroup.REVIEW_LEAD})


def item(world: World) -> MeetingItem:
    """One application on the list of a planned meeting; nobody has a conflict."""
    boss = lead()
    application = in_review()
    for group in SCORERS:
        reviewing.declare_conflict(application, kind=ConflictKind.NONE, by=acting(world.people[group]))
    meeting = meetings.plan(application.programme, date=datetime.date(2027, 1, 14), chair=boss, by=acting(boss))
    return meetings.put_on(meeting, application, by=acting(boss))


def a_meeting(world: World) -> Sequence[Any]:
    return (item(world).meeting_id,)


def an_item(world: World) -> Sequence[Any]:
    row = item(world)
    return (row.meeting_id, row.application.reference)


def an_application(world: World) -> Sequence[Any]:
    return (item(world).application.reference,)


def marked_as_spam(_world: World) -> Sequence[Any]:
    return (screened().reference, "spam")


ROUTES = [
    Route("onboarding:board", READERS),
    Route("onboarding:waiting_list", READERS),
    Route("onboarding:failed_letters", LEADS),
    Route("onboarding:rights", READERS),
    Route("onboarding:where_it_stands", READERS, an_application),
    Route("onboarding:give_command", HANDLERS, marked_as_spam, method="post"),
    Route("onboarding:meetings", SCORERS),
    Route("onboarding:plan_meeting", LEADS, method="post"),
    Route("onboarding:meeting", SCORERS, a_meeting),
    Route("onboarding:attend_meeting", LEADS, a_meeting, method="post"),
    Route("onboarding:put_on_meeting", LEADS, a_meeting, method="post"),
    Route("onboarding:close_meeting", LEADS, a_meeting, method="post"),
    Route("onboarding:meeting_item", SCORERS, an_item),
    Route("onboarding:begin_meeting_item", LEADS, an_item, method="post"),
    Route("onboarding:note_meeting_item", LEADS, an_item, method="post"),
    Route("onboarding:end_meeting_item", LEADS, an_item, method="post"),
    Route("onboarding:take_off_meeting", LEADS, an_item, method="post"),
]
