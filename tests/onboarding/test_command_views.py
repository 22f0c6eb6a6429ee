"""Where an application stands, commands given from there, the letter before it leaves, the waiting list and the table of rights."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from communities.roles import StaffGroup
from onboarding import emails, posting, reviewing, screening
from onboarding.commands import COMMANDS, apply_command
from onboarding.forms.deciding import ProposalForm
from onboarding.models import Application, CommandPolicy, Decision, Override
from onboarding.rights import table
from onboarding.standing import standing
from onboarding.states import ApplicationState, ConflictKind, Outcome
from tests.factories import acting, staff
from tests.onboarding.factories import ApplicationFactory
from tests.onboarding.review_factories import approved, in_review, lead, proposed, reviewed, reviewer, screened, with_gates

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("house")]


@pytest.fixture
def boss():
    return lead(name="Boss")


@pytest.fixture
def as_(client):
    def sign_in(user):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


def url(name, application, *more):
    return reverse(f"onboarding:{name}", args=[application.reference, *more])


def ready(application, user):
    """The same application, whose lead has said that there is no conflict."""
    reviewing.declare_conflict(application, kind=ConflictKind.NONE, by=acting(user))
    return application


def steps(response):
    return {step.key: (step.can_be_given, str(step.why_not)) for step in response.context["steps"]}


# where it stands


def test_where_it_stands_shows_what_happened_and_what_can_follow(as_, boss):
    application = ready(screened(), boss)
    apply_command(application, "start_review", by=acting(boss), override="The call is tomorrow.")
    page = as_(boss).get(url("where_it_stands", application))
    assert "The call is tomorrow." in page.content.decode()
    assert steps(page)["propose"] == (False, "There are not enough reviews yet.")
    assert steps(page)["call_discussion"] == (True, "There are not enough reviews yet.")


def test_where_it_stands_asks_reviewers_about_a_conflict_first(as_, boss):
    application = screened()
    assert as_(boss).get(url("where_it_stands", application)).headers["Location"] == url("review", application)


def test_where_it_stands_of_a_conflict_leads_to_the_page_that_says_so(as_, boss):
    application = in_review()
    reviewing.declare_conflict(application, kind=ConflictKind.FINANCIAL, by=acting(boss))
    assert as_(boss).get(url("where_it_stands", application)).headers["Location"] == url("review", application)


def test_where_it_stands_opens_for_an_operator_without_a_question(as_):
    page = as_(staff(StaffGroup.OPERATOR)).get(url("where_it_stands", screened()))
    assert {key for key, (can, _why) in steps(page).items() if can} == {"withdraw", "spam", "mark_duplicate"}


@pytest.mark.parametrize("rounds", [1, 3])
def test_where_it_stands_costs_the_same_however_much_happened(as_, boss, rounds, django_assert_num_queries):
    application = ready(in_review(), boss)
    for _ in range(rounds):
        apply_command(application, "call_discussion", by=acting(boss), override="Talk.")
        apply_command(application, "return_to_review", by=acting(boss), reason="Read again.")
        screening.mark_spam(application, by=acting(boss)), screening.not_spam(application, by=acting(boss))
    browser = as_(boss)
    browser.get(url("where_it_stands", application))
    with django_assert_num_queries(STANDS):
        browser.get(url("where_it_stands", application))


STANDS = 18


# giving commands


def test_command_with_a_reason_is_given_from_the_page(as_, boss):
    application = ready(screened(), boss)
    response = as_(boss).post(url("give_command", application, "withdraw"), {"note": "They asked by phone."})
    application.refresh_from_db()
    assert (response.status_code, application.state) == (302, ApplicationState.WITHDRAWN)
    assert application.stage_events().last().note == "They asked by phone."


def test_command_without_its_reason_comes_back_with_the_form(as_, boss):
    application = ready(screened(), boss)
    response = as_(boss).post(url("give_command", application, "withdraw"), {"note": ""})
    assert (response.status_code, Application.objects.get().state) == (422, ApplicationState.SCREENING)
    assert b"This field is required" in response.content


def test_command_refused_says_why(as_, boss):
    application = ready(screened(), boss)
    response = as_(boss).post(url("give_command", application, "start_review"), {"override": ""}, follow=True)
    assert b"Some gates are still open." in response.content
    assert Application.objects.get().state == ApplicationState.SCREENING


def test_command_passed_over_from_the_page_is_written_down(as_, boss):
    application = ready(screened(), boss)
    as_(boss).post(url("give_command", application, "start_review"), {"override": "The call is tomorrow."})
    assert Override.objects.get().reason == "The call is tomorrow."


def test_start_from_the_queue_with_an_open_gate_leads_to_where_a_reason_is_asked(as_, boss):
    application = ready(screened(), boss)
    response = as_(boss).post(url("start_review", application), follow=True)
    assert b"Why all the same?" in response.content


@pytest.mark.parametrize("command", ["explode", "answer", "propose", "approve", "release", "set_aside", "ask"])
def test_command_that_is_not_given_here_is_not_found(as_, boss, command):
    assert as_(boss).post(url("give_command", ready(in_review(), boss), command)).status_code == 404


def test_command_that_the_programme_switched_off_says_so(as_, boss):
    application = ready(with_gates(screened()), boss)
    CommandPolicy.objects.create(programme=application.programme, command="start_review", is_enabled=False)
    response = as_(boss).post(url("give_command", application, "start_review"), follow=True)
    assert b"This programme does not use this." in response.content


def test_second_copy_is_named_by_its_reference(as_, boss):
    application, kept = ready(screened(), boss), ApplicationFactory()
    browser = as_(boss)
    assert browser.post(url("give_command", application, "mark_duplicate"), {"kept": "CI-NONE"}).status_code == 422
    browser.post(url("give_command", application, "mark_duplicate"), {"kept": kept.reference.lower()})
    application.refresh_from_db()
    assert application.duplicate_of == kept


def test_reopen_from_the_page_changes_the_public_word_back(as_, boss):
    application = approved(ready(in_review(), boss), outcome=Outcome.DECLINE).application
    apply_command(application, "release", by=acting(boss))
    application.refresh_from_db()
    assert standing(application).word == "Not this time"
    as_(boss).post(url("give_command", application, "reopen"), {"reason": "A place is free.", "to": "in_review"})
    application.refresh_from_db()
    assert (application.state, standing(application).word) == (ApplicationState.IN_REVIEW, "In review")


def test_public_word_changes_at_release_and_not_before():
    decision = approved(outcome=Outcome.DECLINE)
    assert standing(decision.application).word == "In review"
    apply_command(decision.application, "release", by=acting(lead()))
    assert standing(Application.objects.get()).word == "Not this time"


# the letter


def test_letter_lists_conditions_one_a_line():
    decision = proposed(outcome=Outcome.ACCEPT_WITH_CONDITIONS, conditions="- Name a second champion\n\n• Use our images")
    assert decision.condition_lines == ["Name a second champion", "Use our images"]
    assert "- Name a second champion\n- Use our images\n" in decision.letters.get().body


@pytest.mark.django_db(transaction=True)
def test_preview_equals_what_is_sent(as_, boss):
    decision = approved(ready(in_review(), boss), outcome=Outcome.DECLINE)
    page = as_(boss).get(url("decision", decision.application))
    assert [shown.preview for shown in page.context["letters"]] == [emails.letter_in_full(decision.letters.get())]
    apply_command(decision.application, "release", by=acting(boss))
    posting.send(decision.letters.get().pk)
    sent = [(message.subject, message.body) for message in mail.outbox if message.subject == page.context["letters"][0].preview[0]]
    assert sent[:1] == [page.context["letters"][0].preview]


# the waiting list


def put_on_the_list(look_again_on=None):
    application = in_review()
    reviewed(application), reviewed(application)
    told = {"outcome": Outcome.WAITLIST, "reasons": "full", "look_again_on": look_again_on}
    apply_command(application, "propose", by=acting(lead()), **told)
    apply_command(application, "approve", by=acting(lead()))
    apply_command(application, "release", by=acting(lead()))
    return application


def test_waiting_list_has_who_was_told_to_wait(as_, boss):
    application = put_on_the_list(timezone.localdate() + timedelta(days=1))
    application.decisions.update(look_again_on=timezone.localdate())
    proposed(outcome=Outcome.WAITLIST)
    page = as_(boss).get(reverse("onboarding:waiting_list"))
    assert [decision.application for decision in page.context["page"].rows] == [application]
    assert "badge--act" in page.content.decode()
    apply_command(application, "reopen", by=acting(boss), reason="A place is free.")
    assert as_(boss).get(reverse("onboarding:waiting_list")).context["page"].rows == []


@pytest.mark.parametrize("rows", [1, 3])
def test_waiting_list_costs_the_same_with_one_row_and_with_three(as_, boss, rows, django_assert_num_queries):
    for _ in range(rows):
        put_on_the_list()
    browser = as_(boss)
    browser.get(reverse("onboarding:waiting_list"))
    with django_assert_num_queries(4):
        browser.get(reverse("onboarding:waiting_list"))


def test_day_to_look_again_lies_ahead():
    form = ProposalForm({"outcome": "waitlist", "reasons": "full", "look_again_on": timezone.localdate() - timedelta(days=1)})
    assert form.errors["look_again_on"] == ["Choose a day that is still to come."]


# the table of rights


def test_rights_table_has_every_command_and_what_the_programme_narrows(as_):
    application = screened()
    CommandPolicy.objects.create(programme=application.programme, command="withdraw", groups=[StaffGroup.OPERATOR])
    CommandPolicy.objects.create(programme=application.programme, command="spam", is_enabled=False)
    rows = {row.key: row for row in as_(reviewer()).get(reverse("onboarding:rights")).context["rows"]}
    assert set(COMMANDS) | {"declare_conflict", "record"} <= set(rows)
    assert [(cell.group.value, cell.says) for cell in rows["withdraw"].cells] == [
        (StaffGroup.REVIEWER, "no"),
        (StaffGroup.REVIEW_LEAD, "narrowed"),
        (StaffGroup.OPERATOR, "yes"),
    ]
    assert (rows["withdraw"].narrowing, rows["spam"].narrowing, rows["spam"].groups) == ("only Operator", "not in use", "—")


def test_rights_table_says_conditions_in_words():
    rows = {row.key: row for row in table({})}
    assert "every gate is answered (or with a reason)" in rows["start_review"].conditions
    assert rows["answer"].groups == "the applicant"


def test_rejected_decision_keeps_its_history(as_, boss):
    decision = proposed(ready(in_review(), boss), outcome=Outcome.DECLINE)
    apply_command(decision.application, "set_aside", by=acting(boss), reason="New facts.")
    page = as_(boss).get(url("where_it_stands", decision.application)).content.decode()
    assert "New facts." in page
    assert "Decision proposed: Not this time" in page
    assert Decision.objects.standing().count() == 0
