"""Intake's deciders, each by every way out."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from communities.models import Programme
from communities.roles import StaffGroup
from ground.actors import Actor
from ground.models import OutgoingMail
from ground.states import WrongState
from ground.sweep import perform_due
from onboarding import intake, links
from onboarding.access import can_see_application
from onboarding.defaults import ensure
from onboarding.intake import Incomplete, TooQuick
from onboarding.models import Application, FormDefinition, FormVersion, ResumeToken
from onboarding.publishing import NotReady, publish
from onboarding.questions.answers import inputs
from onboarding.states import ApplicationState
from onboarding.tasks import purge_drafts
from onboarding.writing import StaleAnswers
from tests.factories import ProgrammeFactory, UserFactory, acting, staff
from tests.onboarding.factories import ANSWERS, ApplicationFactory, FormVersionFactory, applied, draft, interest_schema

pytestmark = pytest.mark.django_db
ANYBODY = Actor.anonymous()


@pytest.fixture
def version() -> FormVersion:
    return FormVersionFactory()


def page(application: Application, step: str, **answers):
    typed = {}
    for field in application.form_version.form.step(step).fields:
        typed |= {} if field.later else inputs(field, answers.get(field.key))
    return typed


def save(application: Application, step: str, answers: dict, *, etag: int | None = None):
    return intake.save_page(
        application,
        application.form_version.form.step(step),
        page(application, step, **answers),
        etag=application.etag if etag is None else etag,
        by=ANYBODY,
    )


def test_start_makes_a_draft_that_ends_some_day(version):
    with time_machine.travel("2026-11-22T10:00Z", tick=False):
        application = intake.start(version, language="es", by=ANYBODY)
    assert application.purge_after.isoformat() == "2027-01-21T10:00:00+00:00"
    assert (application.state, application.programme, application.answers) == (
        "draft",
        version.definition.programme,
        {"applicant.language": "es"},
    )
    assert application.reference.startswith("CI-")


def test_start_with_an_address_mails_the_link(version):
    application = intake.start(version, language="es", email="Ana@Example.org", by=ANYBODY)
    assert (application.email, application.answers["contact.email"]) == ("ana@example.org", "ana@example.org")
    assert OutgoingMail.objects.get().params == {"application_id": application.pk}


def test_start_by_a_person_knows_their_name(version):
    assert intake.start(version, language="en", by=acting(UserFactory(name="Ana"))).answers["contact.name"] == "Ana"


def test_save_page_keeps_the_good_and_says_the_bad(version):
    application = intake.start(version, language="en", by=ANYBODY)
    reading = intake.save_page(
        application,
        version.form.step("community"),
        {"community.long_name": ["Andes"], "community.website": ["no address"]},
        etag=1,
        by=ANYBODY,
    )
    assert list(reading.problems) == ["community.website"]
    assert (application.answers["community.long_name"], application.etag) == ("Andes", 2)
    application.refresh_from_db()
    assert (application.answers["community.long_name"], application.etag) == ("Andes", 2)


def test_save_page_takes_an_emptied_answer_away(version):
    application = draft()
    save(application, "community", ANSWERS | {"community.website": None})
    assert "community.website" not in application.answers


def test_save_page_keeps_answers_of_questions_that_are_hidden_now(version):
    application = draft(answers=ANSWERS | {"data.sensitive": "health", "data.sensitive_note": "Interviews"})
    typed = page(application, "data_money_time", **ANSWERS)
    intake.save_page(application, version.form.step("data_money_time"), typed, etag=application.etag, by=ANYBODY)
    assert (application.answers["data.sensitive"], application.answers["data.sensitive_note"]) == ("none", "Interviews")


def test_save_page_takes_over_language_and_address_and_mails_once(version):
    application = intake.start(version, language="en", by=ANYBODY)
    save(application, "start", ANSWERS)
    save(application, "people", ANSWERS)
    save(application, "people", ANSWERS)
    assert (application.language, application.email) == ("es", "ana@glaciares.example.org")
    assert OutgoingMail.objects.count() == 1


def test_save_page_with_another_address_ends_the_old_links(version):
    application = draft(email="old@example.org", email_verified_at=timezone.now())
    links.mint(application)
    save(application, "people", ANSWERS)
    assert not ResumeToken.objects.valid().exists()
    assert application.email_verified_at is None


def test_save_page_from_a_stale_tab_is_refused(version):
    application = draft()
    save(application, "goals", ANSWERS)
    with pytest.raises(StaleAnswers) as refused:
        save(application, "goals", ANSWERS, etag=1)
    assert refused.value.now.etag == 2


def test_save_page_after_sending_is_refused(version):
    with pytest.raises(WrongState):
        save(applied(), "goals", ANSWERS)


def old_draft(**fields) -> Application:
    return draft(created_at=timezone.now() - timedelta(hours=1), **fields)


def test_send_freezes_the_answers_and_acknowledges(version):
    application = old_draft(answers=ANSWERS | {"event.attendees": 45})
    sent = intake.send(application, idempotency_key=application.idempotency_key, by=ANYBODY)
    revision = sent.revisions.get()
    assert (sent.state, sent.purge_after, revision.number, revision.reason, revision.hidden_keys) == (
        "applied",
        None,
        1,
        "sent",
        ["event.attendees"],
    )
    assert revision.shown_answers == ANSWERS
    assert [mail.kind for mail in OutgoingMail.objects.all()] == ["onboarding/acknowledgement.txt"]
    assert [event.after for event in sent.stage_events()] == ["applied"]


def test_send_with_a_confirmed_address_goes_on_to_screening(version):
    application = old_draft(email_verified_at=timezone.now())
    sent = intake.send(application, idempotency_key=application.idempotency_key, by=ANYBODY)
    assert [event.after for event in sent.stage_events()] == ["applied", "screening"]


def test_send_twice_with_the_same_key_sends_once(version):
    application = old_draft()
    for _click in range(2):
        intake.send(application, idempotency_key=application.idempotency_key, by=ANYBODY)
    assert (application.revisions.count(), OutgoingMail.objects.count()) == (1, 1)


def test_send_with_another_key_is_refused(version):
    application = old_draft()
    with pytest.raises(WrongState):
        intake.send(application, idempotency_key=uuid.uuid4(), by=ANYBODY)


def test_send_incomplete_names_the_questions_and_changes_nothing(version):
    application = old_draft(answers={key: value for key, value in ANSWERS.items() if key not in {"community.country", "consent.privacy"}})
    with pytest.raises(Incomplete) as refused:
        intake.send(application, idempotency_key=application.idempotency_key, by=ANYBODY)
    assert [field.key for field in refused.value.fields] == ["community.country", "consent.privacy"]
    assert (Application.objects.get().state, OutgoingMail.objects.count()) == ("draft", 0)


def test_send_faster_than_anybody_reads_is_refused(version):
    application = draft()
    with pytest.raises(TooQuick):
        intake.send(application, idempotency_key=application.idempotency_key, by=ANYBODY)


def test_resume_confirms_the_address_of_a_draft_and_counts(version):
    application = draft(email="ana@example.org")
    token = links.find(links.mint(application).split("/")[2])
    assert intake.resume(token, by=ANYBODY).is_verified
    intake.resume(token, by=ANYBODY)
    token.refresh_from_db()
    assert token.uses == 2


def test_link_confirms_what_was_sent_once(version, client):
    application = applied()
    path = links.mint(application)
    for _again in range(2):
        assert client.post(path).headers["Location"] == reverse("onboarding:status")
    application.refresh_from_db()
    assert application.is_verified
    assert [event.after for event in application.stage_events()] == ["screening"]


def test_link_of_what_is_spam_opens_and_confirms_nothing(version, client):
    application = applied(spam_at=timezone.now())
    assert client.post(links.mint(application)).headers["Location"] == reverse("onboarding:status")
    application.refresh_from_db()
    assert (application.state, application.is_verified) == (ApplicationState.APPLIED, False)


def test_correct_email_mails_again_and_keeps_a_revision(version):
    application = intake.correct_email(applied(email="typo@example.org"), "Ana@example.org", by=ANYBODY)
    assert (application.email, application.revisions.get().answers["contact.email"]) == ("ana@example.org", "ana@example.org")
    assert OutgoingMail.objects.get().to == ["ana@example.org"]


def test_correct_email_once_confirmed_is_refused(version):
    with pytest.raises(WrongState):
        intake.correct_email(ApplicationFactory(), "other@example.org", by=ANYBODY)


def test_mail_link_to_one_address_is_a_few_an_hour(version):
    draft(email="ana@example.org")
    for _again in range(10):
        intake.mail_link("ana@example.org")
    assert OutgoingMail.objects.count() == intake.MAILS_TO_ONE.most


def test_know_email_of_a_sent_application_is_refused(version):
    with pytest.raises(WrongState):
        intake.know_email(applied(), "ana@example.org", by=ANYBODY)


def test_withdraw_ends_the_way_and_only_once(version):
    application = draft()
    assert intake.withdraw(application, by=ANYBODY).purge_after is None
    with pytest.raises(WrongState):
        intake.withdraw(Application.objects.get(), by=ANYBODY)


@pytest.mark.parametrize(
    ("make", "kind", "words"), [(draft, intake.resume_link, "link back to them"), (applied, intake.acknowledgement, "open this link")]
)
def test_mail_mints_its_link_while_sent_and_only_its_hash_stays(version, make, kind, words, mailoutbox):
    application = make()
    kind.queue(to="ana@example.org", language="en", application_id=application.pk)
    assert not ResumeToken.objects.exists()
    perform_due()
    body = f"{mailoutbox[0].subject}\n{mailoutbox[0].body}"
    secret = body.split("/applications/")[1].split("/", maxsplit=1)[0]
    assert words in body
    assert links.find(secret).application == application
    assert secret not in str(list(OutgoingMail.objects.values()) + list(ResumeToken.objects.values()))


def test_applications_visible_equal_the_predicate(version):
    rows = [
        draft(),
        applied(),
        ApplicationFactory(),
        ApplicationFactory(state=ApplicationState.WITHDRAWN, sent_at=None, email_verified_at=None),
    ]
    actors = [
        Actor.anonymous(),
        acting(UserFactory()),
        acting(UserFactory(is_superuser=True)),
        *(acting(staff(group)) for group in StaffGroup),
    ]
    for actor in actors:
        seen = set(Application.objects.visible_to(actor))
        assert seen == {row for row in rows if can_see_application(actor, row)}, actor


def test_defaults_publish_the_form_once_and_never_over_an_operator():
    ProgrammeFactory()
    ensure()
    first = FormVersion.objects.current().get(definition__key="interest")
    schema = interest_schema() | {"title": dict.fromkeys(["en", "es", "pt", "fr"], "Ours")}
    second = publish(first.definition, schema, by=ANYBODY)
    ensure()
    assert FormVersion.objects.current().get(definition__key="interest") == second
    assert (second.number, Programme.objects.count(), FormDefinition.objects.count()) == (2, 1, 1)


def test_publish_of_an_unready_form_is_refused_whole(version):
    with pytest.raises(NotReady, match="title: no text in es"):
        publish(version.definition, interest_schema() | {"title": {"en": "Only"}}, by=ANYBODY)
    assert FormVersion.objects.current().get() == version


def test_publish_of_earlier_content_makes_it_current_again(version):
    publish(version.definition, interest_schema() | {"title": dict.fromkeys(["en", "es", "pt", "fr"], "Ours")}, by=ANYBODY)
    assert publish(version.definition, version.schema, by=ANYBODY) == version
    assert FormVersion.objects.current().get() == version


def test_draft_is_deleted_with_its_links_sixty_days_after_its_last_change(version):
    application = draft(purge_after=timezone.now() - timedelta(minutes=1))
    links.mint(application)
    kept = [draft(), applied(), ApplicationFactory()]
    purge_drafts()
    assert (set(Application.objects.all()), ResumeToken.objects.count()) == (set(kept), 0)
