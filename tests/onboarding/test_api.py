"""Applications over the API."""

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from communities.roles import StaffGroup
from onboarding import deciding, letters, reviewing
from onboarding.commands import COMMANDS
from onboarding.forms.commands import ON_THEIR_OWN_PAGES
from onboarding.models import Application
from onboarding.states import ApplicationState, ConflictKind
from tests.factories import acting, staff
from tests.onboarding.factories import ANSWERS, ApplicationFactory, applied
from tests.onboarding.review_factories import in_review, lead, proposed, reviewed, reviewer, rubric, screened, with_gates

pytestmark = pytest.mark.django_db
URL = "/api/v1/applications/"


def client_of(*groups: StaffGroup) -> APIClient:
    client = APIClient()
    client.force_login(staff(*groups), backend="django.contrib.auth.backends.ModelBackend")
    return client


def reader_of(*applications: Application, kind: ConflictKind = ConflictKind.NONE) -> APIClient:
    """A reviewer who said so of these applications."""
    client, user = APIClient(), reviewer()
    for application in applications:
        reviewing.declare_conflict(application, kind=kind, by=acting(user))
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def listed(client: APIClient, **filters: str) -> list[str]:
    return [row["reference"] for row in client.get(URL, filters).json()["results"]]


@pytest.mark.parametrize("room", ["applications", "communities"])
def test_a_filter_that_is_not_known_is_refused(room):
    response = client_of(StaffGroup.REVIEW_LEAD).get(f"/api/v1/{room}/", {"community_is": "aurora", "page_size": "10"})
    assert (response.status_code, [error["pointer"] for error in response.json()["errors"]]) == (400, ["/community_is"])


def test_application_is_read_with_what_was_asked_in_the_end():
    application = ApplicationFactory(answers=ANSWERS | {"event.attendees": 45})
    response = reader_of(application).get(f"{URL}{application.reference}/")
    assert response.json() == {
        "reference": application.reference,
        "state": "screening",
        "outcome": "",
        "form_version": "interest/1",
        "answers": ANSWERS,
        "submitted_at": application.sent_at.isoformat().replace("+00:00", "Z"),
    }


@pytest.mark.parametrize("rows", [1, 3])
def test_applications_are_listed_with_the_same_queries(rows, django_assert_num_queries):
    client = reader_of(*ApplicationFactory.create_batch(rows))
    client.get(URL)
    with django_assert_num_queries(5):
        response = client.get(URL)
    assert (response.status_code, len(response.json()["results"])) == (200, rows)


def test_reviewer_reads_what_they_said_they_can_judge_and_no_more():
    judged, silent, conflicted = ApplicationFactory(), ApplicationFactory(), ApplicationFactory()
    client = reader_of(judged)
    assert listed(client) == listed(client, state="screening") == [judged.reference]
    assert listed(client, state="decided") == []
    assert client.get(f"{URL}{silent.reference}/").status_code == 404
    tied = reader_of(conflicted, kind=ConflictKind.FINANCIAL)
    assert (listed(tied), tied.get(f"{URL}{conflicted.reference}/").status_code) == ([], 404)
    assert not conflicted.view_records.exists()


@pytest.mark.parametrize("group", [StaffGroup.REVIEW_LEAD, StaffGroup.OPERATOR])
def test_conflict_keeps_an_application_also_from_who_handles_it(group):
    application, silent, user = ApplicationFactory(), ApplicationFactory(), staff(group)
    reviewing.declare_conflict(application, kind=ConflictKind.MEMBER, by=acting(user))
    client = APIClient()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert (listed(client), client.get(f"{URL}{application.reference}/").status_code) == ([silent.reference], 404)
    assert give(user, application, command="withdraw").status_code == 404


def test_spam_copies_and_examples_are_in_no_list_and_open_to_who_handles_them():
    kept = ApplicationFactory()
    spam, copy = ApplicationFactory(spam_at=kept.sent_at), ApplicationFactory(duplicate_of=kept)
    example = ApplicationFactory(is_calibration=True)
    reads, handles = reader_of(kept, spam, copy, example), client_of(StaffGroup.OPERATOR)
    assert listed(reads) == listed(handles) == [kept.reference]
    for client, status in ((reads, 404), (handles, 200)):
        assert [client.get(f"{URL}{row.reference}/").status_code for row in (spam, copy)] == [status, status]
        assert client.get(f"{URL}{example.reference}/").status_code == 404


def test_command_is_given_and_answered_with_the_application():
    application = applied()
    response = client_of(StaffGroup.REVIEW_LEAD).post(f"{URL}{application.reference}/commands/", {"command": "verify"}, format="json")
    assert (response.status_code, response.json()["state"]) == (200, "screening")
    assert [event.actor_label for event in application.stage_events()] != []


@pytest.mark.parametrize(
    ("data", "pointer"), [({}, "/command"), ({"command": "explode"}, "/command"), ({"command": "withdraw", "note": ["x"]}, "/note")]
)
def test_command_that_is_not_understood_names_the_field(data, pointer):
    response = client_of(StaffGroup.REVIEW_LEAD).post(f"{URL}{ApplicationFactory().reference}/commands/", data, format="json")
    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (400, pointer)


def test_command_in_the_wrong_state_is_a_conflict():
    application = ApplicationFactory(state=ApplicationState.DECIDED)
    response = client_of(StaffGroup.REVIEW_LEAD).post(f"{URL}{application.reference}/commands/", {"command": "withdraw"}, format="json")
    assert (response.status_code, response["Content-Type"]) == (409, "application/problem+json")
    assert Application.objects.get().state == ApplicationState.DECIDED


def test_command_by_a_reviewer_is_forbidden():
    application = ApplicationFactory()
    response = reader_of(application).post(f"{URL}{application.reference}/commands/", {"command": "withdraw"}, format="json")
    assert response.status_code == 403


def test_application_not_confirmed_is_not_a_reviewers_to_know():
    assert client_of(StaffGroup.REVIEWER).get(f"{URL}{applied().reference}/").status_code == 404


def give(user, application, **command):
    client = APIClient()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client.post(f"{URL}{application.reference}/commands/", command, format="json")


def test_commands_carry_an_application_from_its_reviews_to_a_released_answer(house):
    application = with_gates(screened())
    one, other = lead(), lead()
    assert give(one, application, command="start_review").json()["state"] == "in_review"
    assert give(one, application, command="propose", outcome="decline", reasons="Not now.").json()["type"].endswith("too-few-reviews")
    reviewed(application), reviewed(application)
    assert give(one, application, command="propose", outcome="decline", reasons="Not now.").status_code == 200
    assert give(one, application, command="approve").json()["type"].endswith("same-person")
    assert give(other, application, command="approve").status_code == 200
    released = give(one, application, command="release")
    assert (released.json()["state"], released.json()["outcome"]) == ("decided", "decline")
    assert give(one, application, command="release").status_code == 409


def test_approval_of_what_was_changed_meanwhile_is_a_conflict(house):
    decision, boss = proposed(), lead()
    seen = deciding.fingerprint(decision, decision.letters.all())
    letters.edit(decision.letters.get(), subject="Welcome", body="Other words", by=acting(lead()))
    response = give(boss, decision.application, command="approve", seen=seen)
    assert (response.status_code, response.json()["type"]) == (409, "urn:hubdesk:problem:changed-meanwhile")
    assert give(boss, decision.application, command="approve").status_code == 200


def test_command_about_a_decision_that_is_not_there_is_a_conflict():
    assert give(lead(), screened(), command="approve").status_code == 409


def test_proposal_without_reasons_names_the_field(house):
    response = give(lead(), screened(), command="propose", outcome="accept")
    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (400, "/reasons")


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({"outcome": "accept_with_conditions"}, "/conditions"),
        ({"outcome": "refer", "conditions": " \n - "}, "/conditions"),
        ({"outcome": "waitlist", "look_again_on": "2020-01-01"}, "/look_again_on"),
    ],
)
def test_proposal_that_leaves_out_what_its_outcome_needs_names_the_field(house, said, pointer):
    application = in_review()
    reviewed(application), reviewed(application)
    response = give(lead(), application, command="propose", reasons="Good.", **said)
    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (400, pointer)
    assert not application.decisions.exists()


@pytest.mark.parametrize("keys", [["nope"], ["contact.email"], ["people.authority", "nope"]])
def test_question_about_what_cannot_be_asked_for_names_the_field(keys):
    application = screened()
    response = give(lead(), application, command="ask", text="Who decides?", field_keys=keys)
    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (400, "/field_keys")
    assert not application.questions.exists()
    assert give(lead(), application, command="ask", text="Who decides?", field_keys=["people.authority"]).status_code == 200


PAGES = {
    "answer_gates": ("answer_gates", screened),
    "start_review": ("start_review", screened),
    "propose": ("propose_decision", in_review),
    "approve": ("approve_decision", lambda: proposed().application),
    "set_aside": ("set_aside_decision", lambda: proposed().application),
    "release": ("release_decision", lambda: proposed().application),
}


@pytest.mark.parametrize("group", StaffGroup)
@pytest.mark.parametrize("command", PAGES)
def test_command_is_open_to_whom_its_page_is(client, house, command, group):
    page, made = PAGES[command]
    application, person = made(), staff(group)
    reviewing.declare_conflict(application, kind=ConflictKind.NONE, by=acting(person))
    over_the_api = give(person, application, command=command).status_code
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    on_the_page = client.post(reverse(f"onboarding:{page}", args=[application.reference])).status_code
    assert (over_the_api in {403, 404}) == (on_the_page == 404)


def test_gates_are_answered_and_the_review_started(house):
    application, boss = screened(), lead()
    gates = [gate.key for gate in rubric().content.gates]
    assert give(boss, application, command="start_review").json()["type"].endswith("gates-open")
    assert give(boss, application, command="answer_gates", gates={"g_weather": "yes"}).status_code == 400
    assert give(boss, application, command="answer_gates", gates={gates[0]: "perhaps"}).status_code == 400
    assert give(boss, application, command="answer_gates", gates=dict.fromkeys(gates, "yes")).status_code == 200
    assert give(boss, application, command="start_review").json()["state"] == "in_review"


def test_every_command_with_a_page_of_its_own_is_compared_with_it():
    assert {key for key in COMMANDS if key in ON_THEIR_OWN_PAGES or key == "start_review"} == {*PAGES, "ask"}


def test_proposal_by_a_reviewer_is_taken(house):
    application, one = in_review(), reviewer()
    reviewed(application, one), reviewed(application)
    assert give(one, application, command="propose", outcome="decline", reasons="Not now.").status_code == 200
