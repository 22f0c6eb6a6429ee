"""Forgetting people, keeping them no longer than was said, and handing them what we hold."""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.apps import apps
from django.core import mail
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from communities.models import User
from communities.roles import StaffGroup
from communities.states import CommunityState
from ground.actors import Actor
from ground.models import OutgoingMail
from ground.states import WrongState
from ground.sweep import perform_due
from onboarding import (
    acceptance,
    deciding,
    duplicates,
    erasing,
    exporting,
    intake,
    letters,
    privacy,
    retaining,
    reviewing,
    screening,
    viewing,
)
from onboarding.models import (
    Application,
    Asking,
    Assignment,
    CalibrationExample,
    CalibrationPractice,
    Conflict,
    Consent,
    Correction,
    DuplicateLink,
    FormVersion,
    GateAnswer,
    Item,
    Letter,
    Meeting,
    MeetingItem,
    OnboardingPlan,
    Override,
    Phase,
    PrivacyLink,
    PrivacyRequest,
    Question,
    ResumeToken,
    RetentionRule,
    ViewRecord,
)
from onboarding.nightly import keep_no_longer
from onboarding.purging import purge_drafts
from onboarding.states import ApplicationState, Ending, Outcome, PrivacyState
from tests.factories import CommunityFactory, UserFactory, acting, member, staff
from tests.onboarding.factories import ANSWERS, AnswerRevisionFactory, ApplicationFactory, applied, draft
from tests.onboarding.files import kept
from tests.onboarding.ready import on_the_way
from tests.onboarding.review_factories import approved, in_review, lead, proposed, reviewed

pytestmark = pytest.mark.django_db
EMAIL, NAME = "ana@glaciares.example.org", "Ana Quispe Mamani"
OTHERS = ("luis@glaciares.example.org", "Luis Huamán")
BACKEND = "django.contrib.auth.backends.ModelBackend"


def traces_of(*words: str) -> Iterator[str]:
    """Every text of every table that holds one of these words. The hints of the form name the same made-up people, so it is left out."""
    for model in set(apps.get_models()) - {FormVersion}:
        fields = [
            field for field in model._meta.concrete_fields if isinstance(field, models.CharField | models.TextField | models.JSONField)
        ]
        for values in model._base_manager.values_list(*[field.attname for field in fields]) if fields else ():
            for field, value in zip(fields, values, strict=True):
                text = (value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)).lower()
                if any(word.lower() in text for word in words):
                    yield f"{model._meta.label}.{field.name}"


def told_everywhere(outcome: str = Outcome.DECLINE) -> Application:
    """A decided application whose people are named in every corner."""
    application = in_review()
    AnswerRevisionFactory(application=application, number=2, answers=ANSWERS | {"contact.name": "Anita Quispe"})
    application.answers = ANSWERS | {"goal.future": f"Ask {NAME} or write to {EMAIL}."}
    application.save()
    intake.mail_link(EMAIL)
    perform_due()
    for _place in range(2):
        reviewed(application)
    application.reviews.update(note_team=f"I spoke with {NAME}.", note_applicant=f"Dear {NAME}")
    score = application.reviews.first().scores.first()
    score.comment = f"See the mail of {EMAIL}"
    score.save()
    GateAnswer.objects.create(application=application, gate="fit", result="yes", note=f"{NAME} said so")
    decision = proposed(application, outcome=outcome)
    decision.reasons = f"{NAME} agrees."
    decision.save()
    letters.edit(decision.letters.get(), subject=f"Dear {NAME}", body="Hello Ana", by=acting(lead()))
    acceptance.release(deciding.approve(decision, by=acting(lead())), by=acting(lead()))
    perform_due()
    viewing.record(application, by=acting(lead()), where=viewing.Where.PAGE, label="review")
    application.refresh_from_db()
    return application


def test_nothing_tells_who_somebody_was_after_they_are_forgotten(house):
    application = told_everywhere()
    UserFactory(email=EMAIL, name=NAME)
    assert len(set(traces_of(EMAIL, NAME, *OTHERS))) > 10
    erasing.erase(application, by=Actor.system())
    assert list(traces_of(EMAIL, NAME, "Anita Quispe", *OTHERS)) == []


def told_beside(application: Application) -> None:
    """Somebody is named in every other table that hangs on the application."""
    person, text = lead(), f"Write to {EMAIL}."
    kept(application, name=f"{NAME}.pdf")
    Correction.objects.create(application=application, changes={"goal.future": text, "contact.name": NAME})
    Question.objects.create(application=application, text=f"Is {NAME} there?", asked_label=NAME)
    asked = {"invited_by": person, "due_at": timezone.now(), "decline_reason": text}
    Assignment.objects.create(application=application, reviewer=person, **asked)
    waived = {"waived_by": lead(), "waived_at": timezone.now(), "waive_reason": text}
    Conflict.objects.create(application=application, person=person, kind="personal", note=f"{NAME} is my friend", **waived)
    Override.objects.create(application=application, command="release", guards=[], reason=text, person=person)
    meeting = Meeting.objects.create(programme=application.programme, date=timezone.localdate(), chair=person)
    MeetingItem.objects.create(meeting=meeting, application=application, minutes=f"{NAME} came, {OTHERS[1]} did not.")
    other = ApplicationFactory(email="else@example.net", answers={}, name="")
    DuplicateLink.objects.create(a=application, b=other, score=1, reasons=[text])
    plan = on_the_way()
    OnboardingPlan.objects.filter(pk=plan.pk).update(application=application)
    Item.objects.filter(phase__plan=plan).update(note=f"{NAME} did it", settled_label=NAME)
    Asking.objects.create(plan=plan, to=person, note=f"{NAME} knows", expires_at=timezone.now() + timedelta(days=1))


WORDLESS = {Consent, ViewRecord, ResumeToken, OnboardingPlan, Phase, CalibrationExample, CalibrationPractice}


def tables_of(model: type[models.Model]) -> set[type[models.Model]]:
    """The tables of the room that point to this one, at any depth."""
    room = [each for each in apps.get_app_config("onboarding").get_models() if each is not model]
    found: set[type[models.Model]] = {model}
    while more := {each for each in room if any(field.related_model in found for field in each._meta.concrete_fields)} - found:
        found |= more
    return found


def test_every_table_that_hangs_on_an_application_is_forgotten(house):
    """A table that comes later is named above, or fails here."""
    application = told_everywhere()
    told_beside(application)
    named = {trace.rsplit(".", 1)[0] for trace in traces_of(EMAIL, NAME, *OTHERS)}
    assert {model._meta.label for model in tables_of(Application) - WORDLESS} - named == set()
    erasing.erase(application, by=Actor.system())
    assert list(traces_of(EMAIL, NAME, "Anita Quispe", *OTHERS)) == []


def test_what_says_nothing_of_a_person_stays(house):
    application = told_everywhere()
    before = Application.objects.get()
    scores = list(before.reviews.order_by("pk").values_list("total", "recommendation"))
    erasing.erase(application, by=Actor.system())
    after = Application.objects.get()
    assert (after.outcome, after.country, after.median, after.name) == (before.outcome, before.country, before.median, before.name)
    assert list(after.reviews.order_by("pk").values_list("total", "recommendation")) == scores
    assert after.answers["community.org_type"] == "distributed_network"
    assert after.answers["goal.future"] == "Ask […] or write to […]."
    assert after.answers["goal.barrier"] == ANSWERS["goal.barrier"]
    assert not {"contact.name", "contact.email", "people.hub_champion"} & set(after.answers)
    assert [set(revision.answers) & {"contact.email"} for revision in after.revisions.all()] == [set(), set()]
    assert ViewRecord.objects.filter(application=after).exists()
    assert not after.resume_tokens.exists()
    assert after.erased_at is not None


def test_answers_that_were_being_changed_are_never_read_again():
    changes = {"contact.name": "Zoila Nueva", "people.hub_champion": {"name": "Otro Nombre", "email": "otro@example.org"}}
    application = ApplicationFactory(answers=ANSWERS | {"goal.success": "Zoila Nueva runs it."})
    Correction.objects.create(application=application, changes=changes)
    erasing.erase(application, by=Actor.system())
    assert not Correction.objects.exists()
    assert list(traces_of("Zoila Nueva", "Otro Nombre", "otro@example.org")) == []


def test_forgetting_twice_is_forgetting_once(house):
    application = told_everywhere()
    first = erasing.erase(application, by=Actor.system())
    again = erasing.erase(Application.objects.get(), by=Actor.system())
    assert (again.erased_at, again.answers) == (first.erased_at, first.answers)


def test_letter_that_waits_does_not_leave_to_somebody_forgotten(house):
    application = in_review()
    acceptance.release(approved(application, outcome=Outcome.DECLINE), by=acting(lead()))
    erasing.erase(application, by=Actor.system())
    perform_due()
    assert (mail.outbox, Letter.objects.get().body) == ([], "")


def test_address_that_another_application_still_holds_is_kept():
    one, two = ApplicationFactory(), ApplicationFactory()
    UserFactory(email=EMAIL, name=NAME)
    erasing.erase(one, by=Actor.system())
    assert User.objects.filter(email=EMAIL).exists()
    erasing.erase(two, by=Actor.system())
    person = User.objects.get()
    assert (person.email, person.name, person.is_active) == (f"forgotten-{person.pk}@invalid", "", False)


@pytest.mark.parametrize("belongs", ["community", "staff"])
def test_account_that_something_else_holds_is_kept(belongs):
    if belongs == "staff":
        staff(StaffGroup.REVIEWER, email=EMAIL, name=NAME)
    else:
        member(CommunityFactory(), email=EMAIL, name=NAME)
    erasing.erase(ApplicationFactory(), by=Actor.system())
    assert User.objects.get(email=EMAIL).name == NAME


# retention


def spam(**fields: object) -> Application:
    return screening.mark_spam(ApplicationFactory(**fields), by=acting(lead()))


def ended(ending: Ending) -> Application:
    """An application that ended so, today."""
    if ending == Ending.WITHDRAWN:
        return intake.withdraw(ApplicationFactory(), by=Actor.applicant())
    outcome = Outcome.ACCEPT if ending == Ending.ACCEPTED else Outcome(ending)
    application = in_review()
    acceptance.release(
        approved(application, outcome=outcome, conditions="Another service" if outcome == Outcome.REFER else ""), by=acting(lead())
    )
    application.refresh_from_db()
    return application


@pytest.mark.parametrize(("ending", "days"), [(Ending.WITHDRAWN, 183), (Ending.DECLINE, 730), (Ending.REFER, 730), (Ending.WAITLIST, 730)])
def test_people_are_forgotten_when_their_time_is_over_and_not_a_day_before(house, ending, days):
    application = ended(ending)
    assert round((application.retain_until - timezone.now()) / timedelta(days=1)) == days
    assert retaining.perform(application.retain_until - timedelta(minutes=1)) == 0
    assert retaining.perform(application.retain_until + timedelta(minutes=1)) == 1
    assert retaining.perform(application.retain_until + timedelta(minutes=1)) == 0
    assert Application.objects.get().email == ""


def test_who_is_accepted_is_kept_as_long_as_the_engagement_and_a_year(house):
    application = ended(Ending.ACCEPTED)
    far = timezone.now() + timedelta(days=4000)
    assert (application.retain_until, retaining.perform(far)) == (None, 0)
    application.community.move_to(CommunityState.ENDING, by=Actor.system())
    application.community.move_to(CommunityState.ENDED, by=Actor.system())
    retaining.stamp(timezone.now())
    application.refresh_from_db()
    assert round((application.retain_until - timezone.now()) / timedelta(days=1)) == 365
    assert retaining.perform(far) == 1


def joined(**fields: object) -> tuple[Application, Application]:
    """An application, and the copy of it that was joined with it."""
    copy, kept = in_review(**fields), in_review()
    return duplicates.join(kept, copy, by=acting(lead())), copy


@pytest.mark.parametrize(("make", "ending"), [(applied, Ending.UNCONFIRMED), (spam, Ending.SPAM)])
def test_what_nobody_will_read_is_forgotten_after_two_months(house, make, ending):
    now = timezone.now()
    row = make(sent_at=now)
    retaining.ensure()
    assert RetentionRule.objects.get(ending=ending).days == 60
    assert retaining.perform(now + timedelta(days=59)) == 0
    assert retaining.perform(now + timedelta(days=61)) == 1
    row.refresh_from_db()
    assert (row.email, row.erased_at is not None) == ("", True)


def test_old_ones_are_forgotten_the_next_night(house):
    old = timezone.now() - timedelta(days=4000)
    applied(sent_at=old)
    Application.objects.filter(pk=spam().pk).update(spam_at=old, retain_until=None)
    assert retaining.perform(timezone.now()) == 2


def test_what_was_confirmed_after_all_or_is_no_spam_stays(house):
    late, marked = applied(), spam()
    retaining.stamp(timezone.now())
    intake.verify(late, by=Actor.applicant())
    screening.not_spam(marked, by=acting(lead()))
    assert retaining.perform(timezone.now() + timedelta(days=4000)) == 0


def test_time_of_spam_begins_with_the_mark(house):
    row = applied(sent_at=timezone.now() - timedelta(days=50))
    retaining.stamp(timezone.now())
    screening.mark_spam(row, by=acting(lead()))
    assert retaining.perform(timezone.now() + timedelta(days=59)) == 0
    assert retaining.perform(timezone.now() + timedelta(days=61)) == 1


def test_joined_copy_is_forgotten_with_the_one_that_was_kept(house):
    kept, copy = joined(email=OTHERS[0], answers=ANSWERS | {"contact.name": OTHERS[1], "contact.email": OTHERS[0]})
    reviewed(kept).scores.update(comment=f"{OTHERS[1]} wrote too.")
    Application.objects.filter(pk=copy.pk).update(retain_until=timezone.now())
    assert retaining.perform(timezone.now() + timedelta(days=4000)) == 0
    intake.withdraw(kept, by=Actor.applicant())
    assert retaining.perform(timezone.now() + timedelta(days=184)) == 1
    copy.refresh_from_db()
    assert (copy.email, copy.erased_at is not None) == ("", True)
    assert list(traces_of(EMAIL, NAME, *OTHERS)) == []


def test_copy_that_is_joined_with_one_already_forgotten_is_forgotten_the_next_night(house):
    kept, copy = ApplicationFactory(), ApplicationFactory()
    erasing.erase(kept, by=Actor.system())
    duplicates.join(kept, copy, by=acting(lead()))
    assert retaining.perform(timezone.now()) == 1


def test_accepted_after_withdrawing_is_kept(house):
    """What was stamped before does not count any more."""
    application = in_review(retain_until=timezone.now())
    acceptance.release(approved(application), by=acting(lead()))
    assert retaining.perform(timezone.now() + timedelta(days=1)) == 0


def test_reopened_application_is_not_forgotten(house):
    application = ended(Ending.WITHDRAWN)
    application.move_to(ApplicationState.SCREENING, by=Actor.system())
    assert retaining.perform(timezone.now() + timedelta(days=4000)) == 0
    assert Application.objects.get().retain_until is None


def test_rule_of_an_operator_goes_before_the_default():
    application = ApplicationFactory()
    retaining.ensure()
    rule = RetentionRule.objects.get(definition=application.form_version.definition, ending=Ending.WITHDRAWN)
    RetentionRule.objects.filter(pk=rule.pk).update(days=10)
    retaining.ensure()
    withdrawn = intake.withdraw(application, by=Actor.applicant())
    assert round((withdrawn.retain_until - timezone.now()) / timedelta(days=1)) == 10


def test_drafts_go_by_their_forms_rule():
    old = draft(saved_at=timezone.now() - timedelta(days=20))
    retaining.ensure()
    assert retaining.perform(timezone.now()) == 0
    RetentionRule.objects.filter(ending=Ending.DRAFT).update(days=15)
    keep_no_longer()
    assert not Application.objects.filter(pk=old.pk).exists()


@pytest.mark.parametrize(
    "delete",
    [
        pytest.param(lambda row: privacy.ask_to_be_forgotten(row.email, language="en"), id="asked"),
        pytest.param(lambda _row: retaining.perform(timezone.now()), id="retained"),
        pytest.param(lambda _row: purge_drafts(timezone.now() + timedelta(days=61)), id="purged"),
    ],
)
def test_files_of_a_draft_leave_the_store_with_it(delete, django_capture_on_commit_callbacks):
    old = draft(saved_at=timezone.now() - timedelta(days=90))
    file = kept(old, sent_at=None).file
    retaining.ensure()
    with django_capture_on_commit_callbacks(execute=True):
        delete(old)
    assert not Application.objects.exists()
    assert not file.storage.exists(file.name)


def test_a_night_forgets_a_batch_and_the_next_one_goes_on(monkeypatch, house):
    monkeypatch.setattr(retaining, "BATCH", 2)
    for _place in range(3):
        intake.withdraw(ApplicationFactory(), by=Actor.applicant())
    late = timezone.now() + timedelta(days=400)
    assert [retaining.perform(late) for _night in range(3)] == [2, 1, 0]


# by link


def link_in_the_mail() -> str:
    perform_due()
    return re.search(r"/apply/my-data/[\w-]+/", mail.outbox[-1].body).group()


def test_same_answer_for_an_address_nobody_knows(client):
    ApplicationFactory()
    answers = [client.post("/apply/my-data/", {"email": address}).content.decode() for address in (EMAIL, "nobody@example.org")]
    plain = [re.sub(r"csrfmiddlewaretoken.*?>", "", text).replace(EMAIL, "X").replace("nobody@example.org", "X") for text in answers]
    assert re.sub(r'value="[^"]*"', "", plain[0]) == re.sub(r'value="[^"]*"', "", plain[1])
    perform_due()
    assert [message.to for message in mail.outbox] == [[EMAIL]]


def test_few_links_an_hour():
    ApplicationFactory()
    for _again in range(6):
        privacy.ask_for_link(EMAIL, language="es")
    assert PrivacyLink.objects.count() == 3


def test_reading_the_link_does_nothing_and_a_button_gives_everything(client, house):
    application = told_everywhere()
    client.post("/apply/my-data/", {"email": EMAIL})
    link = link_in_the_mail()
    assert application.name in client.get(link).content.decode()
    assert not PrivacyRequest.objects.exists()
    assert client.get(f"{link}copy/").status_code == 405
    response = client.post(f"{link}copy/")
    assert response.headers["Cache-Control"].startswith("no-store, private")
    archive = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
    held = json.loads(archive.read("my-data.json"))
    (told,) = held["applications"]
    assert (told["reference"], told["answers"], len(told["versions"])) == (application.reference, application.answers, 2)
    assert {"agreed_to", "questions", "being_changed", "files"} <= set(told)
    assert told["consents"] == {"consent.privacy": True, "consent.conduct": True, "consent.roles_read": True}
    assert [letter["subject"] for letter in told["letters"]] == [f"Dear {NAME}"]
    assert [(each["roles"], each["where"]) for each in told["read_by"]] == [(["Review lead"], "on a page")]
    assert {mail["kind"] for mail in held["mails"]} >= {"onboarding/resume.txt", "onboarding/my_data.txt"}
    html = archive.read("my-data.html").decode()
    assert NAME in html


def test_letter_that_was_not_released_is_not_told(house):
    application = proposed(in_review()).application
    assert exporting.held(EMAIL)["applications"][0]["letters"] == []
    assert application.decisions.exists()


def test_drafts_and_withdrawn_are_forgotten_at_once(client):
    draft()
    intake.withdraw(ApplicationFactory(), by=Actor.applicant())
    client.post("/apply/my-data/", {"email": EMAIL})
    page = client.post(f"{link_in_the_mail()}forget/").content.decode()
    assert "You are forgotten here" in page
    perform_due()
    assert mail.outbox[-1].to == [EMAIL]
    request = PrivacyRequest.objects.get()
    assert (request.state, request.email, len(request.references)) == (PrivacyState.DONE, "", 2)
    assert list(traces_of(EMAIL, NAME)) == []


def test_what_was_sent_waits_for_one_of_us(client, house):
    application = told_everywhere()
    client.post("/apply/my-data/", {"email": EMAIL})
    client.post(f"{link_in_the_mail()}forget/")
    request = PrivacyRequest.objects.get()
    assert (request.state, request.references) == (PrivacyState.RECEIVED, [application.reference])
    assert round((request.due_at - request.received_at) / timedelta(days=1)) == 30
    assert Application.objects.get().email == EMAIL
    client.force_login(lead(), backend=BACKEND)
    assert application.name in client.get("/review/privacy/").content.decode()
    client.post(reverse("onboarding:forget", args=[request.reference]))
    perform_due()
    assert "forgotten here" in mail.outbox[-1].subject
    assert list(traces_of(EMAIL, NAME, *OTHERS)) == []
    assert "Done" in client.get("/review/privacy/").content.decode()


def test_asking_twice_is_asking_once():
    ApplicationFactory()
    first, second = (privacy.ask_to_be_forgotten(EMAIL, language="en") for _again in range(2))
    assert first.pk == second.pk
    assert OutgoingMail.objects.filter(kind="onboarding/privacy_received.txt").count() == 1


def test_refusal_needs_a_reason_and_the_person_reads_it(client):
    ApplicationFactory()
    request = privacy.ask_to_be_forgotten(EMAIL, language="en")
    client.force_login(lead(), backend=BACKEND)
    address = reverse("onboarding:refuse_privacy", args=[request.reference])
    assert client.post(address, {"reason": ""}).status_code == 422
    client.post(address, {"reason": "Your hub is live."})
    perform_due()
    assert "Your hub is live." in mail.outbox[-1].body
    request.refresh_from_db()
    assert (request.state, request.reason, request.settled_by is not None) == (PrivacyState.REFUSED, "Your hub is live.", True)


@pytest.mark.parametrize("act", [privacy.confirm, lambda request, by: privacy.refuse(request, reason="no", by=by)])
def test_answered_request_is_answered_once(act):
    ApplicationFactory()
    request = privacy.confirm(privacy.ask_to_be_forgotten(EMAIL, language="en"), by=acting(lead()))
    with pytest.raises(WrongState):
        act(request, by=acting(lead()))


def test_link_opens_for_three_days(client, time_machine):
    ApplicationFactory()
    client.post("/apply/my-data/", {"email": EMAIL})
    link = link_in_the_mail()
    time_machine.move_to(timezone.now() + timedelta(days=3, minutes=1))
    assert client.get(link).status_code == 404
    assert client.post(f"{link}forget/").status_code == 404
    retaining.perform(timezone.now())
    assert not PrivacyLink.objects.exists()


def test_secret_is_kept_nowhere(client):
    ApplicationFactory()
    client.post("/apply/my-data/", {"email": EMAIL})
    secret = link_in_the_mail().rstrip("/").rsplit("/", 1)[-1]
    assert list(traces_of(secret)) == []


def test_requests_page_takes_the_same_queries_with_one_and_three(client):
    client.force_login(lead(), backend=BACKEND)
    counts = []
    for place in range(3):
        ApplicationFactory(email=f"p{place}@example.org", community=CommunityFactory())
        privacy.ask_to_be_forgotten(f"p{place}@example.org", language="en")
        client.get("/review/privacy/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/review/privacy/")
        counts.append(len(queries))
    assert counts[0] == counts[2]


def test_overdue_request_says_so(client):
    ApplicationFactory()
    request = privacy.ask_to_be_forgotten(EMAIL, language="en")
    PrivacyRequest.objects.filter(pk=request.pk).update(due_at=timezone.now() - timedelta(days=1))
    client.force_login(staff(StaffGroup.OPERATOR), backend=BACKEND)
    assert "overdue" in client.get("/review/privacy/").content.decode()


def test_predicate_of_reviewing_is_untouched_by_forgetting(house):
    """Conflicts, which name our own people, stay."""
    application = told_everywhere()
    before = application.conflicts.count()
    erasing.erase(application, by=Actor.system())
    assert application.conflicts.count() == before
    assert reviewing.newest_answers(application).number == 2


def test_somebody_named_by_others_gets_a_copy_and_is_forgotten_while_the_application_stays(client):
    application = ApplicationFactory(answers=ANSWERS | {"goal.success": f"{OTHERS[1]} runs it."})
    AnswerRevisionFactory(application=application)
    client.post("/apply/my-data/", {"email": OTHERS[0]})
    assert exporting.held(OTHERS[0])["named_in"] == [
        {
            "reference": application.reference,
            "name": application.name,
            "answers": {"people.hub_champion": {"name": OTHERS[1], "email": OTHERS[0]}},
        }
    ]
    client.post(f"{link_in_the_mail()}forget/")
    request = PrivacyRequest.objects.get()
    assert request.is_open
    privacy.confirm(request, by=acting(lead()))
    perform_due()
    assert list(traces_of(*OTHERS)) == []
    application.refresh_from_db()
    assert (application.email, application.answers["contact.name"], application.erased_at) == (EMAIL, NAME, None)
    assert application.answers["goal.success"] == "[…] runs it."


def test_somebody_named_is_forgotten_in_answers_that_are_being_changed():
    application = ApplicationFactory()
    changes = {
        "people.hub_champion": {"name": "Luis Alberto Huamán", "email": OTHERS[0]},
        "goal.success": "Luis Alberto Huamán runs it.",
        "goal.barrier": "Money",
    }
    Correction.objects.create(application=application, changes=changes)
    erasing.forget_named(application, OTHERS[0], by=Actor.system())
    assert list(traces_of(*OTHERS, "Luis Alberto")) == []
    assert Correction.objects.get().changes == {"goal.barrier": "Money", "goal.success": "[…] runs it."}
