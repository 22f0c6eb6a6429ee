import pytest
from django.urls import reverse

from onboarding import assigning, letters, reviewing, screening
from onboarding.models import Conflict, Decision, GateAnswer, Review
from onboarding.states import ApplicationState, ConflictKind, DecisionState, LetterState, Outcome, ReviewState
from tests.factories import acting
from tests.onboarding.review_factories import approved, in_review, lead, marks, proposed, reviewed, reviewer, screened, with_gates

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    return reviewer(name="Ana")


@pytest.fixture
def boss():
    return lead(name="Boss")


@pytest.fixture
def as_(client):
    def sign_in(user):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


@pytest.fixture(autouse=True)
def _one_factor(settings):
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.endswith("second_factor_for_staff")]


def url(name, application):
    return reverse(f"onboarding:{name}", args=[application.reference])


def typed(level="3", recommendation="accept", **changes):
    data = {f"level:{mark.criterion}": level for mark in marks()}
    return data | {"recommendation": recommendation, "note_team": "", "note_applicant": ""} | changes


# the queue


def test_queue_shows_each_application_where_this_person_can_do_the_most(as_, boss):
    screened()
    in_review()
    ready = in_review()
    reviewed(ready)
    reviewed(ready)
    proposed()
    queue = as_(boss).get(reverse("onboarding:review_queue")).context["queue"]
    assert [row.next_step for row in queue.to_start] == ["Start the review"]
    assert [(row.next_step, row.holder) for row in queue.volunteer] == [("Score it", "")]
    assert queue.mine == []
    assert [row.next_step for row in queue.to_decide] == ["Propose a decision", "Approve the decision"]
    assert queue.with_others == []


def test_queue_of_a_reviewer_says_who_holds_the_rest(as_, ana):
    screened()
    done = in_review()
    reviewed(done, ana)
    approved()
    queue = as_(ana).get(reverse("onboarding:review_queue")).context["queue"]
    assert [(row.next_step, row.holder) for row in queue.with_others] == [
        ("Start the review", "a review lead"),
        ("More reviews are needed", "other reviewers"),
        ("Release the decision", "a review lead"),
    ]
    assert queue.to_decide == queue.to_start == queue.mine == queue.volunteer == []


def test_queue_of_nothing_says_what_will_appear(as_, ana):
    assert b"Nothing to review" in as_(ana).get(reverse("onboarding:review_queue")).content


def test_queue_costs_the_same_with_one_row_and_with_three(as_, boss, django_assert_num_queries):
    browser = as_(boss)
    in_review()
    browser.get(reverse("onboarding:review_queue"))
    with django_assert_num_queries(QUEUE_QUERIES):
        browser.get(reverse("onboarding:review_queue"))
    for _ in range(2):
        reviewed(in_review())
    with django_assert_num_queries(QUEUE_QUERIES):
        browser.get(reverse("onboarding:review_queue"))


QUEUE_QUERIES = 11


# one application


def test_application_asks_about_a_conflict_before_it_shows_an_answer(as_, ana):
    application = in_review()
    page = as_(ana).get(url("review", application))
    assert b"is there a conflict of interest" in page.content
    assert b"Red Andina de Glaciares" in page.content
    assert "imágenes desde el navegador".encode() not in page.content
    as_(ana).post(url("declare_conflict", application), {"kind": "none", "note": ""})
    assert "imágenes desde el navegador".encode() in as_(ana).get(url("review", application)).content


def test_conflict_that_was_not_answered_gets_the_question_again(as_, ana):
    response = as_(ana).post(url("declare_conflict", in_review()), {"note": "kept words"})
    assert response.status_code == 422
    assert b"kept words" in response.content
    assert not Conflict.objects.exists()


def test_recused_reviewer_who_says_none_is_told_that_it_stands(as_, ana, boss):
    application = in_review()
    assigning.recuse(application, ana, kind=ConflictKind.FINANCIAL, note="owns the firm", by=acting(boss))
    page = as_(ana).post(url("declare_conflict", application), {"kind": "none"}, follow=True).content.decode()
    assert "What was noted here stands." in page
    assert "imágenes desde el navegador" not in page
    assert url("declare_conflict", application) not in page


def test_hard_conflict_hides_the_answers_and_the_form(as_, ana):
    application = in_review()
    as_(ana).post(url("declare_conflict", application), {"kind": "supervisor"})
    page = as_(ana).get(url("review", application))
    assert "imágenes".encode() not in page.content
    assert as_(ana).post(url("submit_review", application), typed()).status_code == 404
    assert not Review.objects.exists()


WRITTEN_TO = ["keep_review", "submit_review", "submit_review_and_next", "stand_by_review", "reopen_review"]


@pytest.mark.parametrize("name", WRITTEN_TO)
def test_whatever_is_sent_a_conflict_shows_no_answer(as_, ana, name):
    application = in_review()
    reviewing.declare_conflict(application, kind=ConflictKind.FINANCIAL, by=acting(ana))
    assert as_(ana).post(url(name, application), {}).status_code == 404
    assert not application.view_records.exists()


@pytest.mark.parametrize("name", WRITTEN_TO)
def test_whatever_is_sent_the_question_about_a_conflict_comes_first(as_, name):
    application, tied = in_review(), reviewer(email="ben@glaciares.example.org")
    for person in (reviewer(), tied):
        assert as_(person).post(url(name, application), {}).headers["Location"] == url("review", application)
    assert not application.view_records.exists()


def test_page_with_what_is_missing_is_an_opening_too(as_, ana):
    application = in_review()
    reviewing.declare_conflict(application, kind=ConflictKind.NONE, by=acting(ana))
    assert as_(ana).post(url("submit_review", application), {}).status_code == 422
    assert [record.viewer for record in application.view_records.all()] == [ana]


def test_submit_keeps_the_review_and_opens_the_others(as_, ana):
    application = in_review()
    reviewed(application, reviewer(name="Bruno"), level=1)
    reviewing.declare_conflict(application, kind=ConflictKind.NONE, by=acting(ana))
    assert b"Bruno" not in as_(ana).get(url("review", application)).content
    response = as_(ana).post(url("submit_review", application), typed(level="4", note_team="strong"))
    assert response.headers["Location"] == url("review", application)
    review = Review.objects.by(acting(ana)).get()
    assert (review.state, str(review.total), review.note_team) == (ReviewState.SUBMITTED, "100.0", "strong")
    page = as_(ana).get(url("review", application)).content.decode()
    assert "Bruno" in page
    assert "Reviewers far apart: Need and what blocks people now" in page


def test_submit_with_gaps_keeps_every_typed_word_and_names_them(as_, ana):
    application = in_review()
    reviewing.declare_conflict(application, kind=ConflictKind.NONE, by=acting(ana))
    data = typed(recommendation="", note_team="half done") | {"level:need": "", "level:fit": "na"}
    response = as_(ana).post(url("submit_review", application), data)
    page = response.content.decode()
    assert response.status_code == 422
    assert "half done" in page
    assert sorted(response.context["form"].errors) == ["comment:fit", "level:need", "recommendation"]
    assert 'href="#criterion-need"' in page
    assert not Review.objects.exists()


def test_keep_holds_a_draft_and_fills_the_form_again(as_, ana):
    application = in_review()
    reviewing.declare_conflict(application, kind=ConflictKind.NONE, by=acting(ana))
    as_(ana).post(url("keep_review", application), {"level:need": "2", "comment:fit": "ask", "note_team": "so far"})
    form = as_(ana).get(url("review", application)).context["form"]
    assert (form.initial["level:need"], form.initial["comment:fit"], form.initial["note_team"]) == ("2", "ask", "so far")


def test_reopen_puts_the_form_back(as_, ana):
    application = in_review()
    reviewed(application, ana)
    as_(ana).post(url("reopen_review", application))
    assert as_(ana).get(url("review", application)).context["is_open"]


def test_start_opens_a_new_application(as_, boss):
    application = with_gates(screened())
    as_(boss).post(url("start_review", application))
    application.refresh_from_db()
    assert application.state == ApplicationState.IN_REVIEW
    assert as_(boss).post(url("start_review", application), follow=True).status_code == 200


# deciding


def test_decision_page_asks_a_lead_about_a_conflict_first(as_, boss):
    application = in_review()
    assert as_(boss).get(url("decision", application)).headers["Location"] == url("review", application)


@pytest.mark.parametrize(
    "name",
    ["propose_decision", "edit_letter", "add_letter", "approve_decision", "release_decision", "set_aside_decision", "send_letter_again"],
)
def test_what_is_sent_to_a_decision_asks_about_a_conflict_first(as_, name):
    application = proposed().application
    tied = lead(email="luis@glaciares.example.org")
    response = as_(tied).post(url(name, application), {})
    assert (response.status_code, response.headers.get("Location")) == (302, url("review", application))
    assert not application.view_records.exists()


def test_decision_page_that_says_what_is_missing_is_an_opening_too(as_, boss):
    application = in_review()
    reviewing.declare_conflict(application, kind=ConflictKind.NONE, by=acting(boss))
    assert as_(boss).post(url("propose_decision", application), {}).status_code == 422
    assert list(application.view_records.values_list("viewer", "label")) == [(boss.pk, "decision")]


def test_gates_are_kept(as_, boss):
    application = in_review()
    reviewing.declare_conflict(application, kind=ConflictKind.NONE, by=acting(boss))
    as_(boss).post(url("answer_gates", application), {"g_data": "yes", "g_money": "unknown"})
    assert dict(GateAnswer.objects.values_list("gate", "result")) == {"g_data": "yes", "g_money": "unknown"}


def test_gates_answered_by_a_lead_whom_the_application_names_lead_to_the_question(as_):
    application = in_review()
    named = lead(email="luis@glaciares.example.org")
    response = as_(named).post(url("answer_gates", application), {"g_data": "yes"})
    assert (response.status_code, response.headers["Location"]) == (302, url("review", application))
    assert not GateAnswer.objects.exists()


@pytest.mark.parametrize("way", ["undeclared", "spam", "named"])
def test_gates_are_for_who_may_judge_and_for_what_is_on_its_way(as_, boss, way):
    application = screened()
    if way == "named":
        boss.email = application.email
        boss.save()
    elif way == "spam":
        reviewing.declare_conflict(application, kind=ConflictKind.NONE, by=acting(boss))
        screening.mark_spam(application, by=acting(lead()))
    answer = as_(boss).post(url("answer_gates", application), {"g_data": "yes", "g_money": "unknown"})
    assert answer.headers["Location"] == url("decision" if way == "spam" else "review", application)
    assert not GateAnswer.objects.exists()


def test_proposal_edited_letter_and_approval_by_another_lead(as_, boss):
    application = in_review()
    reviewed(application, level=4)
    reviewed(application, level=2)
    reviewing.declare_conflict(application, kind=ConflictKind.NONE, by=acting(boss))
    as_(boss).post(url("propose_decision", application), {"outcome": "accept", "reasons": "strong", "conditions": ""})
    as_(boss).post(url("edit_letter", application), {"subject": "Bienvenida", "body": "Hola Ana"})
    page = as_(boss).get(url("decision", application)).content.decode()
    assert "Waits for another review lead" in page
    as_(boss).post(url("approve_decision", application))
    assert Decision.objects.get().state == DecisionState.PROPOSED
    second = lead(name="Second")
    reviewing.declare_conflict(application, kind=ConflictKind.NONE, by=acting(second))
    as_(second).post(url("approve_decision", application))
    decision = Decision.objects.get()
    assert (decision.state, decision.letters.get().subject, decision.letters.get().state) == (
        DecisionState.APPROVED,
        "Bienvenida",
        LetterState.APPROVED,
    )


def test_letter_edited_while_a_lead_reads_it_is_not_approved_unread(as_, boss):
    decision = proposed()
    reviewing.declare_conflict(decision.application, kind=ConflictKind.NONE, by=acting(boss))
    desk = as_(boss)
    seen = desk.get(url("decision", decision.application)).context["seen"]
    letters.edit(decision.letters.get(), subject="Welcome", body="Something the lead never read", by=acting(lead()))
    page = desk.post(url("approve_decision", decision.application), {"seen": seen}, follow=True)
    assert "was changed while you read" in page.content.decode()
    assert "Something the lead never read" in page.content.decode()
    assert Decision.objects.get().state == DecisionState.PROPOSED
    assert f'name="seen" value="{page.context["seen"]}"' in page.content.decode()
    desk.post(url("approve_decision", decision.application), {"seen": page.context["seen"]})
    assert Decision.objects.get().state == DecisionState.APPROVED


def test_lead_who_edited_the_letter_last_is_told_that_another_approves_it(as_, boss):
    application = proposed().application
    reviewing.declare_conflict(application, kind=ConflictKind.NONE, by=acting(boss))
    desk = as_(boss)
    assert [row.next_step for row in desk.get(reverse("onboarding:review_queue")).context["queue"].to_decide] == ["Approve the decision"]
    desk.post(url("edit_letter", application), {"subject": "Welcome", "body": "In my own words"})
    page = desk.get(url("decision", application)).content.decode()
    assert "You edited the letter last, so you cannot." in page
    assert 'name="seen"' not in page
    page = desk.post(url("approve_decision", application), follow=True).content.decode()
    assert "You edited the letter last. Another review lead approves it." in page
    assert Decision.objects.get().state == DecisionState.PROPOSED
    assert desk.get(reverse("onboarding:review_queue")).context["queue"].to_decide == []


def test_proposal_without_reasons_or_conditions_gets_the_page_again(as_, boss):
    application = in_review()
    reviewed(application)
    reviewed(application)
    reviewing.declare_conflict(application, kind=ConflictKind.NONE, by=acting(boss))
    response = as_(boss).post(url("propose_decision", application), {"outcome": "refer", "reasons": "", "conditions": " "})
    assert response.status_code == 422
    assert set(response.context["proposal"].errors) == {"reasons", "conditions"}
    assert not Decision.objects.exists()


def test_letter_without_words_gets_the_page_again(as_, boss):
    application = proposed().application
    reviewing.declare_conflict(application, kind=ConflictKind.NONE, by=acting(boss))
    response = as_(boss).post(url("edit_letter", application), {"subject": "", "body": "kept words"})
    assert response.status_code == 422
    assert b"kept words" in response.content


def test_release_founds_the_community_and_leads_to_it(as_, boss, house):
    application = approved().application
    reviewing.declare_conflict(application, kind=ConflictKind.NONE, by=acting(boss))
    page = as_(boss).post(url("release_decision", application), follow=True)
    application.refresh_from_db()
    assert application.outcome == Outcome.ACCEPT
    assert application.community.get_absolute_url() in page.content.decode()


def test_set_aside_needs_a_reason(as_, boss):
    application = proposed().application
    reviewing.declare_conflict(application, kind=ConflictKind.NONE, by=acting(boss))
    assert as_(boss).post(url("set_aside_decision", application), {"reason": ""}).status_code == 422
    as_(boss).post(url("set_aside_decision", application), {"reason": "new facts"})
    assert Decision.objects.get().state == DecisionState.SET_ASIDE


def test_lead_who_cannot_judge_finds_no_decision(as_, boss):
    application = proposed().application
    reviewing.declare_conflict(application, kind=ConflictKind.FINANCIAL, by=acting(boss))
    assert as_(boss).get(url("decision", application)).status_code == 404
    assert as_(boss).post(url("approve_decision", application)).status_code == 404


@pytest.mark.parametrize("name", ["review", "decision"])
def test_page_costs_the_same_with_two_reviews_and_with_four(as_, boss, name, django_assert_max_num_queries):
    application = in_review()
    for _ in range(2):
        reviewed(application)
    reviewing.declare_conflict(application, kind=ConflictKind.NONE, by=acting(boss))
    browser = as_(boss)
    browser.get(url(name, application))
    with django_assert_max_num_queries(60) as first:
        browser.get(url(name, application))
    for _ in range(2):
        reviewed(application)
    with django_assert_max_num_queries(60) as second:
        browser.get(url(name, application))
    assert len(first) == len(second)
    assert len(first) <= 15
