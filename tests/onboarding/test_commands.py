"""The one door: who may give which command, from where, what speaks against it, and what may be passed over with a reason."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from communities.models import Programme
from communities.roles import StaffGroup
from ground.actors import Actor
from ground.states import WrongState
from onboarding import commands, correcting, deciding, letters, reviewing, screening
from onboarding.commands import COMMANDS, NotAllowed, Refused, apply_command
from onboarding.history import history
from onboarding.models import Application, CommandPolicy, Decision, Override
from onboarding.states import ApplicationState, ConflictKind, DecisionState, Outcome
from onboarding.views import applicants
from tests.factories import UserFactory, acting, staff
from tests.onboarding.factories import ANSWERS, ApplicationFactory, applied, draft
from tests.onboarding.review_factories import approved, in_review, lead, proposed, reviewed, screened, with_gates

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("house")]

LEADS, HANDLERS = {StaffGroup.REVIEW_LEAD}, {StaffGroup.REVIEW_LEAD, StaffGroup.OPERATOR}
SCORERS = {StaffGroup.REVIEWER, StaffGroup.REVIEW_LEAD}


def enough_reviews() -> Application:
    application = in_review()
    reviewed(application)
    reviewed(application)
    return application


def discussed() -> Application:
    return deciding.call_discussion(enough_reviews(), by=acting(lead()))


def told_no() -> Application:
    application = proposed(outcome=Outcome.DECLINE).application
    apply_command(application, "approve", by=acting(lead()))
    apply_command(application, "release", by=acting(lead()))
    application.refresh_from_db()
    return application


def spam() -> Application:
    return screening.mark_spam(screened(), by=acting(lead()))


# command: who may, an application that it fits, what it needs beside
OPEN: dict[str, tuple[set[StaffGroup], Callable[[], Application], Callable[[], dict[str, object]]]] = {
    "verify": (HANDLERS, applied, dict),
    "spam": (HANDLERS, screened, dict),
    "not_spam": (HANDLERS, spam, dict),
    "mark_duplicate": (HANDLERS, screened, lambda: {"kept": ApplicationFactory()}),
    "ask": (SCORERS, screened, lambda: {"text": "Who decides?", "field_keys": ["people.authority"]}),
    "answer_gates": (SCORERS, screened, lambda: {"gates": {"g_data": "yes"}}),
    "start_review": (LEADS, lambda: with_gates(screened()), dict),
    "call_discussion": (LEADS, enough_reviews, dict),
    "return_to_review": (LEADS, discussed, lambda: {"reason": "One more reading."}),
    "propose": (SCORERS, enough_reviews, lambda: {"outcome": Outcome.DECLINE, "reasons": "Not now."}),
    "approve": (LEADS, lambda: proposed().application, dict),
    "set_aside": (LEADS, lambda: proposed().application, lambda: {"reason": "New facts."}),
    "release": (LEADS, lambda: approved(outcome=Outcome.DECLINE).application, dict),
    "reopen": (LEADS, told_no, lambda: {"reason": "A place is free."}),
    "withdraw": (HANDLERS, screened, lambda: {"note": "They asked by phone."}),
    "answer": (set(), lambda: correcting.ask(screened(), text="Who?", by=acting(lead())).application, dict),
}


def test_every_command_stands_in_this_matrix():
    assert set(OPEN) == set(COMMANDS)


def is_given(application: Application, command: str, by: Actor, data: dict[str, object]) -> bool:
    """Whether it was carried out; the world is left as it was."""
    with transaction.atomic():
        try:
            apply_command(application, command, by=by, **data)
        except (NotAllowed, WrongState):
            return False
        transaction.set_rollback(True)
    return True


@pytest.mark.parametrize("command", OPEN)
def test_command_is_for_the_groups_of_its_right_alone(command):
    allowed, made, needs = OPEN[command]
    application, data = made(), needs()
    assert {group for group in StaffGroup if is_given(application, command, acting(staff(group)), data)} == allowed


@pytest.mark.parametrize("command", OPEN)
def test_command_of_an_applicant_is_for_the_few_that_are_theirs(command):
    _allowed, made, needs = OPEN[command]
    by = Actor.applicant("Ana")
    if command in {"verify", "answer", "withdraw"}:
        apply_command(made(), command, by=by, **needs())
    else:
        with pytest.raises(NotAllowed):
            apply_command(made(), command, by=by, **needs())


@pytest.mark.parametrize("command", [key for key, known in COMMANDS.items() if known.by_applicant])
def test_command_of_an_applicant_is_given_by_one_who_is_signed_in_too(command, rf):
    _allowed, made, needs = OPEN[command]
    request, application = rf.post("/"), made()
    request.actor = acting(UserFactory())
    apply_command(application, command, by=applicants.acting(request, application), **needs())


@pytest.mark.parametrize("command", OPEN)
@pytest.mark.parametrize("by", [Actor.anonymous(), Actor.system()])
def test_command_of_nobody_is_refused(command, by):
    _allowed, made, needs = OPEN[command]
    with pytest.raises(NotAllowed):
        apply_command(made(), command, by=by, **needs())


@pytest.mark.parametrize("command", OPEN)
def test_offer_of_a_command_equals_what_the_door_says(command):
    """Somebody in every group: what is offered as possible can be given, and the rest cannot."""
    allowed, made, _needs = OPEN[command]
    application = made()
    for group in StaffGroup:
        offers = {offer.key: offer.is_possible for offer in commands.offered(application, acting(staff(group)))}
        assert offers.get(command, False) is (group in allowed), group


@pytest.mark.parametrize("command", sorted(set(COMMANDS) - {"withdraw"}))
def test_command_on_a_draft_is_refused_whoever_gives_it(command):
    with pytest.raises((WrongState, NotAllowed)):
        apply_command(draft(), command, by=acting(lead()))


@pytest.mark.parametrize("command", COMMANDS)
def test_command_from_another_state_cannot_follow(command):
    by = acting(lead())
    for state in {*ApplicationState.values} - {*COMMANDS[command].states, "draft"}:
        assert is_given(ApplicationFactory(state=state), command, by, {}) is False, state


# a programme's policy


def test_policy_switches_a_command_off_for_everybody():
    application = with_gates(screened())
    CommandPolicy.objects.create(programme=application.programme, command="start_review", is_enabled=False)
    with pytest.raises(NotAllowed):
        apply_command(application, "start_review", by=acting(lead()))


def test_policy_leaves_only_the_groups_it_names():
    application = screened()
    CommandPolicy.objects.create(programme=application.programme, command="withdraw", groups=[StaffGroup.OPERATOR])
    with pytest.raises(NotAllowed):
        apply_command(application, "withdraw", by=acting(lead()))
    apply_command(application, "withdraw", by=acting(staff(StaffGroup.OPERATOR)))


def test_policy_never_widens():
    application = with_gates(screened())
    CommandPolicy.objects.create(programme=application.programme, command="start_review", groups=list(StaffGroup.values))
    assert {group for group in StaffGroup if is_given(application, "start_review", acting(staff(group)), {})} == LEADS


def test_policy_naming_only_groups_without_the_right_leaves_nobody():
    application = with_gates(screened())
    CommandPolicy.objects.create(programme=application.programme, command="start_review", groups=[StaffGroup.ENGINEER])
    for group in (StaffGroup.ENGINEER, StaffGroup.REVIEW_LEAD):
        with pytest.raises(NotAllowed):
            apply_command(application, "start_review", by=acting(staff(group)))


def test_policy_of_another_programme_says_nothing_here():
    other = Programme.objects.create(slug="other", name="Other")
    CommandPolicy.objects.create(programme=other, command="start_review", is_enabled=False)
    assert apply_command(with_gates(screened()), "start_review", by=acting(lead())).state == ApplicationState.IN_REVIEW


# guards, and passing over them


def refused(application: Application, command: str, by: Actor | None = None, **data: object) -> str:
    with pytest.raises(Refused) as caught:
        apply_command(application, command, by=by or acting(lead()), **data)
    return caught.value.code


def without(key: str) -> dict[str, object]:
    return {name: value for name, value in ANSWERS.items() if name != key}


def test_start_review_with_an_open_gate_is_refused():
    assert refused(screened(), "start_review") == "gates-open"
    assert refused(with_gates(screened(), "unknown"), "start_review") == "gates-open"


def test_start_review_with_a_gate_that_fails_is_not_open():
    assert apply_command(with_gates(screened(), "no"), "start_review", by=acting(lead())).state == ApplicationState.IN_REVIEW


def test_start_review_without_an_answer_reviewers_need_is_refused():
    assert refused(with_gates(screened(answers=without("goal.barrier"))), "start_review") == "answers-missing"


@pytest.mark.parametrize("reason", ["", "   "])
def test_override_without_a_reason_is_none(reason):
    assert refused(screened(), "start_review", override=reason) == "gates-open"
    assert not Override.objects.exists()


def test_override_with_a_reason_is_written_down_and_shown():
    application, by = screened(), acting(lead(name="Lena"))
    apply_command(application, "start_review", by=by, override="The call is tomorrow.")
    override = Override.objects.get()
    assert (override.command, override.guards, override.reason, override.person) == (
        "start_review",
        ["gates-open"],
        "The call is tomorrow.",
        by.user,
    )
    assert application.stage_events().get().note == "The call is tomorrow. (gates-open)"
    assert ("act", "The call is tomorrow.") in [(event.tone, event.note) for event in history(application, people=True)]


def test_override_that_nothing_needed_leaves_no_trace():
    apply_command(with_gates(screened()), "start_review", by=acting(lead()), override="just in case")
    assert not Override.objects.exists()


def test_override_without_a_reason_is_refused_by_the_database():
    with pytest.raises(IntegrityError), transaction.atomic():
        Override.objects.create(application=screened(), command="start_review", guards=["gates-open"], reason="", person=lead())


def test_override_does_not_pass_over_what_may_not_be():
    application = in_review()
    assert refused(application, "propose", outcome=Outcome.DECLINE, reasons="x", override="please") == "too-few-reviews"


def test_spam_is_neither_reviewed_nor_decided():
    assert refused(screening.mark_spam(with_gates(screened()), by=acting(lead())), "start_review") == "spam"
    assert refused(spam(), "ask", text="?") == "spam"


def test_second_copy_is_not_reviewed():
    application = with_gates(screened())
    apply_command(application, "mark_duplicate", by=acting(lead()), kept=ApplicationFactory())
    assert refused(application, "start_review") == "duplicate"


def test_second_copy_of_itself_or_of_a_copy_is_refused():
    application = screened()
    assert refused(application, "mark_duplicate", kept=application) == "not-another"
    copy = ApplicationFactory(duplicate_of=ApplicationFactory())
    assert refused(application, "mark_duplicate", kept=copy) == "not-another"


def test_call_discussion_with_too_few_reviews_needs_a_reason():
    application = in_review()
    assert refused(application, "call_discussion") == "too-few-reviews"
    assert apply_command(application, "call_discussion", by=acting(lead()), override="The day is over.").state == "discussion"


def test_discussion_of_what_is_proposed_is_refused():
    assert refused(proposed().application, "call_discussion") == "decision-pending"


def test_proposal_beside_another_cannot_follow():
    assert refused(proposed().application, "propose", outcome=Outcome.DECLINE, reasons="x") == "wrong-state"


def test_approval_by_the_proposer_is_refused():
    by = lead()
    assert refused(proposed(by=by).application, "approve", by=acting(by)) == "same-person"


def test_approval_by_who_edited_the_letter_last_is_refused():
    decision, by = proposed(), acting(lead())
    letters.edit(decision.letters.get(), subject="Welcome", body="In my own words", by=by)
    assert refused(decision.application, "approve", by=by) == "own-letter"


@pytest.mark.parametrize("command", sorted(set(OPEN) - {"verify", "answer"}))
def test_conflict_of_interest_bars_every_command_that_judges(command):
    _allowed, made, needs = OPEN[command]
    application, by = made(), acting(lead())
    reviewing.declare_conflict(application, kind=ConflictKind.FINANCIAL, by=by)
    assert refused(application, command, by=by, **needs()) == "conflict-of-interest"


def test_answer_to_nothing_is_refused():
    assert refused(screened(), "answer", by=Actor.applicant("Ana")) == "not-waiting"


# taking up again, withdrawing


def test_reopen_takes_it_up_again_and_keeps_what_was_decided():
    application = told_no()
    apply_command(application, "reopen", by=acting(lead()), reason="A place is free.", to="discussion")
    application.refresh_from_db()
    assert (application.state, application.outcome) == (ApplicationState.DISCUSSION, "")
    assert list(application.decisions.values_list("state", "outcome")) == [(DecisionState.SUPERSEDED, Outcome.DECLINE)]


def test_reopened_application_can_be_decided_otherwise():
    application = told_no()
    apply_command(application, "reopen", by=acting(lead()), reason="A place is free.")
    decision = approved(application, outcome=Outcome.ACCEPT)
    apply_command(application, "release", by=acting(lead()))
    application.refresh_from_db()
    assert (application.outcome, Decision.objects.standing().get()) == (Outcome.ACCEPT, decision)
    assert refused(application, "reopen", reason="Never mind.") == "community-founded"


def test_reopen_of_an_acceptance_is_refused():
    application = approved().application
    apply_command(application, "release", by=acting(lead()))
    assert refused(application, "reopen", reason="Never mind.") == "community-founded"


def test_founding_decision_taken_up_again_is_refused_by_the_database():
    decision = approved()
    apply_command(decision.application, "release", by=acting(lead()))
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.filter(pk=decision.pk).update(state=DecisionState.SUPERSEDED)


def test_withdraw_sets_a_pending_decision_aside():
    decision = proposed()
    apply_command(decision.application, "withdraw", by=Actor.applicant("Ana"), note="We found another place.")
    decision.refresh_from_db()
    assert (decision.state, decision.application.__class__.objects.get().state) == (DecisionState.SET_ASIDE, ApplicationState.WITHDRAWN)


def test_waiting_list_keeps_the_day_to_look_again():
    day = timezone.localdate() + timedelta(days=30)
    decision = apply_command(
        enough_reviews(),
        "propose",
        by=acting(lead()),
        outcome=Outcome.WAITLIST,
        reasons="full",
        look_again_on=day,
        reason_codes=["capacity"],
    )
    assert (decision.look_again_on, decision.reasons_in_words) == (day, ["We have no place free"])


def test_day_to_look_again_without_a_waiting_list_is_dropped():
    day = timezone.localdate()
    decision = apply_command(enough_reviews(), "propose", by=acting(lead()), outcome=Outcome.DECLINE, reasons="x", look_again_on=day)
    assert decision.look_again_on is None


# offers


def test_offered_says_what_can_follow_and_why_not():
    offers = {offer.key: (str(offer.why_not), offer.may_be_overridden) for offer in commands.offered(screened(), acting(lead()))}
    assert offers == {
        "answer_gates": ("", False),
        "start_review": ("Some gates are still open.", True),
        "ask": ("", False),
        "mark_duplicate": ("", False),
        "spam": ("", False),
        "withdraw": ("", False),
    }


def test_offered_to_a_reviewer_names_who_may():
    reviewer = acting(staff(StaffGroup.REVIEWER))
    offers = {offer.key: str(offer.why_not) for offer in commands.offered(proposed().application, reviewer)}
    assert offers["approve"] == "This is for: Review lead"


def test_offered_to_a_stranger_is_nothing_that_can_be_given():
    assert [offer for offer in commands.offered(screened(), acting(UserFactory())) if offer.is_possible] == []
