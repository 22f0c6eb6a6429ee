"""Two applications that look alike, and what somebody found of them."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from onboarding.likeness import Likeness
from onboarding.models.applications import Application
from onboarding.states import Verdict


class DuplicateLinkQuerySet(models.QuerySet["DuplicateLink"]):
    """Pairs by what is known of them."""

    def open(self) -> Self:
        return self.filter(verdict=Verdict.OPEN)

    def touching(self, application: Application) -> Self:
        return self.filter(Q(a=application) | Q(b=application))

    def in_earnest(self) -> Self:
        """Pairs of which both still are on their way by themselves."""
        earnest = Application.objects.in_earnest().values("pk")
        return self.filter(a__in=earnest, b__in=earnest)


class DuplicateLink(models.Model):
    """A pair, the earlier one first; `reasons` are likeness.Likeness, `score` is how alike the names are."""

    a = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="+")
    b = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="+")
    score = models.DecimalField(max_digits=3, decimal_places=2)
    reasons = models.JSONField(default=list)
    verdict = models.CharField(max_length=20, choices=Verdict, default=Verdict.OPEN)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(null=True, blank=True)
    found_at = models.DateTimeField(default=timezone.now)

    objects = DuplicateLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("pair that looks alike")
        verbose_name_plural = _("pairs that look alike")
        ordering = ["-found_at", "-pk"]
        indexes = [models.Index(fields=["verdict", "-found_at", "-id"], name="pair_by_verdict")]
        constraints = [
            models.UniqueConstraint(fields=["a", "b"], name="a_pair_once"),
            models.CheckConstraint(condition=Q(a__lt=F("b")), name="pair_in_order"),
            models.CheckConstraint(condition=Q(score__gte=0, score__lte=1), name="pair_score_is_share"),
            models.CheckConstraint(
                condition=Q(verdict=Verdict.OPEN, by__isnull=True, at__isnull=True)
                | (~Q(verdict=Verdict.OPEN) & Q(by__isnull=False, at__isnull=False)),
                name="pair_verdict_by_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.a} ~ {self.b}"

    @property
    def reasons_in_words(self) -> list[str]:
        return [str(Likeness(reason).label) for reason in self.reasons]
