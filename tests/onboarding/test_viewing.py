"""One record for every opening of an application by one of us; it is never rewritten, and only leads read it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from communities.roles import StaffGroup
from ground.actors import Actor
from onboarding import meetings, reviewing, viewing
from onboarding.models import ViewRecord
from onboarding.states import ConflictKind
from tests.factories import acting, staff
from tests.onboarding.factories import ApplicationFactory
from tests.onboarding.files import FIELD, PDF, kept
from tests.onboarding.review_factories import in_review, lead, proposed, reviewer

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


def openings(application) -> list[tuple[str, str]]:
    return list(ViewRecord.objects.filter(application=application).order_by("pk").values_list("where", "label"))


def judge(application, user):
    reviewing.declare_conflict(application, kind=ConflictKind.NONE, by=acting(user))
    return user


def test_opening_a_page_twice_within_a_minute_is_one_opening(client, time_machine):
    time_machine.move_to("2026-03-01 12:00:05+00:00", tick=False)
    application = in_review()
    client.force_login(judge(application, reviewer()), backend=BACKEND)
    page = reverse("onboarding:review", args=[application.reference])
    for _again in range(2):
        assert client.get(page).status_code == 200
    assert openings(application) == [("page", "review")]
    client.get(reverse("onboarding:decision", args=[application.reference]))
    assert openings(application) == [("page", "review"), ("page", "decision")]
    time_machine.shift(60)
    client.get(page)
    assert len(openings(application)) == 3


def test_question_about_conflicts_opens_nothing(client):
    application = in_review()
    client.force_login(reviewer(), backend=BACKEND)
    client.get(reverse("onboarding:review", args=[application.reference]))
    assert openings(application) == []


def test_api_counts_one_application_and_each_of_a_list():
    first, second = ApplicationFactory(), ApplicationFactory()
    client = APIClient()
    client.force_authenticate(staff(StaffGroup.OPERATOR))
    assert client.get(reverse("api:application-detail", args=[first.reference])).status_code == 200
    assert client.get(reverse("api:application-list")).status_code == 200
    assert openings(first) == [("api", "application"), ("api", "list")]
    assert openings(second) == [("api", "list")]


def test_applicants_are_not_counted():
    application = ApplicationFactory()
    viewing.record(application, by=Actor.applicant("Ana"), where=viewing.Where.PAGE)
    assert openings(application) == []


def test_file_is_an_opening_of_its_question(client):
    application = ApplicationFactory()
    address = reverse("onboarding:file", args=[kept(application).key])
    client.force_login(staff(StaffGroup.OPERATOR), backend=BACKEND)
    assert b"".join(client.get(address).streaming_content) == PDF
    assert openings(application) == [("file", FIELD)]


def test_question_history_and_meeting_are_openings(client):
    application, boss = in_review(), lead()
    client.force_login(judge(application, boss), backend=BACKEND)
    meetings.call_discussion(application, by=acting(boss))
    meeting = meetings.plan(application.programme, date=timezone.localdate(), chair=boss, by=acting(boss))
    for name in ("ask_applicant", "where_it_stands"):
        client.get(reverse(f"onboarding:{name}", args=[application.reference]))
    client.get(reverse("onboarding:meeting_item", args=[meeting.pk, application.reference]))
    assert openings(application) == [("page", "ask"), ("page", "where it stands"), ("page", "meeting")]


@pytest.mark.parametrize("what", ["reviews", "scores", "decisions"])
def test_download_opens_what_is_in_it_once_each(client, what):
    application, boss = proposed().application, lead()
    client.force_login(judge(application, boss), backend=BACKEND)
    b"".join(client.get(reverse("onboarding:export_sheet", args=[what]), {"download": "csv"}).streaming_content)
    assert openings(application) == [("export", what)]


def test_only_leads_know_who_read_it(client):
    application = in_review()
    first = judge(application, reviewer(name="Rita Reader"))
    viewing.record(application, by=acting(first), where=viewing.Where.PAGE, label="review")
    page = reverse("onboarding:review", args=[application.reference])
    client.force_login(judge(application, lead()), backend=BACKEND)
    assert "Rita Reader" in client.get(page).content.decode()
    client.force_login(judge(application, reviewer()), backend=BACKEND)
    assert "Who has read this" not in client.get(page).content.decode()
    assert not ViewRecord.objects.visible_to(acting(staff(StaffGroup.OPERATOR))).exists()


def test_database_refuses_a_change_and_an_early_delete():
    application = ApplicationFactory()
    viewing.record(application, by=acting(lead()), where=viewing.Where.PAGE)
    with pytest.raises(IntegrityError), transaction.atomic():
        ViewRecord.objects.update(label="another")
    if connection.vendor != "sqlite":  # there the tests let rows be deleted (tests/database.py)
        with pytest.raises(IntegrityError), transaction.atomic():
            ViewRecord.objects.all().delete()


def test_old_record_may_be_forgotten():
    application = ApplicationFactory()
    old = timezone.now() - ViewRecord.LIFE - timedelta(days=1)
    ViewRecord.objects.create(application=application, viewer=lead(), at=old, minute=old, where="page")
    assert ViewRecord.objects.filter(at__lt=timezone.now() - ViewRecord.LIFE).delete()[0] == 1
