"""Asking an applicant, and answers changed after sending: apart until they are handed in."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from communities.models import User
from communities.roles import StaffGroup
from ground.actors import Actor
from ground.models import OutgoingMail
from ground.states import WrongState
from ground.sweep import perform_due
from onboarding import correcting, files, intake, links, reviewing, screening
from onboarding.access import can_see_question
from onboarding.intake import Incomplete
from onboarding.models import Application, ApplicationFile, CommandPolicy, Correction, Question, ResumeToken
from onboarding.states import ApplicationState, ConflictKind
from onboarding.writing import StaleAnswers
from tests.factories import UserFactory, acting, staff
from tests.onboarding.factories import ANSWERS, ApplicationFactory, applied, draft
from tests.onboarding.files import FIELD, kept, upload
from tests.onboarding.review_factories import in_review, lead, proposed, reviewer, screened
from tests.onboarding.typing_in import typed

pytestmark = pytest.mark.django_db
ANYBODY = Actor.anonymous()


@pytest.fixture
def application() -> Application:
    return screened()


def ask(application: Application, *keys: str, text: str = "Who pays after the first year?") -> Question:
    question = correcting.ask(application, text=text, field_keys=keys, by=acting(lead(name="Rosa")))
    application.refresh_from_db()
    return question


def save(application: Application, step: str = "goals", **answers):
    form = application.form_version.form
    return correcting.save_page(
        application, form.step(step), typed(application, step, answers), etag=correcting.pending(application).etag, by=ANYBODY
    )


def hold(client: Client, application: Application) -> Client:
    session = client.session
    session["application"] = application.pk
    session.save()
    return client


def reader(client: Client, application: Application, user: User | None = None) -> User:
    """Somebody who reads the application, signed in, and has said that there is no conflict."""
    user = user or reviewer()
    reviewing.declare_conflict(application, kind=ConflictKind.NONE, by=acting(user))
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return user


def test_ask_waits_and_mails_a_link_in_the_applicants_language(application):
    question = ask(application, "money.path")
    assert (question.field_keys, question.asked_by.name, application.waiting_since) == (["money.path"], "Rosa", question.asked_at)
    mail = OutgoingMail.objects.get(kind="onboarding/question.txt")
    assert (mail.to, mail.language, mail.params) == ([application.email], "es", {"question_id": question.pk})


def test_what_was_agreed_to_in_one_version_is_not_changed_afterwards(application):
    keys = {field.key for field in correcting.changeable(application.form_version.form)}
    assert "goal.barrier" in keys
    assert not keys & {"consent.privacy", "consent.conduct"}
    with pytest.raises(KeyError):
        ask(application, "consent.privacy")


def test_the_same_question_asked_twice_is_asked_once(application):
    first, second = ask(application, "money.path"), ask(application, "money.path")
    assert first == second
    assert OutgoingMail.objects.filter(kind="onboarding/question.txt").count() == 1


def test_ask_again_keeps_the_day_since_when_it_waits(application):
    first, second = ask(application), ask(application, text="And who signs?")
    assert application.waiting_since == first.asked_at < second.asked_at
    assert list(application.questions.waiting()) == [first, second]


@pytest.mark.parametrize("key", ["nowhere", "contact.email"])
def test_ask_for_what_may_not_be_changed_is_refused(application, key):
    with pytest.raises(KeyError, match=key):
        ask(application, key)
    assert not Question.objects.exists()


@pytest.mark.parametrize("make", [draft, applied, lambda: proposed().application, lambda: ApplicationFactory(state="withdrawn")])
def test_ask_where_nobody_reads_is_refused(make, house):
    application = make()
    if application.state in correcting.MAY_BE_ASKED:
        application.move_to(ApplicationState.DECIDED, by=ANYBODY)
    with pytest.raises(WrongState):
        correcting.ask(application, text="Why?", field_keys=[], by=ANYBODY)


def test_what_is_being_changed_is_read_by_nobody(application):
    correction, _reading = save(application, **{"goal.future": "Something else"})
    application.refresh_from_db()
    assert correction.answers["goal.future"] == "Something else"
    assert correction.changes == {"goal.future": "Something else"}
    assert (application.answers, application.revisions.count()) == (ANSWERS, 1)


def test_answer_makes_a_revision_and_ends_the_waiting(application):
    question = ask(application, "goal.future")
    save(application, **{"goal.future": "Something else", "goal.barrier": None})
    revision = correcting.answer(application, by=ANYBODY)
    application.refresh_from_db()
    question.refresh_from_db()
    assert (revision.number, revision.reason) == (2, "applicant")
    assert revision.answers["goal.future"] == application.answers["goal.future"] == "Something else"
    assert "goal.barrier" not in revision.answers
    assert (application.waiting_since, question.answered_with, question.answered_at) == (None, revision, revision.at)
    assert not Correction.objects.exists()


def test_answer_takes_over_the_name_that_lists_show(application):
    save(application, "community", **{"community.long_name": "Red de Glaciares"})
    correcting.answer(application, by=ANYBODY)
    application.refresh_from_db()
    assert application.name == "Red de Glaciares"


def test_answer_of_i_do_not_know_yet_is_an_answer(application):
    ask(application, "people.hub_champion")
    step = correcting.asked_step(application.form_version.form, application.questions.waiting())
    assert [field.key for field in step.fields] == ["people.hub_champion"]
    correcting.save_page(application, step, {"people.hub_champion:pending": ["yes"]}, etag=1, by=ANYBODY)
    assert correcting.answer(application, by=ANYBODY).answers["people.hub_champion"] == {"pending": True}


def test_answer_with_nothing_changed_answers_what_was_asked(application):
    ask(application)
    assert correcting.answer(application, by=ANYBODY).answers == ANSWERS


def test_answer_to_nothing_is_refused(application):
    with pytest.raises(WrongState):
        correcting.answer(application, by=ANYBODY)


def test_answer_twice_is_once(application):
    ask(application)
    correcting.answer(application, by=ANYBODY)
    with pytest.raises(WrongState):
        correcting.answer(application, by=ANYBODY)
    assert application.revisions.count() == 2


def test_answer_that_empties_what_is_needed_is_refused_whole(application):
    save(application, **{"goal.future": None})
    with pytest.raises(Incomplete):
        correcting.answer(application, by=ANYBODY)
    assert (application.revisions.count(), Correction.objects.count()) == (1, 1)


def test_change_unasked_ends_when_reviewers_begin(application):
    save(application, **{"goal.future": "Late"})
    screening.start_review(application, by=acting(lead()))
    for late in (lambda: save(application, **{"goal.future": "Later"}), lambda: correcting.answer(application, by=ANYBODY)):
        with pytest.raises(WrongState):
            late()


def test_change_asked_for_is_open_in_review():
    application = in_review()
    ask(application, "goal.future")
    save(application, **{"goal.future": "Clear now"})
    assert correcting.answer(application, by=ANYBODY).number == 2


def test_change_from_a_stale_window_is_refused_and_a_repeated_one_is_not(application):
    step, window = application.form_version.form.step("goals"), uuid.uuid4()
    data = typed(application, "goals")
    correcting.save_page(application, step, data, etag=1, window=window, by=ANYBODY)
    correcting.save_page(application, step, data, etag=1, window=window, by=ANYBODY)
    with pytest.raises(StaleAnswers):
        correcting.save_page(application, step, data, etag=1, window=uuid.uuid4(), by=ANYBODY)


def test_change_of_staff_meanwhile_is_not_written_over(application):
    save(application, **{"goal.future": "Mine"})
    application.refresh_from_db()
    application.answers["community.long_name"] = "Put right by staff"
    application.save()
    assert correcting.answer(application, by=ANYBODY).answers["community.long_name"] == "Put right by staff"


def test_drop_leaves_everything_as_it_was_sent(application):
    save(application, **{"goal.future": "Mine"})
    correcting.attach(application, application.form_version.form.field(FIELD), [upload()], by=ANYBODY)
    correcting.drop(application, by=ANYBODY)
    assert (Correction.objects.count(), ApplicationFile.objects.count()) == (0, 0)


def test_file_added_after_sending_is_read_once_handed_in(application):
    question = application.form_version.form.field(FIELD)
    correcting.attach(application, question, [upload()], by=ANYBODY)
    reader = acting(lead())
    assert not ApplicationFile.objects.visible_to(reader).exists()
    revision = correcting.answer(application, by=ANYBODY)
    assert [entry["name"] for entry in revision.answers[FIELD]] == ["letter.pdf"]
    assert ApplicationFile.objects.visible_to(reader).count() == 1


def test_sent_file_taken_out_stays_with_what_reviewers_read(application):
    file = kept(application)
    Application.objects.filter(pk=application.pk).update(
        answers=ANSWERS | {FIELD: [{"file": str(file.key), "name": file.name, "size": file.size}]}
    )
    application.refresh_from_db()
    correcting.detach(application, application.form_version.form.field(FIELD), file.key, by=ANYBODY)
    assert FIELD not in correcting.answer(application, by=ANYBODY).answers
    assert ApplicationFile.objects.visible_to(acting(lead())).get() == file
    assert files.forget(application) == 1


def test_withdrawing_ends_the_waiting(application):
    ask(application)
    assert intake.withdraw(application, by=ANYBODY).waiting_since is None


def test_questions_visible_equal_the_predicate(application):
    rows = [ask(application), ask(in_review(email="b@example.org"))]
    for actor in [ANYBODY, acting(UserFactory()), acting(UserFactory(is_superuser=True)), *(acting(staff(group)) for group in StaffGroup)]:
        assert set(Question.objects.visible_to(actor)) == {row for row in rows if can_see_question(actor, row)}, actor


# Through the pages


def test_link_in_the_mail_leads_to_exactly_what_was_asked(client, application, mailoutbox):
    ask(application, "money.path")
    perform_due()
    mail = next(each for each in mailoutbox if application.reference in each.subject)
    assert "Who pays after the first year?" in mail.body
    path = "/applications/" + mail.body.split("/applications/")[1].split("\n")[0].strip()
    assert ResumeToken.objects.get().purpose == "correct"
    assert "Read the question and answer" in client.get(path).content.decode()
    answer = client.post(path)
    assert answer.headers["Location"] == reverse("onboarding:correct_page", args=["asked"])
    page = client.get(answer.headers["Location"]).content.decode()
    assert "Who pays after the first year?" in page
    assert 'name="money.path"' in page
    assert 'name="goal.future"' not in page


def test_question_is_answered_page_by_page_and_handed_in(client, application):
    ask(application, "edu.exams")
    hold(client, application)
    address = reverse("onboarding:correct_page", args=["asked"])
    answer = client.post(address, {"etag": 1, "edu.exams": "yes"}, follow=True)
    assert "opened one more question" in answer.content.decode()
    data = {"etag": 2, "edu.exams": "yes", "edu.exam_dates:seen": "yes", "edu.exam_dates:start": "2027-06-01"}
    assert client.post(address, data).headers["Location"] == reverse("onboarding:correct")
    assert "Hand in the changes" in client.get(reverse("onboarding:correct")).content.decode()
    for _click in range(2):
        assert client.post(reverse("onboarding:hand_in")).headers["Location"] == reverse("onboarding:status")
    application.refresh_from_db()
    assert (application.answers["edu.exams"], application.revisions.count(), application.waiting_since) == ("yes", 2, None)


def test_status_page_offers_to_change_while_nobody_scores(client, application):
    hold(client, application)
    assert "Change an answer" in client.get(reverse("onboarding:status")).content.decode()
    ask(application)
    assert "Who pays after the first year?" in client.get(reverse("onboarding:status")).content.decode()
    correcting.answer(application, by=ANYBODY)
    screening.start_review(application, by=acting(lead()))
    assert "Change an answer" not in client.get(reverse("onboarding:status")).content.decode()
    assert client.get(reverse("onboarding:correct")).headers["Location"] == reverse("onboarding:status")


def test_changing_keeps_files_and_words_and_drops_them(client, application):
    hold(client, application)
    page = client.post(reverse("onboarding:correct_attach", args=["send"]), {"etag": 1, FIELD: upload(), "consent.privacy": "yes"})
    assert "letter.pdf" in page.content.decode()
    kept_answer = client.post(reverse("onboarding:correct_keep", args=["goals"]), typed(application, "goals") | {"etag": "2"})
    assert kept_answer.json()["etag"] == 3
    stale = client.post(reverse("onboarding:correct_keep", args=["goals"]), typed(application, "goals") | {"etag": "2"})
    assert stale.status_code == 409
    assert client.post(reverse("onboarding:drop_correction")).status_code == 302
    assert not ApplicationFile.objects.exists()


def test_address_is_not_asked_again(client, application):
    hold(client, application)
    page = client.get(reverse("onboarding:correct_page", args=["people"])).content.decode()
    assert 'name="contact.name"' in page
    assert 'name="contact.email"' not in page


@pytest.mark.parametrize("step", ["asked", "nowhere", "event"])
def test_page_of_nothing_is_not_found(client, application, step):
    assert hold(client, application).get(reverse("onboarding:correct_page", args=[step])).status_code == 404


def asker(client, application, user=None):
    """Signed in as somebody who said that they can judge it."""
    user = user or lead()
    reviewing.declare_conflict(application, kind=ConflictKind.NONE, by=acting(user))
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")


def test_ask_page_asks_about_a_conflict_first(client, application):
    client.force_login(reviewer(), backend="django.contrib.auth.backends.ModelBackend")
    address, first = (reverse(f"onboarding:{name}", args=[application.reference]) for name in ("ask_applicant", "review"))
    assert client.get(address).headers["Location"] == client.post(address, {"text": "Who pays?"}).headers["Location"] == first
    assert not Question.objects.exists()


def test_ask_page_asks_nothing_where_the_command_is_switched_off_or_it_is_spam(client, application):
    asker(client, application, reviewer())
    address = reverse("onboarding:ask_applicant", args=[application.reference])
    off = CommandPolicy.objects.create(programme=application.programme, command="ask", is_enabled=False)
    client.post(address, {"text": "Who pays?"})
    off.delete()
    Application.objects.update(spam_at=timezone.now())
    client.post(address, {"text": "Who pays?"})
    assert not Question.objects.exists()


def test_reader_asks_from_a_page_of_its_own(client, application):
    asker(client, application)
    address = reverse("onboarding:ask_applicant", args=[application.reference])
    assert "How would the hub be paid for?" in client.get(address).content.decode()
    assert "Write what you want to know." in client.post(address, {"text": ""}).content.decode()
    assert client.post(address, {"text": "x", "field_keys": ["contact.email"]}).status_code == 422
    page = client.post(address, {"text": "Who pays?", "field_keys": ["money.path"]}, follow=True).content.decode()
    assert "waits for an answer" in page
    assert Question.objects.get().field_keys == ["money.path"]


def test_ask_page_costs_the_same_with_three_questions_as_with_one(client, application, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    asker(client, application)
    address = reverse("onboarding:ask_applicant", args=[application.reference])
    ask(application)
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    ask(application)
    ask(application)
    with django_assert_num_queries(len(one)):
        client.get(address)


def test_reader_with_a_conflict_asks_nothing(client, application):
    person = reviewer()
    reviewing.declare_conflict(application, kind=ConflictKind.INSTITUTION, by=acting(person))
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("onboarding:ask_applicant", args=[application.reference])).status_code == 404


def test_reader_says_first_whether_there_is_a_conflict(client, application):
    client.force_login(reviewer(), backend="django.contrib.auth.backends.ModelBackend")
    address = reverse("onboarding:ask_applicant", args=[application.reference])
    for answer in (client.get(address), client.post(address, {"text": "Who pays?"})):
        assert answer.headers["Location"] == reverse("onboarding:review", args=[application.reference])
    assert not Question.objects.exists()


@pytest.mark.parametrize("what", ["switched off", "narrowed", "spam"])
def test_question_goes_through_the_door(client, application, what):
    person = reader(client, application)
    if what == "spam":
        screening.mark_spam(application, by=acting(lead()))
    else:
        groups = [StaffGroup.REVIEW_LEAD] if what == "narrowed" else []
        CommandPolicy.objects.create(programme=application.programme, command="ask", is_enabled=what != "switched off", groups=groups)
    address = reverse("onboarding:ask_applicant", args=[application.reference])
    assert client.post(address, {"text": "Who pays?"}).headers["Location"] == address
    assert (person.staff_groups, Question.objects.count()) == ({StaffGroup.REVIEWER}, 0)


def test_changed_answers_go_through_the_door(client, application):
    ask(application)
    CommandPolicy.objects.create(programme=application.programme, command="answer", is_enabled=False)
    page = hold(client, application).post(reverse("onboarding:hand_in"), follow=True).content.decode()
    assert "This programme does not use this." in page
    assert Question.objects.waiting().exists()


def test_applicant_who_is_signed_in_hands_in_and_withdraws_like_any_other(client, application):
    ask(application)
    client.force_login(UserFactory(), backend="django.contrib.auth.backends.ModelBackend")
    hold(client, application).post(reverse("onboarding:hand_in"))
    assert not Question.objects.waiting().exists()
    client.post(reverse("onboarding:withdraw"))
    application.refresh_from_db()
    assert application.state == ApplicationState.WITHDRAWN


def test_unasked_change_is_handed_in_while_nobody_scores(client, application):
    save(application, **{"goal.future": "Later"})
    hold(client, application).post(reverse("onboarding:hand_in"))
    application.refresh_from_db()
    assert application.answers["goal.future"] == "Later"


def test_link_of_an_answered_question_shows_where_it_stands(client, application):
    ask(application)
    path = links.mint(application, purpose=ResumeToken.Purpose.CORRECT)
    correcting.answer(application, by=ANYBODY)
    assert client.post(path).headers["Location"] == reverse("onboarding:status")
