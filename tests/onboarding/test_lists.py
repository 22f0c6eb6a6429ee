"""Downloads of the review room: nothing that the pages would not show, and every application that leaves is counted."""

import csv
import io

import pytest
from django.urls import reverse

from communities.roles import StaffGroup
from onboarding import reviewing
from onboarding.models import ReviewPolicy, ViewRecord
from onboarding.states import ConflictKind, Outcome
from tests.factories import acting, staff
from tests.onboarding.factories import ANSWERS, ApplicationFactory, draft
from tests.onboarding.review_factories import in_review, lead, proposed, reviewed, reviewer

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
APPLICATIONS = "/review/exports/applications/interest/1/"


def download(client, user, url) -> list[dict[str, str]]:
    client.force_login(user, backend=BACKEND)
    response = client.get(url, {"download": "csv"})
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"), newline="")))


def test_applications_have_one_column_a_question_under_its_key(client):
    application = ApplicationFactory()
    draft(email="draft@example.org")
    (row,) = download(client, staff(StaffGroup.OPERATOR), APPLICATIONS)
    assert set(ANSWERS) <= set(row)
    assert (row["reference"], row["use.types"], row["contact.email"]) == (application.reference, "research; education", application.email)
    assert row["people.community_champion"] == "name: Ana Quispe Mamani; email: ana@glaciares.example.org"
    assert row["event.kind"] == ""


def test_answer_that_another_one_hid_does_not_leave(client):
    ApplicationFactory(answers=ANSWERS | {"event.attendees": 45})
    assert download(client, staff(StaffGroup.OPERATOR), APPLICATIONS)[0]["event.attendees"] == ""


def test_every_application_that_leaves_is_an_opening(client):
    first, second = ApplicationFactory(), ApplicationFactory()
    user = staff(StaffGroup.OPERATOR)
    download(client, user, APPLICATIONS)
    assert list(ViewRecord.objects.order_by("application").values_list("application", "viewer", "where", "label")) == [
        (first.pk, user.pk, "export", "interest-1"),
        (second.pk, user.pk, "export", "interest-1"),
    ]


def test_reviewer_gets_what_they_said_they_can_judge_and_nobody_a_conflict(client):
    open_to_them, silent, conflicted = in_review(), in_review(), in_review()
    user, head = reviewer(), lead()
    reviewing.declare_conflict(open_to_them, kind=ConflictKind.NONE, by=acting(user))
    for person in (user, head):
        reviewing.declare_conflict(conflicted, kind=ConflictKind.INSTITUTION, by=acting(person))
    assert [row["reference"] for row in download(client, user, APPLICATIONS)] == [open_to_them.reference]
    assert [row["reference"] for row in download(client, head, APPLICATIONS)] == [open_to_them.reference, silent.reference]


def test_median_and_flags_leave_once_ones_own_review_is_in(client):
    application, user = in_review(), reviewer()
    reviewed(application, level=4), reviewed(application, level=1)
    reviewing.declare_conflict(application, kind=ConflictKind.NONE, by=acting(user))
    for person in (user, staff(StaffGroup.OPERATOR)):
        (row,) = download(client, person, APPLICATIONS)
        assert (row["reviews"], row["median"], row["flags"]) == ("2", "", "")
    reviewed(application, user, level=4)
    assert download(client, user, APPLICATIONS)[0]["median"] == "100.0"
    boss = lead()
    reviewing.declare_conflict(application, kind=ConflictKind.NONE, by=acting(boss))
    assert "spread" in download(client, boss, APPLICATIONS)[0]["flags"]


def test_median_never_leaves_where_the_policy_says_so(client):
    application, user = in_review(), reviewer()
    ReviewPolicy.objects.create(programme=application.programme, see_others=ReviewPolicy.SeeOthers.NEVER)
    reviewed(application, level=1), reviewed(application, user, level=4)
    (row,) = download(client, user, APPLICATIONS)
    assert (row["median"], row["flags"]) == ("", "")


def test_people_stay_hidden_from_reviewers_where_the_policy_says_so(client):
    application = in_review()
    ReviewPolicy.objects.create(programme=application.programme, hide_people=True)
    user = reviewer()
    reviewing.declare_conflict(application, kind=ConflictKind.NONE, by=acting(user))
    (row,) = download(client, user, APPLICATIONS)
    assert {"email", "contact.email", "contact.name", "people.hub_champion"} & set(row) == set()
    assert "ana@" not in " ".join(row.values())
    assert "contact.email" in download(client, lead(), APPLICATIONS)[0]


def test_reviews_and_scores_of_others_leave_once_ones_own_is_in(client):
    application = in_review()
    one, two = reviewer(), reviewer()
    reviewed(application, one, level=4)
    assert download(client, two, "/review/exports/reviews/") == []
    assert download(client, two, "/review/exports/scores/") == []
    reviewed(application, two, level=1)
    assert [row["Reviewer"] for row in download(client, two, "/review/exports/reviews/")] == [str(one), str(two)]
    assert {row["Level"] for row in download(client, two, "/review/exports/scores/")} == {"4", "1"}


def test_decisions_leave_without_those_of_a_conflict(client):
    decision, other = proposed(), proposed(outcome=Outcome.WAITLIST)
    head = lead()
    reviewing.declare_conflict(other.application, kind=ConflictKind.PERSONAL, by=acting(head))
    assert [row["Application"] for row in download(client, head, "/review/exports/decisions/")] == [decision.application.reference]


def test_unknown_sheet_is_not_found_and_without_a_kind_the_page_answers(client):
    client.force_login(lead(), backend=BACKEND)
    assert client.get("/review/exports/secrets/", {"download": "csv"}).status_code == 404
    assert client.get("/review/exports/reviews/").url == reverse("onboarding:exports")
    in_review()
    assert "interest 1" in client.get(reverse("onboarding:exports")).content.decode()
