"""What the database itself refuses, tried on it."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from communities.roles import StaffGroup
from ground.actors import Actor
from ground.frozen import statements
from onboarding.models import Application, Correction, FormVersion, Override, Question, ResumeToken
from onboarding.states import ApplicationState, Outcome
from tests.factories import CommunityFactory, UserFactory, acting, member, staff
from tests.onboarding.factories import AnswerRevisionFactory, ApplicationFactory, FormVersionFactory, applied, draft
from tests.onboarding.files import kept

pytestmark = pytest.mark.django_db


@pytest.fixture
def _frozen() -> None:
    """The triggers as the migration made them (tests/conftest.py takes the one against deletes away on SQLite)."""
    with connection.cursor() as cursor:
        for statement in statements("onboarding_formversion", ["definition_id", "number", "schema", "sha256"], connection.vendor):
            cursor.execute(statement)


@pytest.mark.parametrize("change", [{"schema": {"steps": []}}, {"sha256": "0" * 64}, {"number": 9}])
def test_form_version_changed_in_bulk_is_refused(change):
    version = FormVersionFactory()
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        FormVersion.objects.filter(pk=version.pk).update(**change)
    version.refresh_from_db()
    assert version.number == 1


def test_form_version_retired_is_kept_otherwise_unchanged():
    version = FormVersionFactory()
    version.is_current = False
    version.save()
    assert not FormVersion.objects.get().is_current


@pytest.mark.usefixtures("_frozen")
def test_form_version_deleted_is_refused():
    version = FormVersionFactory()
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        FormVersion.objects.filter(pk=version.pk).delete()


def test_form_version_second_current_is_refused():
    FormVersionFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        FormVersionFactory(number=2, sha256="1" * 64)


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "nowhere"},
        {"state": ApplicationState.DRAFT},
        {"state": ApplicationState.APPLIED, "sent_at": None},
        {"state": ApplicationState.IN_REVIEW, "email_verified_at": None},
        {"state": ApplicationState.APPLIED, "email": "", "email_verified_at": None},
        {"state": ApplicationState.IN_REVIEW, "outcome": Outcome.ACCEPT},
        {"state": ApplicationState.DRAFT, "sent_at": None, "purge_after": None},
    ],
)
def test_application_against_its_constraints_is_refused(fields):
    ApplicationFactory(state=ApplicationState.DECIDED, outcome=Outcome.ACCEPT)
    with pytest.raises(IntegrityError), transaction.atomic():
        ApplicationFactory(**fields)


def test_application_reference_and_key_are_unique():
    first = ApplicationFactory()
    for twice in ({"reference": first.reference}, {"idempotency_key": first.idempotency_key}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ApplicationFactory(**twice)


def test_answer_revision_number_twice_is_refused():
    revision = AnswerRevisionFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        AnswerRevisionFactory(application=revision.application)


def test_answer_revision_shown_answers_leave_hidden_keys_out():
    assert AnswerRevisionFactory(answers={"a": 1, "b": 2}, hidden_keys=["b"]).shown_answers == {"a": 1}


def test_resume_token_valid_leaves_expired_and_revoked_out():
    application, now = draft(), timezone.now()
    good = ResumeToken.objects.create(application=application, sha256="a" * 64, purpose="resume", expires_at=now + timedelta(days=1))
    ResumeToken.objects.create(application=application, sha256="b" * 64, purpose="resume", expires_at=now - timedelta(days=1))
    ResumeToken.objects.create(
        application=application, sha256="c" * 64, purpose="resume", expires_at=now + timedelta(days=1), revoked_at=now
    )
    assert list(ResumeToken.objects.valid()) == [good]


@pytest.mark.parametrize(
    ("group", "seen"),
    [
        (StaffGroup.REVIEWER, {"screening", "decided"}),
        (StaffGroup.REVIEW_LEAD, {"applied", "screening", "decided"}),
        (StaffGroup.OPERATOR, {"applied", "screening", "decided"}),
        (StaffGroup.SUPPORT_AGENT, set()),
        (StaffGroup.ENGINEER, set()),
    ],
)
def test_applications_visible_to_staff_by_group(group, seen):
    draft(), applied(), ApplicationFactory(), ApplicationFactory(state=ApplicationState.DECIDED)
    assert {row.state for row in Application.objects.visible_to(acting(staff(group)))} == seen


def test_applications_visible_to_nobody_else():
    ApplicationFactory()
    for actor in (Actor.anonymous(), acting(UserFactory()), acting(member(CommunityFactory()))):
        assert not Application.objects.visible_to(actor).exists()


@pytest.mark.parametrize("fields", [{"size": 0}, {"sha256": "a" * 64}])
def test_database_refuses_an_empty_file_and_the_same_one_twice(fields):
    application = ApplicationFactory()
    kept(application, sha256="a" * 64)
    with pytest.raises(IntegrityError), transaction.atomic():
        kept(application, **{"sha256": "b" * 64} | fields)


@pytest.mark.parametrize("fields", [{"text": ""}, {"answered_at": timezone.now()}])
def test_database_refuses_a_question_of_nothing_and_one_answered_with_nothing(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        Question.objects.create(**{"application": ApplicationFactory(), "text": "Why?"} | fields)


def test_database_refuses_a_second_correction_of_one_application():
    application = ApplicationFactory()
    Correction.objects.create(application=application)
    with pytest.raises(IntegrityError), transaction.atomic():
        Correction.objects.create(application=application)


@pytest.mark.parametrize("change", [{"command": "propose"}, {"guards": []}, {"at": timezone.now() - timedelta(days=1)}])
def test_override_is_never_changed(change):
    override = Override.objects.create(
        application=ApplicationFactory(), command="start_review", guards=["gates-open"], reason="Late", person=UserFactory()
    )
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        Override.objects.filter(pk=override.pk).update(**change)
    assert Override.objects.get().command == "start_review"
