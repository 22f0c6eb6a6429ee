"""What we ask an applicant after sending, and the answers they are changing, which nobody else reads until they hand them in."""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from communities.models import User
from ground.actors import Actor
from onboarding.models.applications import AnswerRevision, Application
from onboarding.models.forms import FormVersion


class QuestionQuerySet(models.QuerySet["Question"]):
    """Questions by who may read them and whether they wait."""

    def visible_to(self, actor: Actor) -> Self:
        """Whoever reads the application reads what was asked about it. See `access.can_see_question`."""
        return self.filter(application__in=Application.objects.visible_to(actor))

    def waiting(self) -> Self:
        return self.filter(answered_at=None)


class Question(models.Model):
    """Something a reader of the application wants to know; `field_keys` are the questions of the form to answer it with, none: any."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="questions")
    text = models.TextField()
    field_keys = models.JSONField(default=list, blank=True)
    asked_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    asked_label = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_with = models.ForeignKey(AnswerRevision, null=True, blank=True, on_delete=models.RESTRICT, related_name="+")

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="question_asks_something"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_with__isnull=True)
                | Q(answered_at__isnull=False, answered_with__isnull=False),
                name="question_answered_with_a_revision",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class Correction(models.Model):
    """The answers that an applicant is changing: by field key the new one, or null for one that was emptied.

    Drawn and saved as a draft is: it has `answers`, `etag` and `form_version` of its own.
    """

    application = models.OneToOneField(Application, on_delete=models.CASCADE, related_name="correction")
    changes = models.JSONField(default=dict, blank=True)
    etag = models.PositiveIntegerField(default=1)
    written_in = models.UUIDField(null=True, blank=True, editable=False)
    began_at = models.DateTimeField(default=timezone.now)
    saved_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.application)

    @property
    def answers(self) -> dict[str, Any]:
        """The application's answers as they would be."""
        return {key: value for key, value in {**self.application.answers, **self.changes}.items() if value is not None}

    @answers.setter
    def answers(self, answers: dict[str, Any]) -> None:
        """Keep what differs."""
        before = self.application.answers
        keys = {*before, *answers}
        self.changes = {key: answers.get(key) for key in sorted(keys) if answers.get(key) != before.get(key)}

    @property
    def form_version(self) -> FormVersion:
        return self.application.form_version

    @property
    def email(self) -> str:
        return self.application.email

    @property
    def reference(self) -> str:
        return self.application.reference
