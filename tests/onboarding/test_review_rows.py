"""What the database itself refuses of reviews, decisions, letters and plans."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from onboarding.models import Conflict, Decision, GateAnswer, Letter, PlanTemplateVersion, Review, RubricVersion, Score
from onboarding.states import ConflictKind, GateResult, Outcome
from tests.onboarding.review_factories import approved, in_review, lead, proposed, reviewed, reviewer, rubric

pytestmark = pytest.mark.django_db


def refused(act, *args, **kwargs):
    with pytest.raises(IntegrityError), transaction.atomic():
        act(*args, **kwargs)
    return True


def test_published_rubric_and_plan_refuse_a_change():
    version = rubric()
    template = PlanTemplateVersion.objects.get()
    assert refused(RubricVersion.objects.filter(pk=version.pk).update, document={})
    assert refused(PlanTemplateVersion.objects.filter(pk=template.pk).update, sha256="other")
    assert RubricVersion.objects.filter(pk=version.pk).update(is_current=False) == 1


def test_second_current_rubric_version_is_refused():
    version = rubric()
    assert refused(RubricVersion.objects.create, rubric=version.rubric, number=2, document=version.document, sha256="other")


def test_score_of_a_criterion_the_rubric_lacks_is_refused():
    review = reviewed(in_review())
    assert refused(Score.objects.create, review=review, criterion="charm", level=4)
    assert refused(review.scores.filter(criterion="need").update, criterion="charm")


def test_review_never_changes_its_rubric_version():
    review = reviewed(in_review())
    other = RubricVersion.objects.create(
        rubric=review.rubric_version.rubric, number=2, document=review.rubric_version.document, sha256="x", is_current=False
    )
    assert refused(Review.objects.filter(pk=review.pk).update, rubric_version=other)


@pytest.mark.parametrize(
    "fields", [{"level": 5}, {"level": 3, "not_applicable": True, "comment": "why"}, {"level": None, "not_applicable": True, "comment": ""}]
)
def test_score_off_the_scale_or_with_and_without_level_is_refused(fields):
    review = reviewed(in_review())
    review.scores.filter(criterion="need").delete()
    assert refused(Score.objects.create, review=review, criterion="need", **fields)


def test_second_score_of_a_criterion_is_refused():
    review = reviewed(in_review())
    assert refused(Score.objects.create, review=review, criterion="need", level=1)


def test_second_live_review_of_a_reviewer_is_refused_and_allowed_after_retracting():
    review = reviewed(in_review())
    again = {
        "application": review.application,
        "reviewer": review.reviewer,
        "rubric_version": review.rubric_version,
        "answer_revision": review.answer_revision,
    }
    assert refused(Review.objects.create, **again)
    Review.objects.filter(pk=review.pk).update(state="retracted")
    assert Review.objects.create(**again).is_draft


def test_submitted_review_without_time_or_recommendation_is_refused():
    review = reviewed(in_review())
    assert refused(Review.objects.filter(pk=review.pk).update, submitted_at=None)
    assert refused(Review.objects.filter(pk=review.pk).update, recommendation="")
    assert refused(Review.objects.filter(pk=review.pk).update, total=101)
    assert refused(Review.objects.filter(pk=review.pk).update, coverage=2)


def test_conflict_and_gate_are_said_once():
    application, person = in_review(), reviewer()
    Conflict.objects.create(application=application, person=person, kind=ConflictKind.NONE)
    assert refused(Conflict.objects.create, application=application, person=person, kind=ConflictKind.OTHER)
    GateAnswer.objects.create(application=application, gate="g_data", result=GateResult.YES, answered_by=person)
    assert refused(GateAnswer.objects.create, application=application, gate="g_data", result=GateResult.NO, answered_by=person)


def test_second_standing_decision_is_refused_and_allowed_once_the_first_is_set_aside():
    decision = proposed()
    again = {
        "application": decision.application,
        "outcome": Outcome.DECLINE,
        "reasons": "x",
        "proposed_by": lead(),
        "proposed_at": timezone.now(),
    }
    assert refused(Decision.objects.create, **again)
    Decision.objects.filter(pk=decision.pk).update(state="set_aside")
    Decision.objects.create(**again)


def test_decision_approved_by_its_proposer_is_refused_unless_one_person_may():
    decision = proposed()
    own = {"approved_by": decision.proposed_by, "approved_at": timezone.now()}
    assert refused(Decision.objects.filter(pk=decision.pk).update, **own)
    assert Decision.objects.filter(pk=decision.pk).update(second_person=False, **own) == 1


def test_decision_says_who_and_when_together():
    decision = proposed()
    assert refused(Decision.objects.filter(pk=decision.pk).update, approved_at=timezone.now())
    assert refused(Decision.objects.filter(pk=decision.pk).update, approved_by=lead())
    assert refused(Decision.objects.filter(pk=decision.pk).update, released_by=lead(), released_at=timezone.now())
    assert refused(Decision.objects.filter(pk=decision.pk).update, state="approved")
    ready = approved()
    assert refused(Decision.objects.filter(pk=ready.pk).update, state="released")
    assert refused(Decision.objects.filter(pk=ready.pk).update, released_at=timezone.now())


def test_second_letter_in_a_language_and_sent_without_time_are_refused():
    letter = proposed().letters.get()
    assert refused(Letter.objects.create, decision=letter.decision, language=letter.language, subject="x", body="x")
    assert refused(Letter.objects.filter(pk=letter.pk).update, state="sent")
