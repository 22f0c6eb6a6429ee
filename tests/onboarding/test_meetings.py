"""Meetings: what goes on their list and in which order, what they keep, and who leaves the room."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from ground.actors import Actor
from ground.states import WrongState
from onboarding import deciding, meetings, reviewing
from onboarding.access import can_see_meeting
from onboarding.commands import apply_command
from onboarding.conflicts import Conflicted
from onboarding.models import Application, Meeting, MeetingItem, ReviewPolicy, Score
from onboarding.rubric import RubricContent
from onboarding.states import ApplicationState, ConflictKind, Outcome
from tests.access.routes import World
from tests.factories import acting
from tests.onboarding.review_factories import in_review, lead, proposed, reviewed, reviewer, rubric, screened

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("house")]

DAY = date(2027, 1, 14)


@pytest.fixture
def boss():
    return lead(name="Boss")


@pytest.fixture
def by(boss):
    return acting(boss)


def planned(boss, day=DAY):
    return meetings.plan(rubric().rubric.programme, date=day, chair=boss, by=acting(boss))


def listed(meeting):
    return [item.application.name for item in meeting.items.select_related("application").order_by("order")]


@pytest.fixture
def item(boss, by):
    return meetings.put_on(planned(boss), in_review(name="Andes"), by=by)


def hard_conflict(application, user):
    reviewing.declare_conflict(application, kind=ConflictKind.INSTITUTION, by=acting(user))


# planning


def test_plan_lists_what_waits_for_a_discussion(boss):
    deciding.call_discussion(in_review(name="waits"), by=acting(boss))
    in_review(name="does not")
    deciding.call_discussion(in_review(name="example", is_calibration=True), by=acting(boss))
    meeting = planned(boss)
    assert (listed(meeting), list(meeting.present.all())) == (["waits"], [boss])


def test_plan_leaves_out_what_another_list_has_and_what_was_talked_through(boss, by):
    first = planned(boss)
    meetings.call_discussion(in_review(name="listed"), by=by)
    done = meetings.put_on(first, deciding.call_discussion(in_review(name="done"), by=by), by=by)
    meetings.note(done, agreed_scores={}, outcome=Outcome.ACCEPT, minutes="", by=by)
    meetings.end(done, by=by)
    assert listed(planned(boss, date(2027, 1, 28))) == []
    meetings.close(first, by=by)
    assert listed(Meeting.objects.get(date=date(2027, 1, 28))) == ["listed"]


def test_two_meetings_on_a_day_are_refused_by_the_database(boss):
    planned(boss)
    with pytest.raises(IntegrityError), transaction.atomic():
        planned(boss)


def test_call_discussion_puts_it_on_the_next_meeting(boss, by):
    later, sooner = planned(boss, date(2027, 2, 1)), planned(boss, DAY)
    application = in_review(name="Andes")
    apply_command(application, "call_discussion", by=by, override="They are far apart.")
    assert (listed(sooner), listed(later)) == (["Andes"], [])


def test_call_discussion_without_a_meeting_waits_for_one(boss, by):
    meetings.call_discussion(in_review(name="Andes"), by=by)
    assert listed(planned(boss)) == ["Andes"]


def test_list_has_flags_first_then_the_edge_of_a_band(boss, by):
    meeting = planned(boss)
    for name, median, flags in [
        ("far", "60", []),
        ("close", "69.5", []),
        ("closer", "50.2", []),
        ("flagged far", "90", ["spread"]),
        ("flagged close", "71", ["split"]),
        ("without", None, []),
    ]:
        meetings.put_on(meeting, in_review(name=name, median=median and Decimal(median), flags=flags), by=by)
    assert listed(meeting) == ["flagged close", "flagged far", "closer", "close", "far", "without"]


def test_what_was_talked_about_keeps_its_place(boss, by, item):
    meetings.begin(item, by=by)
    meetings.put_on(item.meeting, in_review(name="flagged", flags=["split"]), by=by)
    assert listed(item.meeting) == ["Andes", "flagged"]


def test_put_on_twice_is_one_item(item, by):
    assert meetings.put_on(item.meeting, item.application, by=by) == item


def test_put_on_what_is_not_reviewed_is_refused(boss, by):
    with pytest.raises(WrongState):
        meetings.put_on(planned(boss), screened(), by=by)


def test_take_off_what_nobody_talked_about(item, by):
    meetings.take_off(item, by=by)
    assert not MeetingItem.objects.exists()


def test_take_off_what_was_talked_about_is_refused(item, by):
    meetings.begin(item, by=by)
    with pytest.raises(WrongState):
        meetings.take_off(MeetingItem.objects.get(), by=by)


# bands


@pytest.mark.parametrize(
    ("total", "band"), [(None, ""), ("0", "weak"), ("49.9", "weak"), ("50", "discuss"), ("69.9", "discuss"), ("70", "strong")]
)
def test_band_of_a_total(total, band):
    assert rubric().content.band(total and Decimal(total)) == band


def test_rubric_published_before_bands_gets_the_usual_ones():
    document = rubric().document
    rules = {key: value for key, value in document["rules"].items() if key != "bands"}
    assert RubricContent({**document, "rules": rules}).bands == rubric().content.bands == {"strong": 70, "discuss": 50, "weak": 0}


# holding


def test_note_stands_beside_the_reviews_and_changes_none(item, by):
    reviewed(item.application, level=1)
    before = list(Score.objects.order_by("pk").values_list("criterion", "level"))
    meetings.note(item, agreed_scores={"need": 3}, outcome=Outcome.DECLINE, minutes="They may come again.", by=by)
    item.refresh_from_db()
    assert (item.agreed_scores, item.outcome, item.minutes) == ({"need": 3}, "decline", "They may come again.")
    assert list(Score.objects.order_by("pk").values_list("criterion", "level")) == before
    assert Application.objects.get().state == ApplicationState.IN_REVIEW


@pytest.mark.parametrize("scores", [{"beauty": 3}, {"need": 5}, {"need": -1}])
def test_note_of_a_level_the_rubric_lacks_is_refused(item, by, scores):
    with pytest.raises(KeyError):
        meetings.note(item, agreed_scores=scores, outcome="", minutes="", by=by)


def test_end_before_it_began_is_refused_by_code_and_database(item, by):
    with pytest.raises(WrongState):
        meetings.end(item, by=by)
    with pytest.raises(IntegrityError), transaction.atomic():
        MeetingItem.objects.update(ended_at="2027-01-14T10:00Z")


def test_clock_begins_once_and_ends(item, by):
    first = meetings.begin(item, by=by).started_at
    assert meetings.begin(item, by=by).started_at == first
    assert meetings.end(item, by=by).minutes_taken == 0


def test_close_makes_it_a_record(item, by):
    meetings.begin(item, by=by)
    meetings.close(item.meeting, by=by)
    item.refresh_from_db()
    assert (item.meeting.is_open, item.ended_at is not None) == (False, True)
    for change in (
        lambda: meetings.begin(item, by=by),
        lambda: meetings.note(item, agreed_scores={}, outcome="", minutes="x", by=by),
        lambda: meetings.end(item, by=by),
        lambda: meetings.take_off(item, by=by),
        lambda: meetings.put_on(item.meeting, item.application, by=by),
        lambda: meetings.attend(item.meeting, chair=by.user, present=[], by=by),
        lambda: meetings.close(item.meeting, by=by),
    ):
        with pytest.raises(WrongState):
            change()


def test_attend_keeps_the_chair_among_those_present(item, by):
    other = reviewer()
    meetings.attend(item.meeting, chair=by.user, present=[other], by=by)
    assert set(item.meeting.present.all()) == {by.user, other}


def test_conflict_of_interest_bars_every_act_on_the_item(item, boss):
    other = lead()
    hard_conflict(item.application, other)
    by = acting(other)
    for act in (
        lambda: meetings.begin(item, by=by),
        lambda: meetings.note(item, agreed_scores={}, outcome="", minutes="x", by=by),
        lambda: meetings.end(item, by=by),
        lambda: meetings.take_off(item, by=by),
        lambda: meetings.put_on(item.meeting, item.application, by=by),
    ):
        with pytest.raises(Conflicted):
            act()


# who sees


def test_predicate_equals_queryset_for_everybody(item):
    world = World()
    conflicted = acting(reviewer())
    hard_conflict(item.application, conflicted.user)
    for user in [*world.people.values()]:
        actor = acting(user) if user else Actor.anonymous()
        assert (item.meeting in Meeting.objects.visible_to(actor)) == can_see_meeting(actor), actor
        assert (item in MeetingItem.objects.visible_to(actor)) == can_see_meeting(actor), actor
    assert item not in MeetingItem.objects.visible_to(conflicted)


@pytest.fixture
def as_(client):
    def sign_in(user):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


def url(name, item):
    return reverse(f"onboarding:{name}", args=[item.meeting_id, item.application.reference])


def test_what_a_meeting_said_opens_with_the_reviews(as_, by, item):
    application, ana = item.application, reviewer()
    reviewed(application, level=4), reviewed(application, level=1)
    meetings.begin(item, by=by)
    meetings.note(item, agreed_scores={"need": 1}, outcome=Outcome.DECLINE, minutes="Two of us say no", by=by)
    reviewing.declare_conflict(application, kind=ConflictKind.NONE, by=acting(ana))
    addresses = [item.meeting.get_absolute_url(), url("meeting_item", item), reverse("onboarding:decision", args=[application.reference])]
    for is_shown in (False, True):
        pages = [as_(ana).get(address) for address in addresses]
        assert [b"Two of us say no" in page.content for page in pages] == [is_shown] * 3
        assert (pages[1].context["screen"].agreed_total is not None) == is_shown
        if not is_shown:
            reviewed(application, ana)


def test_list_leaves_out_what_a_reviewer_was_not_asked_to_read(as_, item):
    ReviewPolicy.objects.create(programme=item.application.programme, assigned_only=True)
    user = reviewer()
    assert item not in MeetingItem.objects.visible_to(acting(user))
    assert b"Andes" not in as_(user).get(item.meeting.get_absolute_url()).content


def test_lead_who_is_at_a_review_overwrites_no_minutes(as_, boss, by, item):
    meetings.note(item, agreed_scores={}, outcome="", minutes="Kept words", by=by)
    other = lead()
    reviewing.declare_conflict(item.application, kind=ConflictKind.NONE, by=acting(other))
    reviewing.keep(item.application, scores=[], recommendation="", by=acting(other))
    page = as_(other).get(url("meeting_item", item))
    assert (page.context["may_hold"], b"Kept words" in page.content) == (False, False)
    as_(other).post(url("note_meeting_item", item), {"minutes": ""})
    item.refresh_from_db()
    assert item.minutes == "Kept words"


def test_item_shows_bars_flags_and_who_is_not_there(as_, boss, by, item):
    away = reviewer(name="Chidi Obi")
    hard_conflict(item.application, away)
    meetings.attend(item.meeting, chair=boss, present=[away], by=by)
    reviewed(item.application, reviewer(name="Ana"), level=4)
    reviewed(item.application, reviewer(name="Bruno"), level=1, recommendation=Outcome.DECLINE)
    reviewing.declare_conflict(item.application, kind=ConflictKind.NONE, by=by)
    page = as_(boss).get(url("meeting_item", item))
    screen = page.context["screen"]
    assert [(bar.reviewer, bar.level) for bar in screen.criteria[0].bars] == [("Ana", 4), ("Bruno", 1)]
    assert screen.flags == ["Recommendations on both sides", "Reviewers far apart"]
    assert "Chidi Obi" in page.content.decode()


def test_item_is_hidden_from_who_has_a_conflict_and_listed_without_a_name(as_, item):
    away = reviewer()
    hard_conflict(item.application, away)
    assert as_(away).get(url("meeting_item", item)).status_code == 404
    page = as_(away).get(item.meeting.get_absolute_url()).content.decode()
    assert "You have a conflict of interest here" in page
    assert "Andes" not in page


def test_item_asks_about_a_conflict_first(as_, boss, item):
    assert as_(boss).get(url("meeting_item", item)).headers["Location"] == reverse("onboarding:review", args=[item.application.reference])


def test_list_hides_scores_from_a_reviewer_until_their_own_are_in(as_, item):
    Application.objects.update(median=Decimal("61.3"), flags=["split"])
    page = as_(reviewer()).get(item.meeting.get_absolute_url()).content.decode()
    assert "61.3" not in page
    assert "Recommendations on both sides" not in page


def test_list_hides_scores_where_the_policy_never_opens_them(as_, item):
    ana = reviewer()
    ReviewPolicy.objects.create(programme=item.application.programme, see_others="never")
    reviewed(item.application, ana)
    Application.objects.update(median=Decimal("61.3"), flags=["split"])
    page = as_(ana).get(item.meeting.get_absolute_url()).content.decode()
    assert "61.3" not in page
    assert "Recommendations on both sides" not in page


def test_note_is_kept_from_the_page_and_offered_to_whoever_proposes(as_, boss, by, item):
    reviewed(item.application), reviewed(item.application)
    reviewing.declare_conflict(item.application, kind=ConflictKind.NONE, by=by)
    response = as_(boss).post(
        url("note_meeting_item", item), {"outcome": "waitlist", "minutes": "When a place is free.", "level:need": "3"}
    )
    assert response.status_code == 302
    page = as_(boss).get(reverse("onboarding:decision", args=[item.application.reference]))
    assert page.context["proposal"].initial == {"outcome": "waitlist", "reasons": "When a place is free."}


def test_note_with_a_level_off_the_scale_is_kept_on_the_page(as_, boss, by, item):
    reviewing.declare_conflict(item.application, kind=ConflictKind.NONE, by=by)
    response = as_(boss).post(url("note_meeting_item", item), {"minutes": "kept words", "level:need": "9"})
    assert (response.status_code, b"kept words" in response.content) == (422, True)


def test_done_goes_on_to_the_next_and_then_back_to_the_list(as_, boss, by, item):
    second = meetings.put_on(item.meeting, in_review(name="Birds"), by=by)
    as_(boss).post(url("begin_meeting_item", item))
    first_end = as_(boss).post(url("end_meeting_item", item))
    as_(boss).post(url("begin_meeting_item", second))
    last_end = as_(boss).post(url("end_meeting_item", second))
    assert (first_end.headers["Location"], last_end.headers["Location"]) == (url("meeting_item", second), item.meeting.get_absolute_url())


def test_meeting_is_planned_from_its_page_and_a_day_is_taken_once(as_, boss):
    browser = as_(boss)
    browser.post(reverse("onboarding:plan_meeting"), {"date": "2027-01-14", "chair": boss.pk})
    assert Meeting.objects.get().chair == boss
    again = browser.post(reverse("onboarding:plan_meeting"), {"date": "2027-01-14", "chair": boss.pk})
    assert (again.status_code, Meeting.objects.count()) == (422, 1)


def test_application_is_put_on_by_its_reference(as_, boss):
    meeting, application = planned(boss), in_review(name="Andes")
    as_(boss).post(reverse("onboarding:put_on_meeting", args=[meeting.pk]), {"reference": application.reference.lower()})
    as_(boss).post(reverse("onboarding:put_on_meeting", args=[meeting.pk]), {"reference": "CI-NONE"})
    assert listed(meeting) == ["Andes"]


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_of_meetings_cost_the_same_with_one_item_and_with_three(as_, boss, by, rows, django_assert_num_queries):
    meeting = planned(boss)
    for _ in range(rows):
        item = meetings.put_on(meeting, in_review(), by=by)
        reviewing.declare_conflict(item.application, kind=ConflictKind.NONE, by=by)
        hard_conflict(item.application, reviewer())
    browser = as_(boss)
    for address, cost in [
        (reverse("onboarding:meetings"), MEETINGS),
        (meeting.get_absolute_url(), MEETING),
        (url("meeting_item", item), ITEM),
    ]:
        browser.get(address)
        with django_assert_num_queries(cost):
            browser.get(address)


MEETINGS, MEETING, ITEM = 6, 12, 16


def test_standing_decision_hides_what_a_meeting_said_before(as_, boss, by):
    decision = proposed()
    reviewing.declare_conflict(decision.application, kind=ConflictKind.NONE, by=by)
    page = as_(boss).get(reverse("onboarding:decision", args=[decision.application.reference]))
    assert b"Said in the meeting" not in page.content
