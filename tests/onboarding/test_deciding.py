import pytest
from django.utils import timezone

from ground.states import WrongState
from onboarding import acceptance, deciding, letters, reviewing
from onboarding.conflicts import Conflicted
from onboarding.deciding import ChangedMeanwhile, OwnLetter, SamePerson, TooFewReviews, Unsaid
from onboarding.models import Application, Decision, Letter
from onboarding.states import ApplicationState, ConflictKind, DecisionState, LetterState, Outcome
from tests.factories import acting
from tests.onboarding.review_factories import approved, in_review, lead, proposed, reviewed, screened

pytestmark = pytest.mark.django_db


def propose(application, *, by=None, outcome=Outcome.ACCEPT, **fields):
    return deciding.propose(application, outcome=outcome, reasons="good", by=by or acting(lead()), **fields)


def test_propose_keeps_what_the_reviews_said_and_drafts_the_letter():
    application = in_review(language="es")
    reviewed(application, level=4)
    reviewed(application, level=2)
    decision = propose(application)
    assert decision.state == DecisionState.PROPOSED
    assert decision.reviews_said["median"] == "75.0"
    assert {flag["kind"] for flag in decision.reviews_said["flags"]} == {"spread"}
    letter = decision.letters.get()
    assert (letter.language, letter.state) == ("es", LetterState.DRAFT)
    assert "Red Andina de Glaciares" in letter.subject
    application.refresh_from_db()
    assert (application.state, application.outcome) == (ApplicationState.IN_REVIEW, "")


@pytest.mark.parametrize("outcome", Outcome.values)
def test_every_outcome_has_a_letter_with_a_subject_and_its_conditions(outcome):
    letter = proposed(outcome=outcome, conditions="Two <champions> & a date").letters.get()
    assert letter.subject
    assert "\n" not in letter.subject
    told = outcome in {Outcome.ACCEPT_WITH_CONDITIONS, Outcome.REFER}
    assert ("Two <champions> & a date" in letter.body) == told


@pytest.mark.parametrize(
    ("outcome", "said", "field"),
    [
        (Outcome.ACCEPT_WITH_CONDITIONS, {"conditions": " - \n"}, "conditions"),
        (Outcome.REFER, {}, "conditions"),
        (Outcome.WAITLIST, {"look_again_on": timezone.localdate()}, "look_again_on"),
    ],
)
def test_propose_without_what_the_outcome_needs_is_refused(outcome, said, field):
    application = in_review()
    reviewed(application), reviewed(application)
    with pytest.raises(Unsaid) as refused:
        propose(application, outcome=outcome, **said)
    assert list(refused.value.problems) == [field]
    assert not Decision.objects.exists()


def test_propose_with_one_review_is_refused():
    application = in_review()
    reviewed(application)
    with pytest.raises(TooFewReviews):
        propose(application)
    assert not Decision.objects.exists()


def test_propose_twice_is_refused():
    decision = proposed()
    with pytest.raises(WrongState):
        propose(decision.application)


def test_propose_before_the_review_is_refused():
    with pytest.raises(WrongState):
        propose(screened())


def test_propose_by_somebody_with_a_conflict_is_refused():
    application, by = in_review(), acting(lead())
    reviewed(application)
    reviewed(application)
    reviewing.declare_conflict(application, kind=ConflictKind.FINANCIAL, by=by)
    with pytest.raises(Conflicted):
        propose(application, by=by)


def test_approve_by_another_person_approves_the_letter_too():
    decision, by = proposed(), acting(lead())
    deciding.approve(decision, by=by)
    decision.refresh_from_db()
    assert (decision.state, decision.approved_by) == (DecisionState.APPROVED, by.user)
    assert decision.letters.get().state == LetterState.APPROVED


def test_approve_by_the_proposer_is_refused():
    by = lead()
    decision = proposed(by=by)
    with pytest.raises(SamePerson):
        deciding.approve(decision, by=acting(by))
    decision.refresh_from_db()
    assert (decision.state, decision.approved_by) == (DecisionState.PROPOSED, None)


def test_approve_by_a_lead_who_scored_is_allowed():
    application, by = in_review(), lead()
    reviewed(application, by)
    decision = deciding.approve(proposed(application), by=acting(by))
    assert decision.state == DecisionState.APPROVED


def test_approve_twice_is_refused_and_keeps_the_first_name():
    decision = approved()
    with pytest.raises(WrongState):
        deciding.approve(decision, by=acting(lead()))
    assert Decision.objects.get().approved_by == decision.approved_by


def test_approve_by_somebody_with_a_conflict_is_refused():
    decision, by = proposed(), acting(lead())
    reviewing.declare_conflict(decision.application, kind=ConflictKind.INSTITUTION, by=by)
    with pytest.raises(Conflicted):
        deciding.approve(decision, by=by)


def test_approve_of_a_letter_edited_after_it_was_read_is_refused():
    decision, by = proposed(), acting(lead())
    seen = deciding.fingerprint(decision, decision.letters.all())
    letters.edit(decision.letters.get(), subject="Welcome", body="Something the lead never read", by=acting(lead()))
    with pytest.raises(ChangedMeanwhile):
        deciding.approve(decision, seen=seen, by=by)
    assert Decision.objects.get().state == DecisionState.PROPOSED
    assert deciding.approve(decision, seen=deciding.fingerprint(decision, decision.letters.all()), by=by).state == DecisionState.APPROVED


def test_approve_of_a_letter_added_after_it_was_read_is_refused():
    decision = proposed()
    seen = deciding.fingerprint(decision, decision.letters.all())
    letters.add(decision, language="fr", by=acting(lead()))
    with pytest.raises(ChangedMeanwhile):
        deciding.approve(decision, seen=seen, by=acting(lead()))


def test_approve_of_another_decision_than_was_read_is_refused():
    decision = proposed()
    seen = deciding.fingerprint(decision, decision.letters.all())
    deciding.set_aside(decision, reason="new facts", by=acting(lead()))
    with pytest.raises(ChangedMeanwhile):
        deciding.approve(proposed(decision.application), seen=seen, by=acting(lead()))


def test_approve_by_who_edited_a_letter_last_is_refused_where_two_people_are_asked_for():
    decision, by = proposed(), acting(lead())
    letters.edit(decision.letters.get(), subject="Welcome", body="In my own words", by=by)
    with pytest.raises(OwnLetter):
        deciding.approve(decision, by=by)
    letters.edit(decision.letters.get(), subject="Welcome", body="In other words", by=acting(lead()))
    assert deciding.approve(decision, by=by).state == DecisionState.APPROVED


def test_approve_by_who_edited_a_letter_last_is_allowed_where_one_person_does():
    decision, by = proposed(), acting(lead())
    Decision.objects.update(second_person=False)
    letters.edit(decision.letters.get(), subject="Welcome", body="In my own words", by=by)
    assert deciding.approve(decision, by=by).state == DecisionState.APPROVED


def test_approve_by_who_kept_or_added_a_letter_without_a_word_of_their_own_is_allowed():
    decision, by = proposed(), acting(lead())
    letter = letters.add(decision, language="fr", by=by)
    letters.edit(letter, subject=letter.subject, body=letter.body.replace("\n", "\r\n"), by=by)
    assert deciding.approve(decision, by=by).state == DecisionState.APPROVED


def test_set_aside_makes_room_for_another_proposal():
    decision = approved()
    deciding.set_aside(decision, reason="new facts", by=acting(lead()))
    again = propose(decision.application, outcome=Outcome.WAITLIST)
    assert Decision.objects.standing().get() == again
    assert Decision.objects.count() == 2


def test_set_aside_by_somebody_with_a_conflict_is_refused():
    decision, by = approved(), acting(lead())
    reviewing.declare_conflict(decision.application, kind=ConflictKind.INSTITUTION, by=by)
    with pytest.raises(Conflicted):
        deciding.set_aside(decision, reason="new facts", by=by)
    assert Decision.objects.get().state == DecisionState.APPROVED


def test_edit_letter_keeps_who_wrote_it():
    letter, by = proposed().letters.get(), acting(lead())
    letters.edit(letter, subject="Welcome", body="Dear Ana", by=by)
    assert Letter.objects.values_list("subject", "body", "edited_by").get() == ("Welcome", "Dear Ana", by.user.pk)


def test_edit_letter_once_approved_is_refused():
    letter = approved().letters.get()
    with pytest.raises(WrongState):
        letters.edit(letter, subject="x", body="x", by=acting(lead()))


def released(outcome=Outcome.DECLINE):
    decision = approved(outcome=outcome)
    acceptance.release(decision, by=acting(lead()))
    return Application.objects.get(pk=decision.application_id)


def test_reopen_supersedes_what_was_released():
    application = released()
    deciding.reopen(application, reason="A place is free.", to="discussion", by=acting(lead()))
    application.refresh_from_db()
    assert (application.state, application.outcome) == ("discussion", "")
    assert [event.note for event in application.decisions.get().stage_events()][-1] == "A place is free."


@pytest.mark.parametrize("to", ["decided", "screening", "withdrawn", ""])
def test_reopen_to_where_nobody_reviews_is_refused(to):
    with pytest.raises(WrongState):
        deciding.reopen(released(), reason="x", to=to, by=acting(lead()))


def test_reopen_of_what_was_not_released_is_refused():
    with pytest.raises(WrongState):
        deciding.reopen(approved().application, reason="x", by=acting(lead()))


@pytest.mark.usefixtures("house")
def test_reopen_of_what_founded_a_community_is_refused():
    with pytest.raises(WrongState):
        deciding.reopen(released(Outcome.ACCEPT), reason="x", by=acting(lead()))


def test_reopen_by_somebody_with_a_conflict_is_refused():
    application, by = released(), acting(lead())
    reviewing.declare_conflict(application, kind=ConflictKind.FINANCIAL, by=by)
    with pytest.raises(Conflicted):
        deciding.reopen(application, reason="x", by=by)
    assert Application.objects.get().outcome == Outcome.DECLINE


def test_call_discussion_and_return_to_review_go_there_and_back():
    application, by = in_review(), acting(lead())
    deciding.call_discussion(application, note="Far apart.", by=by)
    with pytest.raises(WrongState):
        deciding.call_discussion(application, by=by)
    deciding.return_to_review(application, reason="Read again.", by=by)
    assert [event.note for event in application.stage_events()][-2:] == ["Far apart.", "Read again."]


def test_return_to_review_of_what_is_not_discussed_is_refused():
    for application in (screened(), in_review()):
        with pytest.raises(WrongState):
            deciding.return_to_review(application, reason="x", by=acting(lead()))


def test_withdraw_of_what_is_decided_is_refused():
    with pytest.raises(WrongState):
        deciding.withdraw(released(), by=acting(lead()))
