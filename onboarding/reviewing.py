"""Reviewing: say first whether there is a conflict, then score, keep a draft, submit."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ground.actors import Actor
from ground.states import WrongState
from onboarding import conflicts, scoring
from onboarding.models import AnswerRevision, Application, Conflict, Review, RubricVersion, Score
from onboarding.scoring import Mark
from onboarding.states import OPEN_TO_REVIEW, ConflictKind, ReviewState


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


@transaction.atomic
def declare_conflict(application: Application, *, kind: ConflictKind, note: str = "", by: Actor) -> Conflict:
    """Say what ties this person has; a conflict that keeps them from judging retracts what they wrote."""
    conflict, _created = Conflict.objects.update_or_create(
        application=application, person=conflicts.person(by), defaults={"kind": kind, "note": note}
    )
    if conflict.is_hard:
        for review in Review.objects.live().filter(application=application, reviewer=by.user):
            review.move_to(ReviewState.RETRACTED, by=by, note=conflict.get_kind_display())
    return conflict


@transaction.atomic
def keep(application: Application, *, scores: Sequence[Mark], recommendation: str = "", notes: Notes = Notes(), by: Actor) -> Review:
    """Keep what was scored so far, as a draft only its reviewer sees. Raises `Conflicted` and `WrongState`."""
    return _written(application, scores, recommendation, notes, by)


@transaction.atomic
def record(application: Application, *, scores: Sequence[Mark], recommendation: str, notes: Notes = Notes(), by: Actor) -> Review:
    """Submit a review: every criterion has a level, or a reason why it does not apply.

    Raises `Incomplete`, `Conflicted`, `WrongState`, and KeyError for a criterion the rubric lacks.
    """
    review = _written(application, scores, recommendation, notes, by)
    weights = review.rubric_version.content.weights
    unfinished = scoring.unfinished(scores, weights)
    if unfinished or not recommendation:
        raise Incomplete(unfinished, lacks_recommendation=not recommendation)
    review.submitted_at = timezone.now()
    review.save(update_fields=["submitted_at"])
    review.move_to(ReviewState.SUBMITTED, by=by)
    return review


@transaction.atomic
def reopen(review: Review, *, by: Actor) -> Review:
    """Take one's own submitted review back into draft, while the application is still being reviewed."""
    _open_to_review(review.application)
    review.move_to(ReviewState.DRAFT, by=by)
    return review


def newest_answers(application: Application) -> AnswerRevision:
    """What the applicant sent last."""
    return application.revisions.select_related("form_version").latest("number")


def _written(application: Application, scores: Sequence[Mark], recommendation: str, notes: Notes, by: Actor) -> Review:
    """The person's live review with these scores, pinned to the newest answers."""
    application = _open_to_review(application)
    conflicts.refuse_undeclared(application, by=by)
    review = _own(application, by)
    if not review.is_draft:
        raise WrongState(_("This review is submitted. Open it again to change it."))
    _keep_scores(review, scores)
    weights = review.rubric_version.content.weights
    review.answer_revision = newest_answers(application)
    review.recommendation, review.note_team, review.note_applicant = recommendation, notes.team, notes.applicant
    review.total, review.coverage = scoring.total(scores, weights), scoring.coverage(scores, weights)
    review.save(update_fields=["answer_revision", "recommendation", "note_team", "note_applicant", "total", "coverage"])
    return review


def _open_to_review(application: Application) -> Application:
    row = Application.objects.select_for_update().get(pk=application.pk)
    if row.state not in OPEN_TO_REVIEW:
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
