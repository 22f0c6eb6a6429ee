"""What was done although something spoke against it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from onboarding.models.applications import Application


class Override(models.Model):
    """A command that was given although something spoke against it, with the reason. Append-only."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="overrides")
    command = models.CharField(max_length=40)
    guards = models.JSONField(help_text=_("What spoke against it, by key."))
    reason = models.TextField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="override_says_why")]

    def __str__(self) -> str:
        return f"{self.application}: {self.command}"
