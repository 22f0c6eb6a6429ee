"""Reviews and their scores, and the answers to the gates."""

import hashlib
import json
from functools import cached_property
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.roles import StaffGroup
from ground.actors import Actor
from ground.states import Look, Stateful
from onboarding import states
from onboarding.models.applications import AnswerRevision, Application
from onboarding.models.conflicts import Conflict
from onboarding.models.policies import ReviewPolicy
from onboarding.models.rubrics import RubricVersion
from onboarding.scoring import HIGHEST, Mark, Reading
from onboarding.states import GateResult, Recommendation, ReviewState

SCORERS = frozenset({StaffGroup.REVIEWER, StaffGroup.REVIEW_LEAD})


class Confidence(models.IntegerChoices):
    """How sure a reviewer is."""

    LOW = 1, _("I am guessing in places")
    FAIR = 2, _("I know enough to judge")
    HIGH = 3, _("I know this field well")


def opened_to(actor: Actor) -> models.QuerySet[Application]:
    """The applications of which this person may read what others wrote, and know every number made of it.

    None, also for a lead, before they said that no conflict of interest keeps them from judging.
    """
    user = actor.user
    if user is None or not (user.is_superuser or user.staff_groups & SCORERS):
        return Application.objects.none()
    own = Review.objects.filter(reviewer=user)
    done, drafting = (
        own.filter(state=ReviewState.SUBMITTED).values("application"),
        own.filter(state=ReviewState.DRAFT).values("application"),
    )
    opened = Q(programme__in=_programmes(ReviewPolicy.SeeOthers.ALWAYS))
    opened |= Q(pk__in=done) & ~Q(programme__in=_programmes(ReviewPolicy.SeeOthers.NEVER))
    is_lead = user.is_superuser or StaffGroup.REVIEW_LEAD in user.staff_groups
    rows = Application.objects.filter(opened | ~Q(pk__in=drafting)) if is_lead else Application.objects.visible_to(actor).filter(opened)
    return rows.filter(pk__in=Conflict.objects.clear().filter(person=user).values("application"))


def _programmes(see_others: ReviewPolicy.SeeOthers) -> models.QuerySet[Any]:
    return ReviewPolicy.objects.filter(see_others=see_others).values("programme")


class ReviewQuerySet(models.QuerySet["Review"]):
    """Reviews by what they are and who may read them."""

    def visible_to(self, actor: Actor) -> Self:
        """One's own; others' when the programme's policy opens them; a lead's without waiting, unless they are at it themselves."""
        user = actor.user
        if user is None or not (user.is_superuser or user.staff_groups & SCORERS):
            return self.none()
        conflicted = Conflict.objects.hard().filter(person=user).values("application")
        theirs = Q(state=ReviewState.SUBMITTED, application__in=opened_to(actor).values("pk"))
        return self.filter(Q(reviewer=user) | theirs).exclude(application__in=conflicted)

    def live(self) -> Self:
        return self.exclude(state=ReviewState.RETRACTED)

    def submitted(self) -> Self:
        return self.filter(state=ReviewState.SUBMITTED)

    def in_words(self) -> Self:
        """With everything a page shows of them, oldest first."""
        rows = self.select_related("reviewer", "rubric_version", "answer_revision").prefetch_related("scores")
        return rows.defer("answer_revision__answers", "answer_revision__hidden_keys").order_by("submitted_at", "pk")

    def by(self, actor: Actor) -> Self:
        return self.filter(reviewer=actor.user) if actor.user else self.none()


class Review(Stateful):
    """One reviewer's reading of one application, pinned to the rubric and to the answers that were read."""

    TRANSITIONS = states.REVIEW_TRANSITIONS

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="reviews")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reviews")
    rubric_version = models.ForeignKey(RubricVersion, on_delete=models.PROTECT, related_name="reviews")
    answer_revision = models.ForeignKey(AnswerRevision, on_delete=models.PROTECT, related_name="reviews")
    state = models.CharField(max_length=20, choices=ReviewState, default=ReviewState.DRAFT)
    recommendation = models.CharField(_("recommendation"), max_length=30, choices=Recommendation, blank=True)
    note_team = models.TextField(_("note to the team"), blank=True)
    note_applicant = models.TextField(_("note for the applicant"), blank=True)
    total = models.DecimalField(max_digits=4, decimal_places=1, null=True, blank=True)
    coverage = models.DecimalField(max_digits=3, decimal_places=2, default=0)
    confidence = models.PositiveSmallIntegerField(_("how sure"), choices=Confidence, null=True, blank=True)
    started_at = models.DateTimeField(auto_now_add=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    stood_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When the reviewer said that changed answers do not change the scores.")
    )

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["submitted_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["application", "reviewer"], condition=~Q(state="retracted"), name="one_live_review_a_reviewer"),
            models.CheckConstraint(
                condition=~Q(state="submitted") | (Q(submitted_at__isnull=False) & ~Q(recommendation="")), name="review_submitted_when"
            ),
            models.CheckConstraint(condition=Q(total__isnull=True) | Q(total__gte=0, total__lte=100), name="review_total_on_scale"),
            models.CheckConstraint(condition=Q(coverage__gte=0, coverage__lte=1), name="review_coverage_is_share"),
            models.CheckConstraint(
                condition=Q(confidence__isnull=True) | Q(confidence__in=Confidence.values), name="review_confidence_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application} · {self.reviewer}"

    @property
    def look(self) -> Look:
        return states.REVIEW_LOOKS[ReviewState(self.state)]

    @property
    def is_draft(self) -> bool:
        return self.state == ReviewState.DRAFT

    @property
    def is_submitted(self) -> bool:
        return self.state == ReviewState.SUBMITTED

    @cached_property
    def marks(self) -> dict[str, Mark]:
        """What was said of each criterion, by its key."""
        return {score.criterion: score.as_mark() for score in self.scores.all()}

    @property
    def is_thin(self) -> bool:
        """Whether it leaves out too much to be compared, as the rubric it is pinned to asks."""
        return self.coverage < self.rubric_version.content.rules.min_coverage

    def as_reading(self) -> Reading:
        return Reading(tuple(self.marks.values()), self.recommendation, self.confidence, self.total, self.is_thin)

    @property
    def fingerprint(self) -> str:
        """What it says now, in a few letters: a page that was opened before a change does not overwrite it."""
        marks = [(mark.criterion, mark.level, mark.not_applicable, mark.comment) for _key, mark in sorted(self.marks.items())]
        said = [marks, self.recommendation, self.note_team, self.note_applicant, self.confidence]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]


class Score(models.Model):
    """One criterion of one review. The database refuses a criterion that the review's rubric version lacks."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="scores")
    criterion = models.CharField(max_length=40)
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    not_applicable = models.BooleanField(default=False)
    comment = models.TextField(blank=True)

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        constraints = [
            models.UniqueConstraint(fields=["review", "criterion"], name="a_criterion_once_a_review"),
            models.CheckConstraint(condition=Q(level__isnull=True) | Q(level__gte=0, level__lte=HIGHEST), name="score_level_on_scale"),
            models.CheckConstraint(
                condition=Q(not_applicable=False) | (Q(level__isnull=True) & ~Q(comment="")), name="score_not_applicable_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion} {'n/a' if self.not_applicable else self.level}"

    def as_mark(self) -> Mark:
        return Mark(self.criterion, self.level, self.not_applicable, self.comment)


class GateAnswer(models.Model):
    """Whether one gate of the rubric holds for an application, as the team found."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="gate_answers")
    gate = models.CharField(max_length=40)
    result = models.CharField(max_length=10, choices=GateResult)
    note = models.CharField(max_length=500, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("gate answer")
        verbose_name_plural = _("gate answers")
        constraints = [models.UniqueConstraint(fields=["application", "gate"], name="a_gate_once")]

    def __str__(self) -> str:
        return f"{self.gate}: {self.result}"
