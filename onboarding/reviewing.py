"""Reviewing: say first whether there is a conflict, then score, keep a draft, submit."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from communities.models import User
from ground.actors import Actor
from ground.states import WrongState
from onboarding import conflicts, opinions, scoring
from onboarding.models import (
    AnswerRevision,
    Application,
    Assignment,
    CalibrationExample,
    Conflict,
    Review,
    ReviewPolicy,
    RubricVersion,
    Score,
)
from onboarding.scoring import Mark
from onboarding.states import OPEN_TO_REVIEW, AssignmentState, ConflictKind, ReviewState


class StaleReview(Exception):
    """The review was changed in another tab meanwhile; `review` is what is kept."""

    def __init__(self, review: Review) -> None:
        super().__init__(f"{review} was changed")
        self.review = review


class NotCalibrated(Exception):
    """The programme asks for the examples to be scored first."""


class Incomplete(Exception):
    """Criteria without a level or a reason, or no recommendation; `criteria` names them."""

    def __init__(self, criteria: Sequence[str], *, lacks_recommendation: bool = False) -> None:
        super().__init__(", ".join(criteria))
        self.criteria = list(criteria)
        self.lacks_recommendation = lacks_recommendation


@dataclass(frozen=True)
class Notes:
    """What a reviewer writes beside the scores."""

    team: str = ""
    applicant: str = ""
    confidence: int | None = None


@transaction.atomic
def declare_conflict(application: Application, *, kind: ConflictKind, note: str = "", by: Actor) -> Conflict:
    """Say what ties this person has; a conflict that keeps them from judging retracts what they wrote.

    Raises `WrongState` for what they cannot take back.
    """
    conflict = conflicts.say(application, kind=kind, note=note, by=by)
    if conflict.is_hard:
        retract(application, conflict.person, note=conflict.get_kind_display(), by=by)
    _move_assignment(application, AssignmentState.RECUSED if conflict.is_hard else AssignmentState.ACCEPTED, by=by)
    return conflict


@transaction.atomic
def keep(
    application: Application,
    *,
    scores: Sequence[Mark],
    recommendation: str = "",
    notes: Notes = Notes(),
    seen: str | None = None,
    by: Actor,
) -> Review:
    """Keep what was scored so far, as a draft only its reviewer sees.

    `seen` is the fingerprint of the review as the page showed it. Raises `StaleReview`, `Conflicted`, `NotCalibrated`, `WrongState`.
    """
    return _written(application, scores=scores, recommendation=recommendation, notes=notes, seen=seen, by=by)


@transaction.atomic
def record(
    application: Application, *, scores: Sequence[Mark], recommendation: str, notes: Notes = Notes(), seen: str | None = None, by: Actor
) -> Review:
    """Submit a review: every criterion has a level, or a reason why it does not apply.

    Raises `Incomplete`, KeyError for a criterion the rubric lacks, and what `keep` raises.
    """
    review = _written(application, scores=scores, recommendation=recommendation, notes=notes, seen=seen, by=by)
    weights = review.rubric_version.content.weights
    unfinished = scoring.unfinished(scores, weights)
    if unfinished or not recommendation:
        raise Incomplete(unfinished, lacks_recommendation=not recommendation)
    review.submitted_at, review.stood_at = timezone.now(), None
    review.save(update_fields=["submitted_at", "stood_at"])
    review.move_to(ReviewState.SUBMITTED, by=by)
    _move_assignment(application, AssignmentState.DONE, by=by)
    opinions.refresh(review.application)
    return review


@transaction.atomic
def reopen(review: Review, *, by: Actor) -> Review:
    """Take one's own submitted review back into draft, while the application is still being reviewed."""
    application = _open_to_review(review.application)
    review.move_to(ReviewState.DRAFT, by=by)
    _move_assignment(application, AssignmentState.ACCEPTED, by=by)
    opinions.refresh(application)
    return review


@transaction.atomic
def stand_by(review: Review, *, by: Actor) -> Review:
    """The answers changed and the scores stand: the review is pinned to the newest ones, with who said so and when."""
    application = _open_to_review(review.application)
    row = Review.objects.select_for_update().by(by).submitted().filter(pk=review.pk).first()
    if row is None:
        raise WrongState(_("Only a review of your own that is in can stand."))
    before, newest = row.answer_revision, newest_answers(application)
    row.answer_revision, row.stood_at = newest, timezone.now()
    row.save(update_fields=["answer_revision", "stood_at"])
    log(application, "onboarding.scores_stand", user=by.user, data={"by": by.label, "before": before.number, "after": newest.number})
    return row


@transaction.atomic
def retract(application: Application, reviewer: User, *, note: str, by: Actor) -> None:
    """What somebody wrote who must not judge counts no more."""
    for review in Review.objects.live().filter(application=application, reviewer=reviewer):
        review.move_to(ReviewState.RETRACTED, by=by, note=note)
    opinions.refresh(application)


def newest_answers(application: Application) -> AnswerRevision:
    """What the applicant sent last."""
    return application.revisions.select_related("form_version").defer("form_version__schema").latest("number")


def _written(application: Application, *, scores: Sequence[Mark], recommendation: str, notes: Notes, seen: str | None, by: Actor) -> Review:
    """The person's live review with these scores, pinned to the newest answers."""
    application = _open_to_review(application)
    conflicts.refuse_undeclared(application, by=by)
    _refuse_uncalibrated(application, by)
    if seen is not None:
        _refuse_stale(application, seen, by)
    review = _own(application, by)
    if not review.is_draft:
        raise WrongState(_("This review is submitted. Open it again to change it."))
    _keep_scores(review, scores)
    weights = review.rubric_version.content.weights
    review.answer_revision = newest_answers(application)
    review.recommendation, review.confidence = recommendation, notes.confidence
    review.note_team, review.note_applicant = notes.team, notes.applicant
    review.total, review.coverage = scoring.total(scores, weights), scoring.coverage(scores, weights)
    review.save(update_fields=["answer_revision", "recommendation", "confidence", "note_team", "note_applicant", "total", "coverage"])
    return review


def _refuse_uncalibrated(application: Application, by: Actor) -> None:
    if not ReviewPolicy.of(application.programme_id).needs_calibration:
        return
    if CalibrationExample.objects.left_for(conflicts.person(by), application.programme_id).exists():
        raise NotCalibrated


def _refuse_stale(application: Application, seen: str, by: Actor) -> None:
    """Nothing is overwritten that the page did not show; `seen` is empty where there was no review yet."""
    kept = Review.objects.by(by).live().filter(application=application).prefetch_related("scores").first()
    if kept is not None and kept.is_draft and seen != kept.fingerprint:
        raise StaleReview(kept)


def _move_assignment(application: Application, state: AssignmentState, *, by: Actor) -> None:
    """What somebody was asked to review follows what they do about it."""
    for assignment in Assignment.objects.of(by).filter(application=application):
        if assignment.can_move_to(state):
            assignment.move_to(state, by=by)


def _open_to_review(application: Application) -> Application:
    row = Application.objects.select_for_update().get(pk=application.pk)
    if row.duplicate_of_id is not None:
        raise WrongState(_("This application was joined with another. Please review that one."))
    if row.state not in OPEN_TO_REVIEW or row.spam_at is not None:
        raise WrongState(_("This application is not being reviewed."))
    return row


def _own(application: Application, by: Actor) -> Review:
    review = Review.objects.live().select_related("rubric_version").filter(application=application, reviewer=by.user).first()
    return review or Review.objects.create(
        application=application,
        reviewer=conflicts.person(by),
        rubric_version=RubricVersion.objects.current(application.programme),
        answer_revision=newest_answers(application),
    )


def _keep_scores(review: Review, scores: Sequence[Mark]) -> None:
    known = review.rubric_version.content.weights
    for mark in scores:
        if mark.criterion not in known:
            raise KeyError(mark.criterion)
    review.scores.all().delete()
    Score.objects.bulk_create(
        Score(review=review, criterion=mark.criterion, level=mark.level, not_applicable=mark.not_applicable, comment=mark.comment.strip())
        for mark in scores
        if mark.level is not None or mark.comment.strip()
    )
