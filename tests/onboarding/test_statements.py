"""Statements: pages everybody reads, versions that never change, and consent to exactly one of them."""

import uuid
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from ground.actors import Actor
from ground.frozen import statements as triggers
from onboarding import intake, statement_defaults, statements, wordings
from onboarding.models import Consent, LetterTemplateVersion, Statement, StatementKind, StatementVersion
from onboarding.questions import linting
from onboarding.questions.shape import Form
from onboarding.statements import ConsentOutdated
from tests.factories import ProgrammeFactory
from tests.onboarding.factories import ANSWERS, FormVersionFactory, draft, interest_schema

pytestmark = pytest.mark.django_db
APPLICANT = Actor.applicant("Ana")
SEND = Form.from_json(interest_schema()).step("send")


@pytest.fixture(autouse=True)
def _published() -> None:
    ProgrammeFactory()
    statement_defaults.ensure()


def hold(client, application) -> None:
    """This browser holds that application."""
    session = client.session
    session["application"] = application.pk
    session.save()


def ready(**fields):
    """A draft that can be sent, begun a while ago."""
    row = draft(**fields)
    type(row).objects.filter(pk=row.pk).update(created_at=timezone.now() - timedelta(hours=1))
    row.refresh_from_db()
    return row


def publish_again(kind: str) -> StatementVersion:
    """The next version of that statement."""
    row = Statement.objects.get(kind=kind)
    texts = {language: words | {"body": words["body"] + f"\n\nChanged {uuid.uuid4()}."} for language, words in row.as_published().items()}
    return wordings.publish(row, texts, by=Actor.system())


def given(application) -> set[tuple[str, str, int]]:
    rows = Consent.objects.filter(application=application).select_related("statement_version__statement")
    return {(row.field_key, row.statement_version.statement.kind, row.statement_version.number) for row in rows}


def agree(application, **versions):
    typed = {key: ["yes"] for key in ("consent.privacy", "consent.conduct")}
    typed |= {f"consent.{key}:version": [number] for key, number in versions.items()}
    return intake.save_page(application, SEND, typed, etag=application.etag, by=APPLICANT)


def send(application, **more):
    return intake.send(application, idempotency_key=application.idempotency_key, by=APPLICANT, **more)


def test_kinds_that_a_form_may_name_are_the_statements_there_are():
    assert set(StatementKind.values) == linting.STATEMENTS


def test_setup_publishes_four_languages_once_and_never_over_an_operator():
    version = publish_again("privacy")
    statement_defaults.ensure()
    assert StatementVersion.objects.current().get(statement__kind="privacy") == version
    assert StatementVersion.objects.count() == 4
    for each in StatementVersion.objects.all():
        assert set(each.texts) == {"en", "es", "pt", "fr"}
        assert not any("{" in words for parts in each.texts.values() for words in parts.values())


@pytest.mark.parametrize("kind", StatementKind.values)
@pytest.mark.parametrize("language", ["en", "es", "pt", "fr"])
def test_page_is_read_by_a_stranger_in_their_language_in_two_queries(client, django_assert_max_num_queries, kind, language):
    with django_assert_max_num_queries(2):
        response = client.get(f"/{kind}/", headers={"accept-language": language})
    assert response.status_code == 200
    assert statement_defaults.defaults()[kind][language]["title"] in response.content.decode()
    assert set(response.headers["Cache-Control"].split(", ")) == {"private", "max-age=300"}


def test_same_count_of_queries_with_one_and_with_three_versions(client, django_assert_num_queries):
    with django_assert_num_queries(2):
        client.get("/terms/")
    publish_again("terms")
    publish_again("terms")
    with django_assert_num_queries(2):
        client.get("/terms/")


def test_missing_language_is_read_in_english_and_said_so(client):
    row = Statement.objects.get(kind="terms")
    wordings.publish(row, {"en": {"title": "Rules", "body": "Be kind."}}, by=Actor.system())
    page = client.get("/terms/", headers={"accept-language": "pt"}).content.decode()
    assert '<article class="prose" lang="en">' in page
    assert "Be kind." in page
    assert 'class="card card--note"' in page
    assert 'class="card card--note"' not in client.get("/terms/").content.decode()


def test_earlier_version_stays_readable_and_says_what_it_is(client):
    publish_again("privacy")
    earlier = client.get("/privacy/1/").content.decode()
    assert "This is an earlier version." in earlier
    assert "This is an earlier version." not in client.get("/privacy/2/").content.decode()
    assert client.get("/privacy/3/").status_code == 404


def test_words_from_an_operator_cannot_run_anything(client):
    row = Statement.objects.get(kind="terms")
    wordings.publish(row, {"en": {"title": "<b>Rules", "body": "<script>alert(1)</script>"}}, by=Actor.system())
    page = client.get("/terms/").content.decode()
    assert "<script>alert" not in page
    assert "<b>Rules" not in page


def test_every_page_links_to_all_three(client):
    page = client.get("/apply/").content.decode()
    assert all(f'href="/{kind}/"' in page for kind in StatementKind.values)


def test_same_words_again_make_no_new_version_and_earlier_ones_count_again():
    row = Statement.objects.get(kind="privacy")
    first = StatementVersion.objects.get(statement=row)
    publish_again("privacy")
    again = wordings.publish(row, first.texts, by=Actor.system())
    assert (again.pk, row.versions.count(), row.versions.current().get().pk) == (first.pk, 2, first.pk)


@pytest.mark.parametrize("change", [{"texts": {}}, {"sha256": "0"}, {"number": 9}, {"published_at": timezone.now()}])
def test_published_statement_changed_in_bulk_is_refused(change):
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        StatementVersion.objects.filter(number=1).update(**change)


def test_published_statement_deleted_is_refused():
    with connection.cursor() as cursor:
        for statement in triggers("onboarding_statementversion", ["statement_id", "number", "texts", "sha256"], connection.vendor):
            cursor.execute(statement)
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        StatementVersion.objects.filter(number=1).delete()


def test_second_current_version_is_refused():
    row = Statement.objects.get(kind="privacy")
    with pytest.raises(IntegrityError), transaction.atomic():
        StatementVersion.objects.create(statement=row, number=2, texts={}, sha256="2", is_current=True)


def test_version_somebody_agreed_to_is_protected():
    application = draft(answers={})
    agree(application)
    assert Consent.objects.filter(application=application).count() == 2
    assert LetterTemplateVersion._meta.get_field("template").remote_field.on_delete.__name__ == "PROTECT"
    with pytest.raises(Exception, match=r"protected|never changes"), transaction.atomic():
        StatementVersion.objects.get(statement__kind="terms").delete()


def test_consent_is_kept_with_the_version_that_stood_there():
    application = draft(answers={})
    publish_again("privacy")
    agree(application, privacy="1")
    assert given(application) == {("consent.privacy", "privacy", 1), ("consent.conduct", "terms", 1)}


def test_version_nobody_published_counts_as_the_current_one():
    application = draft(answers={})
    agree(application, privacy="77", conduct="x")
    assert given(application) == {("consent.privacy", "privacy", 1), ("consent.conduct", "terms", 1)}


def test_consent_taken_back_before_sending_is_forgotten():
    application = draft(answers={})
    agree(application)
    intake.save_page(application, SEND, {"consent.conduct": ["yes"]}, etag=application.etag, by=APPLICANT)
    assert given(application) == {("consent.conduct", "terms", 1)}


def test_sending_writes_the_consents_that_are_not_written_yet():
    application = ready()
    send(application)
    assert given(application) == {("consent.privacy", "privacy", 1), ("consent.conduct", "terms", 1)}


def test_consent_to_an_earlier_version_is_asked_for_again_and_then_sent():
    application = ready()
    agree(application)
    publish_again("privacy")
    with pytest.raises(ConsentOutdated) as refused:
        send(application)
    assert [each.field.key for each in refused.value.consents] == ["consent.privacy"]
    with pytest.raises(ConsentOutdated):
        send(application, agreed={"consent.privacy": 1})
    assert send(application, agreed={"consent.privacy": 2}).sent_at
    assert given(application) == {("consent.privacy", "privacy", 1), ("consent.privacy", "privacy", 2), ("consent.conduct", "terms", 1)}


def test_form_that_names_no_statement_asks_for_nothing():
    schema = interest_schema()
    steps = [
        step | {"fields": [{k: v for k, v in field.items() if k != "statement"} for field in step["fields"]]} for step in schema["steps"]
    ]
    version = FormVersionFactory(number=2, is_current=False, schema=schema | {"steps": steps}, sha256="plain")
    application = ready(form_version=version)
    send(application)
    assert given(application) == set()


def test_question_links_to_its_version_and_page_asks_again_after_a_new_one(client):
    application = draft(answers=ANSWERS)
    hold(client, application)
    page = client.get(reverse("onboarding:page", args=["send"])).content.decode()
    assert '<input type="hidden" name="consent.privacy:version" value="1">' in page
    assert 'href="/privacy/1/"' in page
    assert 'href="/terms/1/"' in page
    agree(application)
    publish_again("terms")
    page = client.get(reverse("onboarding:page", args=["send"])).content.decode()
    assert page.count("This has changed since you agreed.") == 2  # in the summary and beside the question
    assert 'name="consent.privacy" value="yes" checked' in page
    assert 'name="consent.conduct" value="yes" checked' not in page


def test_check_page_says_that_it_changed_and_sends_once_it_is_agreed_to(client):
    application = ready()
    agree(application)
    hold(client, application)
    assert "Changed since you agreed" not in client.get(reverse("onboarding:check")).content.decode()
    publish_again("privacy")
    assert "Changed since you agreed" in client.get(reverse("onboarding:check")).content.decode()
    key = {"key": str(application.idempotency_key)}
    refused = client.post(reverse("onboarding:send"), key)
    assert "What you agreed to has changed meanwhile." in refused.content.decode()
    assert 'value="consent.privacy:2"' in refused.content.decode()
    assert client.post(reverse("onboarding:send"), key | {"agree": "consent.privacy:2"}).url == reverse("onboarding:status")
    application.refresh_from_db()
    assert application.sent_at


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"statement": "weather"}, "consent.privacy: there is no statement weather"),
        ({"type": "yes_no"}, "consent.privacy: only a consent is about a statement"),
    ],
)
def test_form_that_names_a_statement_wrongly_is_not_published(change, words):
    schema = interest_schema()
    steps = [
        step | {"fields": [field | change if field["key"] == "consent.privacy" else field for field in step["fields"]]}
        for step in schema["steps"]
    ]
    assert words in [str(finding) for finding in linting.lint(schema | {"steps": steps})]


def test_what_was_ticked_again_is_read_as_far_as_it_can_be():
    assert statements.agreed_again(["consent.privacy:2", "consent.conduct:x", "nothing", ":", "a:99999999"]) == {"consent.privacy": 2}
