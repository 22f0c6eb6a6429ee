"""Agreements with a community: from when to when, signed where, and what was decided before each ran out."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.models import Community
from ground.actors import Actor


class AgreementQuerySet(models.QuerySet["Agreement"]):
    """Words for agreements."""

    def visible_to(self, actor: Actor) -> Self:
        """Staff see every agreement, people of a community theirs."""
        return self.filter(community__in=Community.objects.visible_to(actor))

    def latest_of(self, community: Community) -> "Agreement | None":
        """The one that holds now, or will next."""
        return self.filter(community=community).order_by("-number").first()


class Agreement(models.Model):
    """One agreement. Its successor is a row of its own with the next number."""

    class Outcome(models.TextChoices):
        RENEWED = "renewed", _("Renewed")
        CHANGED = "changed", _("Renewed with changes")
        ENDING = "ending", _("It ends")

    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="agreements")
    number = models.PositiveSmallIntegerField()
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    signed_note = models.CharField(_("signed by whom, and where it is kept"), max_length=300)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)
    renewal_started_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(_("what comes after it"), max_length=20, choices=Outcome, blank=True)
    outcome_note = models.CharField(_("why"), max_length=500, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ["community", "number"]
        constraints = [
            models.UniqueConstraint(fields=["community", "number"], name="agreement_number"),
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="agreement_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(outcome="", decided_at__isnull=True) | (~Q(outcome="") & Q(decided_at__isnull=False)),
                name="agreement_decided_when",
            ),
        ]
        indexes = [models.Index(fields=["ends_on"], name="agreement_by_end", condition=Q(outcome=""))]

    def __str__(self) -> str:
        return f"{self.community} {self.number}"
