"""The figures page: right numbers, the same few queries whatever there is, honest where there is nothing."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from communities.models import Programme
from communities.roles import StaffGroup
from communities.states import CommunityState
from ground.models import StageEvent
from hubs.models import HubRequest
from onboarding import acceptance, correcting, figures
from onboarding.figures import drawn
from onboarding.figures.numbers import notice_days
from onboarding.models import Application
from onboarding.states import ApplicationState, Outcome
from tests.factories import CommunityFactory, ProgrammeFactory, acting, staff
from tests.onboarding.factories import ApplicationFactory, applied, draft
from tests.onboarding.review_factories import approved, in_review, lead, reviewed, reviewer, rubric

pytestmark = pytest.mark.django_db
PAGE = "/review/figures/"


def numbers(**fields) -> figures.Numbers:
    return figures.Numbers(figures.Chosen(**fields))


def many(count: int) -> None:
    """Applications in every state, each with a way of two stages, a community a third of them."""
    first = ApplicationFactory()
    states = [ApplicationState.SCREENING, ApplicationState.IN_REVIEW, ApplicationState.DISCUSSION]
    community = CommunityFactory(state=CommunityState.LIVE)
    now = timezone.now()
    rows = [
        Application(
            reference=f"CI-M{place:03}-{count:04}",
            programme=first.programme,
            form_version=first.form_version,
            state=states[place % 3],
            email="many@example.org",
            email_verified_at=now,
            sent_at=now - timedelta(days=place % 300),
            state_since=now - timedelta(days=3),
            community=community if place % 3 == 0 else None,
        )
        for place in range(count)
    ]
    made = Application.objects.bulk_create(rows)
    kind = ContentType.objects.get_for_model(Application)
    StageEvent.objects.bulk_create(
        StageEvent(
            content_type=kind, object_id=row.pk, before=before, after=after, actor_role="system", at=row.sent_at + timedelta(days=days)
        )
        for row in made
        for before, after, days in (("draft", "applied", 0), ("applied", "screening", 2))
    )


def signed_in(client: Client, *groups: StaffGroup) -> Client:
    client.force_login(staff(*groups), backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_page_takes_the_same_few_queries_with_ten_and_a_thousand_applications(client):
    rubric()
    signed_in(client, StaffGroup.REVIEW_LEAD)
    counts = []
    for count in (10, 990):
        many(count)
        client.get(PAGE)
        with CaptureQueriesContext(connection) as queries:
            response = client.get(PAGE)
        assert response.status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 20
    plots = figures.all_of
    with CaptureQueriesContext(connection) as queries:
        plots(numbers(), line=21)
    assert len(queries) <= 8


def test_funnel_counts_how_far_each_came():
    draft(email="draft@example.org")
    applied(email="a@example.org")
    in_review(email="b@example.org")
    ApplicationFactory(state=ApplicationState.DECIDED, outcome=Outcome.ACCEPT, community=CommunityFactory(state=CommunityState.LIVE))
    ApplicationFactory(state=ApplicationState.DECIDED, outcome=Outcome.DECLINE)
    plot = drawn.from_sent_to_live(numbers())
    assert [row[1] for row in plot.table.rows] == ["4", "3", "3", "2", "1", "1"]


@pytest.mark.parametrize("fields", [{"is_calibration": True}, {"spam_at": timezone.now()}])
def test_what_is_not_in_earnest_is_left_out(fields):
    ApplicationFactory(**fields)
    kept = ApplicationFactory()
    ApplicationFactory(duplicate_of=kept)
    assert [row.pk for row in numbers().applications] == [kept.pk]


def test_period_and_programme_narrow_what_is_counted():
    old = ApplicationFactory(sent_at=timezone.now() - timedelta(days=500))
    new = ApplicationFactory()
    assert [row.pk for row in numbers().applications] == [new.pk]
    assert [row.pk for row in numbers(period=figures.PERIODS["all"]).applications] == [old.pk, new.pk]
    other = Programme.objects.create(slug="other", name="Other")
    assert numbers(programme=other).applications == []


def test_words_nobody_knows_choose_nothing(client):
    ProgrammeFactory()
    response = signed_in(client, StaffGroup.OPERATOR).get(PAGE, {"programme": "none", "period": "'; drop"})
    assert response.status_code == 200
    assert response.context["chosen"].period == figures.PERIODS["year"]


def test_days_per_stage_count_stays_that_are_over():
    many(3)
    assert numbers().days_by_stage == {"applied": [2.0, 2.0, 2.0]}


def test_work_waits_with_whoever_has_the_next_step():
    now = timezone.now()
    applied(state_since=now - timedelta(days=4))
    ApplicationFactory(waiting_since=now - timedelta(days=10))
    ApplicationFactory(state_since=now - timedelta(days=1))
    rubric()
    in_review()
    waits = {label: [round(day) for day in days] for label, days in drawn._waits(numbers()).items()}
    assert waits == {"The applicant": [4, 10], "Reviewers": [0], "A review lead": [1], "The community": [], "Us": []}


def test_decided_application_waits_with_nobody_whatever_was_asked_before(house):
    application = in_review()
    correcting.ask(application, text="Who pays?", by=acting(lead()))
    acceptance.release(approved(application, outcome=Outcome.DECLINE), by=acting(lead()))
    assert [days for days in drawn._waits(numbers()).values() if days] == []
    application.refresh_from_db()
    assert (application.is_waiting, application.outcome) == (False, "decline")


def test_levels_and_agreement_come_from_submitted_reviews():
    application = in_review()
    reviewed(application, level=3)
    reviewed(application, reviewer(), level=4)
    found = numbers()
    assert sorted(found.levels["need"][application.pk]) == [3, 4]
    assert drawn.levels_by_criterion(found).table.rows[0][1:] == ["0", "0", "0", "1", "1"]
    assert drawn.agreement(found).is_empty  # one application scored twice says nothing yet


def test_agreement_is_shown_once_ten_applications_were_scored_twice():
    one, two = reviewer(), reviewer()
    for place in range(10):
        application = in_review()
        reviewed(application, one, level=place % 4)
        reviewed(application, two, level=place % 4)
    plot = drawn.agreement(numbers())
    assert [row[1] for row in plot.table.rows] == ["1"] * len(rubric().content.criteria)


@pytest.mark.parametrize(
    ("start", "days"),
    [
        ("2026-03-22T09:00:00-05:00", 21),
        ("2026-03-02T01:00:00+12:00", 0),
        ("2026-03-22T09:00:00", 21),
        ("soon", None),
        (None, None),
        (7, None),
    ],
)
def test_notice_is_counted_in_days_of_the_place_of_the_event(start, days):
    assert notice_days(datetime(2026, 3, 1, 15, tzinfo=UTC), start) == days


def test_notice_of_events_stands_against_the_line_of_the_policy():
    sent = timezone.now() - timedelta(days=5)
    HubRequest.objects.create(
        community=CommunityFactory(),
        kind="event",
        state="submitted",
        submitted_at=sent,
        document={"event": {"starts_at": (sent + timedelta(days=9)).isoformat()}},
    )
    plot = drawn.notice_of_events(numbers(), line=21)
    assert [row[1] for row in plot.table.rows] == ["9"]
    assert "21 days" in plot.svg


def test_without_anything_every_plot_says_that_there_is_nothing(client):
    ProgrammeFactory()
    html = signed_in(client, StaffGroup.COMMUNITY_GUIDE).get(PAGE).content.decode()
    assert html.count("There is nothing to draw yet.") == 7
    assert "style=" not in html


def test_score_stands_against_first_value_where_both_are_known():
    measured, unmeasured = CommunityFactory(), CommunityFactory()
    for community in (measured, unmeasured):
        ApplicationFactory(state=ApplicationState.DECIDED, outcome=Outcome.ACCEPT, community=community, median=62.5)
    found = numbers()
    found.first_values = {measured.pk: 40}
    plot = drawn.score_and_value(found)
    assert [list(row[1:]) for row in plot.table.rows] == [["62.5", "40"]]
