"""Where an application stands in public: one of five words, nobody's name, nothing before it is released."""

import re
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from communities.states import CommunityState
from ground.actors import Actor
from onboarding import acceptance, correcting, deciding, screening
from onboarding.standing import public, working_days_after
from onboarding.states import ApplicationState, Outcome
from tests.factories import CommunityFactory, acting
from tests.onboarding.factories import ApplicationFactory, draft
from tests.onboarding.review_factories import approved, in_review, lead, proposed, screened

pytestmark = pytest.mark.django_db
SENT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)  # a Tuesday


def test_sent_application_is_applied_since_its_day_with_a_day_to_hold_us_to():
    application = screened(sent_at=SENT)
    standing = public(application.reference)
    assert (standing.word, standing.since, standing.until) == ("Applied", date(2026, 11, 24), date(2026, 12, 1))
    with time_machine.travel("2026-12-01T12:00Z"):
        assert not standing.is_late
    with time_machine.travel("2026-12-02T12:00Z"):
        assert standing.is_late


def test_waiting_application_says_whom_it_waits_for_and_promises_nothing():
    application = screened()
    correcting.ask(application, text="Who pays?", field_keys=[], by=acting(lead()))
    standing = public(application.reference)
    assert (standing.word, standing.until) == ("Applied", None)
    assert "wait for the answer" in standing.text


def test_decided_application_looks_in_review_until_its_release(house):
    with time_machine.travel("2026-11-02T10:00Z", tick=False):
        application = in_review()
    before = public(application.reference)
    decision = proposed(application)
    assert public(application.reference) == before
    deciding.approve(decision, by=acting(lead()))
    assert public(application.reference) == before
    assert (before.word, before.since) == ("In review", date(2026, 11, 2))
    decision.refresh_from_db()
    acceptance.release(decision, by=acting(lead()))
    assert public(application.reference).word == "Onboarding"


@pytest.mark.parametrize("outcome", [Outcome.DECLINE, Outcome.WAITLIST, Outcome.REFER])
def test_released_answer_that_is_no_acceptance_is_not_this_time(house, outcome):
    decision = approved(outcome=outcome, conditions="Elsewhere")
    acceptance.release(decision, by=acting(lead()))
    assert public(decision.application.reference).word == "Not this time"


def test_accepted_application_reads_its_communitys_state():
    words = {}
    for state in CommunityState:
        application = ApplicationFactory(state=ApplicationState.DECIDED, outcome="accept", community=CommunityFactory(state=state))
        words[state.value] = public(application.reference).word
    assert words == {"onboarding": "Onboarding", "live": "Live", "ending": "Live", "ended": "Ended"}
    bare = ApplicationFactory(state=ApplicationState.DECIDED, outcome="accept")
    assert public(bare.reference).word == "Accepted"


def test_joined_application_stands_where_the_one_that_goes_on_does(house):
    kept = in_review(email="bea@glaciares.example.org")
    joined = screened(duplicate_of=kept)
    assert (public(joined.reference), public(joined.reference).word) == (public(kept.reference), "In review")


def test_spam_looks_to_its_sender_as_before():
    application = screened()
    before = public(application.reference)
    screening.mark_spam(application, by=Actor.system())
    assert public(application.reference) == before


def test_page_names_nobody_and_forgives_how_it_is_written(client):
    application = screened(reference="CI-7K3F-29QD")
    for written in ("CI-7K3F-29QD", "ci 7k3f 29qd", "CI7K3F29QD"):
        page = client.get(reverse("onboarding:where"), {"reference": written}).content.decode()
        assert "Applied" in page
        for secret in (application.email, application.name, "Ana", "Quispe", "glaciares"):
            assert secret not in page


def shape(page: str) -> list[str]:
    return re.findall(r"<(?:section|h1|h2|form|input|button)\b", page.split("<main")[1].split("</main", maxsplit=1)[0])


def test_unknown_reference_gets_the_same_page_by_the_same_work(client):
    known = [
        screened(reference="CI-7K3F-29QD"),
        draft(reference="CI-7K3F-29QE"),
        ApplicationFactory(state="withdrawn", reference="CI-7K3F-29QF"),
    ]
    address = reverse("onboarding:where")
    client.get(address, {"reference": "CI-0000-0000"})
    answers, counts = [], []
    for reference in [*(each.reference for each in known), "CI-0000-0000", "nonsense", "%00", "x" * 40]:
        with CaptureQueriesContext(connection) as queries:
            answers.append(client.get(address, {"reference": reference}))
        counts.append(len(queries))
    assert {answer.status_code for answer in answers} == {200}
    assert len({tuple(shape(answer.content.decode())) for answer in answers}) == 1
    assert len(set(counts)) == 1
    nothing = {re.sub(r'<p class="meta">[^<]*</p>|value="[^"]*"', "", answer.content.decode().split("<main")[1]) for answer in answers[1:]}
    assert len(nothing) == 1


def test_empty_reference_is_said_kindly(client):
    assert "Please write the reference." in client.get(reverse("onboarding:where"), {"reference": ""}).content.decode()


def test_working_days_leave_weekends_out():
    assert working_days_after(date(2026, 11, 27), 1) == date(2026, 11, 30)
    assert working_days_after(date(2026, 11, 28), 5) == date(2026, 12, 4)
