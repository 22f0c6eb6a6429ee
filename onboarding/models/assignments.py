"""Who was asked to review what, by when."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ground.actors import Actor
from ground.states import Look, Stateful
from onboarding import states
from onboarding.models.applications import Application
from onboarding.states import AssignmentState


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    """Assignments by whose they are and whether something is still to be done."""

    def of(self, actor: Actor) -> Self:
        return self.filter(reviewer=actor.user) if actor.user else self.none()

    def due(self) -> Self:
        """Those whose review is not in."""
        return self.filter(state__in=states.DUE)

    def standing(self) -> Self:
        """Those that were neither declined nor recused."""
        return self.filter(state__in=states.ASSIGNED)


class Assignment(Stateful):
    """One person asked to review one application. `reminders` counts the mails that urged, `told_leads_at` the last of them."""

    TRANSITIONS = states.ASSIGNMENT_TRANSITIONS

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="assignments")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments")
    state = models.CharField(max_length=20, choices=AssignmentState, default=AssignmentState.INVITED)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(_("due"))
    reminders = models.PositiveSmallIntegerField(default=0)
    told_leads_at = models.DateTimeField(null=True, blank=True)
    decline_reason = models.CharField(_("why not"), max_length=500, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["due_at", "pk"]
        indexes = [models.Index(fields=["due_at"], name="assignment_due", condition=Q(state__in=["invited", "accepted"]))]
        constraints = [
            models.UniqueConstraint(fields=["application", "reviewer"], name="a_reviewer_assigned_once"),
            models.CheckConstraint(condition=Q(state__in=AssignmentState.values), name="assignment_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.application} · {self.reviewer}"

    @property
    def look(self) -> Look:
        return states.ASSIGNMENT_LOOKS[AssignmentState(self.state)]

    @property
    def is_due(self) -> bool:
        return self.state in states.DUE

    def is_overdue(self, now: datetime) -> bool:
        return self.is_due and self.due_at < now
