"""What we asked a community for, and the link by which its person answers without an account."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ground.actors import Actor
from onboarding.models.plans import Item, OnboardingPlan, PlanQuerySet


class AskingQuerySet(models.QuerySet["Asking"]):
    """What was asked, by whether its link still opens."""

    def visible_to(self, actor: Actor) -> Self:
        """Whoever sees the plan sees what was asked for it."""
        return self.filter(plan__in=PlanQuerySet(OnboardingPlan).visible_to(actor))

    def valid(self) -> Self:
        return self.filter(revoked_at__isnull=True, expires_at__gt=timezone.now())


class Asking(models.Model):
    """Some missing answers and items, asked of one person. The link's secret is minted while its mail is written; its SHA-256 stays."""

    plan = models.ForeignKey(OnboardingPlan, on_delete=models.CASCADE, related_name="askings")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    pointers = models.JSONField(default=list, help_text=_("Answers of the hub request, by JSON pointer."))
    items = models.ManyToManyField(Item, related_name="askings", blank=True)
    note = models.TextField(_("a word with it"), blank=True)
    sha256 = models.CharField(max_length=64, unique=True, null=True, blank=True, editable=False)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = AskingQuerySet.as_manager()

    class Meta:
        verbose_name = _("questions sent to a community")
        verbose_name_plural = _("questions sent to communities")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(opened_at__isnull=False), name="asking_opened_before_answered"
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=models.F("asked_at")), name="asking_expires_later"),
        ]

    def __str__(self) -> str:
        return f"{self.plan} → {self.to}"

    @property
    def is_open(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now()
