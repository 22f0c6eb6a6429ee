from copy import deepcopy
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from wagtail.models import ModelLogEntry

from ground.actors import Actor
from ground.states import WrongState
from onboarding import opinions, review_page, reviewing, screening
from onboarding.conflicts import Conflicted
from onboarding.models import Application, Conflict, GateAnswer, Review, RubricVersion
from onboarding.reviewing import Incomplete, Notes, StaleReview
from onboarding.scoring import Mark
from onboarding.screening import GateSays
from onboarding.states import ApplicationState, ConflictKind, GateResult, Outcome, ReviewState
from tests.factories import acting
from tests.onboarding.factories import AnswerRevisionFactory, applied
from tests.onboarding.review_factories import in_review, lead, marks, reviewed, reviewer, screened

pytestmark = pytest.mark.django_db


@pytest.fixture
def application():
    return in_review()


@pytest.fixture
def ana():
    return acting(reviewer(name="Ana"))


def without_conflict(application, by):
    return reviewing.declare_conflict(application, kind=ConflictKind.NONE, by=by)


# screening


def test_start_review_opens_a_screened_application():
    application = screening.start_review(screened(), by=acting(lead()))
    assert application.state == ApplicationState.IN_REVIEW
    assert application.stage_events().last().after == ApplicationState.IN_REVIEW


def test_start_review_of_an_unconfirmed_application_is_refused():
    with pytest.raises(WrongState):
        screening.start_review(applied(), by=acting(lead()))


def test_answer_gates_keeps_the_later_answer(application):
    by = acting(lead())
    screening.answer_gates(application, answers=[GateSays("g_data", GateResult.UNKNOWN)], by=by)
    screening.answer_gates(application, answers=[GateSays("g_data", GateResult.YES, "asked by mail")], by=by)
    assert list(GateAnswer.objects.values_list("gate", "result", "note", "answered_by")) == [("g_data", "yes", "asked by mail", by.user.pk)]


def test_answer_of_a_gate_the_rubric_lacks_is_refused_whole(application):
    with pytest.raises(KeyError):
        screening.answer_gates(
            application, answers=[GateSays("g_data", GateResult.YES), GateSays("g_charm", GateResult.YES)], by=acting(lead())
        )
    assert not GateAnswer.objects.exists()


# conflicts


def test_declared_conflict_replaces_the_earlier_answer(application, ana):
    without_conflict(application, ana)
    conflict = reviewing.declare_conflict(application, kind=ConflictKind.COLLABORATOR, note="one paper in 2019", by=ana)
    assert Conflict.objects.get() == conflict
    assert not conflict.is_hard


def test_hard_conflict_retracts_what_was_written(application, ana):
    without_conflict(application, ana)
    reviewing.keep(application, scores=marks(), by=ana)
    conflict = reviewing.declare_conflict(application, kind=ConflictKind.PERSONAL, by=ana)
    assert conflict.is_hard
    assert Review.objects.get().state == ReviewState.RETRACTED


def test_nobody_declares_or_scores_without_a_name(application):
    with pytest.raises(Conflicted):
        reviewing.declare_conflict(application, kind=ConflictKind.NONE, by=Actor.system())
    with pytest.raises(Conflicted):
        reviewing.record(application, scores=marks(), recommendation=Outcome.ACCEPT, by=Actor.system())


@pytest.mark.parametrize("kind", [None, ConflictKind.SUPERVISOR])
def test_record_without_or_against_a_declaration_is_refused(application, ana, kind):
    if kind:
        reviewing.declare_conflict(application, kind=kind, by=ana)
    with pytest.raises(Conflicted):
        reviewing.record(application, scores=marks(), recommendation=Outcome.ACCEPT, by=ana)
    assert not Review.objects.exists()


# writing


def test_record_submits_a_review_pinned_to_rubric_and_answers(application, ana):
    without_conflict(application, ana)
    review = reviewing.record(
        application, scores=marks(3, need=4), recommendation=Outcome.ACCEPT, notes=Notes("solid", "thank you"), by=ana
    )
    review.refresh_from_db()
    assert (review.state, review.total, review.coverage) == (ReviewState.SUBMITTED, Decimal("78.0"), Decimal("1.00"))
    assert (review.note_team, review.note_applicant, review.recommendation) == ("solid", "thank you", Outcome.ACCEPT)
    assert review.answer_revision == application.revisions.get()
    assert review.submitted_at is not None
    assert review.marks["need"] == Mark("need", 4)


def test_record_with_criteria_missing_keeps_nothing(application, ana):
    without_conflict(application, ana)
    with pytest.raises(Incomplete) as caught:
        reviewing.record(application, scores=marks()[1:], recommendation="", by=ana)
    assert (caught.value.criteria, caught.value.lacks_recommendation) == (["mission"], True)
    assert not Review.objects.exists()


def test_record_with_a_reason_instead_of_a_level_lowers_the_coverage(application, ana):
    without_conflict(application, ana)
    scores = [*marks()[1:], Mark("mission", not_applicable=True, comment="a training provider")]
    review = reviewing.record(application, scores=scores, recommendation=Outcome.ACCEPT, by=ana)
    assert (review.total, review.coverage) == (Decimal("75.0"), Decimal("0.90"))


def test_record_of_a_criterion_the_rubric_lacks_is_refused(application, ana):
    without_conflict(application, ana)
    with pytest.raises(KeyError):
        reviewing.record(application, scores=[*marks(), Mark("charm", 4)], recommendation=Outcome.ACCEPT, by=ana)
    assert not Review.objects.exists()


def test_record_twice_is_refused_until_opened_again(application, ana):
    review = reviewed(application, ana.user)
    with pytest.raises(WrongState):
        reviewing.record(application, scores=marks(1), recommendation=Outcome.DECLINE, by=ana)
    reviewing.reopen(review, by=ana)
    again = reviewing.record(application, scores=marks(1), recommendation=Outcome.DECLINE, by=ana)
    assert (again.pk, again.total) == (review.pk, Decimal("25.0"))


def test_record_before_the_review_starts_is_refused(ana):
    application = screened()
    without_conflict(application, ana)
    with pytest.raises(WrongState):
        reviewing.record(application, scores=marks(), recommendation=Outcome.ACCEPT, by=ana)


def test_keep_holds_an_unfinished_draft_and_repins_it_to_newer_answers(application, ana):
    without_conflict(application, ana)
    draft = reviewing.keep(application, scores=[Mark("need", 2), Mark("fit", comment="ask about batch")], by=ana)
    newer = AnswerRevisionFactory(application=application, number=2)
    kept = reviewing.keep(application, scores=[Mark("need", 3)], by=ana)
    assert (kept.pk, kept.is_draft, kept.answer_revision) == (draft.pk, True, newer)
    assert list(kept.scores.values_list("criterion", "level")) == [("need", 3)]
    assert (kept.total, kept.coverage) == (Decimal("75.0"), Decimal("0.12"))


def test_reopen_once_decided_is_refused(application, ana):
    review = reviewed(application, ana.user)
    application.move_to(ApplicationState.DECIDED, by=acting(lead()))
    review.application.refresh_from_db()
    with pytest.raises(WrongState):
        reviewing.reopen(review, by=ana)


def test_opinions_count_submitted_reviews_alone(application, ana):
    reviewed(application, level=4)
    reviewed(application, level=2, recommendation=Outcome.DECLINE)
    without_conflict(application, ana)
    reviewing.keep(application, scores=marks(0), by=ana)
    said = opinions.summary(application, opinions.submitted(application))
    assert (said.count, said.median, said.low, said.high) == (2, Decimal("75.0"), Decimal("50.0"), Decimal("100.0"))
    assert len(said.flags) == 11


def test_newer_rubric_leaves_submitted_reviews_as_they_were_scored(application):
    reviewed(application, level=4, mission=0)
    older = RubricVersion.objects.get()
    document = deepcopy(older.document)
    for row in document["criteria"]:
        row["weight"] = 91 if row["key"] == "mission" else 1
    document["criteria"][0]["key"] = "impact"
    RubricVersion.objects.update(is_current=False)
    RubricVersion.objects.create(rubric=older.rubric, number=2, document=document, sha256="2" * 64)
    reviewed(application, level=4)
    reviews = opinions.submitted(application)
    said = opinions.summary(application, reviews)
    assert (said.count, said.low, said.median, said.high) == (2, Decimal("90.0"), Decimal("95.0"), Decimal("100.0"))
    assert figures(application) == (2, Decimal("95.0"), ["zero"])
    assert review_page.flags_in_words(said, reviews) == [f"Scored at the lowest level: {older.content.criterion('mission')}"]


# what lists show, and what changed since


def figures(application):
    application.refresh_from_db()
    return application.reviews_submitted, application.median, application.flags


def test_figures_follow_every_submit_reopen_and_retraction(application, ana):
    review = reviewed(application, ana.user, level=3)
    assert figures(application) == (1, Decimal("75.0"), ["few_reviews"])
    reviewed(application, level=1, recommendation=Outcome.DECLINE)
    assert figures(application) == (2, Decimal("50.0"), ["split", "spread"])
    reviewing.reopen(review, by=ana)
    assert figures(application) == (1, Decimal("25.0"), ["few_reviews"])
    reviewing.record(application, scores=marks(0), recommendation=Outcome.DECLINE, notes=Notes(confidence=1), by=ana)
    assert figures(application) == (2, Decimal("12.5"), ["confidence", "zero"])
    reviewing.declare_conflict(application, kind=ConflictKind.OTHER, by=ana)
    assert figures(application) == (1, Decimal("25.0"), ["few_reviews"])


def test_scores_stand_pins_the_review_to_the_newest_answers(application, ana):
    review = reviewed(application, ana.user)
    newer = AnswerRevisionFactory(application=application, number=2)
    stood = reviewing.stand_by(review, by=ana)
    assert (stood.answer_revision, stood.state, stood.total) == (newer, ReviewState.SUBMITTED, review.total)
    assert stood.stood_at is not None
    entry = ModelLogEntry.objects.get(action="onboarding.scores_stand")
    assert (entry.user, entry.data) == (ana.user, {"by": ana.label, "before": 1, "after": 2})


def test_scores_of_somebody_else_or_of_a_draft_do_not_stand(application, ana):
    review = reviewed(application)
    with pytest.raises(WrongState):
        reviewing.stand_by(review, by=ana)
    own = reviewed(application, ana.user)
    reviewing.reopen(own, by=ana)
    with pytest.raises(WrongState):
        reviewing.stand_by(own, by=ana)


def test_draft_of_another_tab_is_not_overwritten(application, ana):
    without_conflict(application, ana)
    first = reviewing.keep(application, scores=[Mark("need", 2)], seen="", by=ana)
    with pytest.raises(StaleReview) as caught:
        reviewing.keep(application, scores=[Mark("need", 3)], seen="", by=ana)
    assert caught.value.review == first
    kept = Review.objects.get()
    second = reviewing.keep(application, scores=[Mark("need", 3)], seen=kept.fingerprint, by=ana)
    assert list(second.scores.values_list("criterion", "level")) == [("need", 3)]


def test_open_gates_are_those_not_answered_or_not_known(application):
    screening.answer_gates(
        application, answers=[GateSays("g_data", GateResult.YES), GateSays("g_money", GateResult.UNKNOWN)], by=acting(lead())
    )
    assert screening.open_gates(application) == ["g_interactive", "g_software", "g_roles", "g_money"]


def test_confidence_off_the_scale_is_refused_by_the_database(application):
    review = reviewed(application)
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.filter(pk=review.pk).update(confidence=4)


@pytest.mark.parametrize("field", ["spam_at", "duplicate_of"])
def test_record_of_what_is_spam_or_joined_with_another_is_refused(application, ana, field):
    without_conflict(application, ana)
    Application.objects.filter(pk=application.pk).update(**{field: timezone.now() if field == "spam_at" else in_review()})
    with pytest.raises(WrongState):
        reviewing.record(application, scores=marks(), recommendation=Outcome.ACCEPT, by=ana)
